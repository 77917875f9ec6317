# What both gate scripts do alike: read what a gate needs and compare it. Sourced by them, in the
# manifest's repository; they bring `read_control_plane` and `serving SERVICE`, which prints the
# service's direct URL and then the builds that have traffic.
# shellcheck shell=bash

browser='Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0.0.0'
skews=0

skew() {
  echo "skew: $*"
  skews=$((skews + 1))
}

# of SERVICE KEY: the first value of that key in the service's part of the manifest
of() {
  awk -v service="  $1:" -v key="$2:" '
    $0 == service { inside = 1; next }
    inside && /^ ? ?[^ ]/ { exit }
    inside && $1 == key { gsub(/["\[\]]/, "", $2); print $2; exit }' <<<"$manifest"
}

# first KEY: its first value in the whole manifest
first() {
  awk -v key="$1:" '$1 == key { print $2; exit }' <<<"$manifest"
}

# promised WHAT BUILD SHA
promised() {
  [ "$3" = "$2" ] || skew "$1 runs $3, promised is $2"
}

# terms SHA: the version of the contract at that build, and its format
terms() {
  git show "$1:$contract" | awk '/^[a-z]/ { on = /^(version|handshake|messages):/ } on'
}

# read_service SERVICE VERSION_PATH: leaves the builds that serve in `live`
read_service() {
  local build origin url
  build=$(of "$1" build)
  url=$(of "$1" url)
  read -r origin live <<<"$(serving "$1" | tr '\n' ' ')"
  for each in $live; do promised "control plane of $1" "$build" "$each"; done
  promised "origin of $1" "$build" "$(curl -fsS "$origin$2" | jq -r .commit)"
  promised "edge of $1" "$build" "$(curl -fsS --compressed -A "$browser" "$url$2" | jq -r .commit)"
}

# read_page SERVICE: the HTML's build, and what its script must contain
read_page() {
  local html script url
  url=$(of "$1" url)
  html=$(curl -fsS --compressed -A "$browser" "$url/")
  grep -q "content=\"$(of "$1" build)\"" <<<"$html" || skew "page of $1 is another build's"
  script=$(sed -n 's/.*<script[^>]*src="\([^"]*\)".*/\1/p' <<<"$html")
  curl -fsS --compressed -A "$browser" "$url$script" | grep -q "$(of "$1" must_contain)" ||
    skew "script of $1 lacks $(of "$1" must_contain)"
}

# gate ENVIRONMENT BACKEND_SHA: may this backend be deployed?
gate() {
  manifest=$(git show "HEAD:manifests/$1.yaml")
  contract=$(first contract) project=$(first project) region=$(first region)
  read_control_plane
  read_service backend /__version__
  read_service frontend "$(of frontend version_path)"
  read_page frontend
  for each in $live; do
    [ "$(terms "$each")" = "$(terms "$2")" ] || skew "frontend $each, backend $2: other terms"
  done
  [ "$skews" -eq 0 ] || exit 10
  echo "ok: backend $2 may be deployed"
}
