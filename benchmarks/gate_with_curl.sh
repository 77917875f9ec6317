#!/usr/bin/env bash
# The reads of `skewcheck gate` by hand, the control plane with curl: two lists, as skewcheck asks.
#   gate_with_curl.sh ENVIRONMENT BACKEND_SHA    in the manifest's repository
set -euo pipefail
. "$(dirname "$0")/gate_reads.sh"

list() {
  curl -fsS "$SKEWCHECK_GCP_ENDPOINT/v2/projects/$project/locations/$region/services$1"
}

read_control_plane() {
  services=$(list '')
  revisions=$(list /-/revisions)
}

serving() {
  jq -r --arg name "/$(of "$1" service)" --argjson known "$revisions" '
    .services[] | select(.name | endswith($name))
    | .uri, (
        .latestReadyRevision as $latest
        | .trafficStatuses[] | select(.percent > 0)
        | "/\(.revision // ($latest | split("/") | last))" as $serves
        | $known.revisions[] | select(.name | endswith($serves)) | .labels["commit-sha"]
      )' <<<"$services"
}

gate "$@"
