#!/usr/bin/env bash
# The reads of `skewcheck gate` by hand, the control plane with gcloud: both services, and one list
# of all revisions instead of describing each.
#   gate_with_gcloud.sh ENVIRONMENT BACKEND_SHA    in the manifest's repository
set -euo pipefail
. "$(dirname "$0")/gate_reads.sh"

run() {
  gcloud run "$@" --project="$project" --region="$region" --format=json
}

read_control_plane() {
  revisions=$(run revisions list)
}

serving() {
  run services describe "$(of "$1" service)" | jq -r --argjson known "$revisions" '
    .status.url, (
      .status.traffic[] | select(.percent > 0) | .revisionName as $serves
      | $known[] | select(.metadata.name == $serves) | .metadata.labels["commit-sha"]
    )'
}

gate "$@"
