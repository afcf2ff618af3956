# shellcheck shell=bash disable=SC2154,SC2034 # variables are shared with the other stages
# Quick forms; what each takes, its --help says.
drill() { # NAME ARGUMENTS...
  local name=$1
  shift
  echo "--- $name"
  timeout 600 "bench/drills/$name.sh" "$@" || fail "bench/drills/$name.sh: exit code $?"
}
