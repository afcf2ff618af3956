# shellcheck shell=bash disable=SC2034 # variables are shared with the stages
# What the stages share.

# Others must be able to look into it.
work=$(mktemp -d)
chmod 755 "$work"
server=""
finish() {
  stop_server || true
  rm -rf "$work"
}
trap finish EXIT

fail() {
  printf 'CI: %s\n' "$1" >&2
  exit 1
}

# expect WORDS FILE: the file must contain the words.
expect() {
  grep -qF -- "$1" "$2" && return
  cat "$2" >&2
  fail "expected '$1' in the output above"
}

# await_ready PID LOG: sets `address`, where the server listens.
await_ready() {
  for _ in $(seq 300); do
    if grep -q '^READY ' "$2"; then
      address=$(sed -n 's/^READY grpc=\([^ ]*\).*/\1/p' "$2")
      return
    fi
    kill -0 "$1" 2>/dev/null || break
    sleep 0.2
  done
  cat "$2" >&2
  fail "the server did not start"
}

# Asks the server to drain; its exit code is the result.
stop_server() {
  [ -n "$server" ] || return 0
  kill -TERM "$server" 2>/dev/null || true
  local code=0
  wait "$server" || code=$?
  server=""
  return $code
}

# as_stranger COMMAND...: as a user without a home, a locale or Maven, who owns nothing here.
as_stranger() {
  mkdir -p "$work/no-maven"
  printf '#!/bin/sh\necho "Maven was called" >&2\nexit 1\n' >"$work/no-maven/mvn"
  chmod -R a+rx "$work/no-maven"
  setpriv --reuid=65534 --regid=65534 --clear-groups \
    env -i PATH="$work/no-maven:$PATH" LC_ALL=C ${JAVA_HOME:+JAVA_HOME="$JAVA_HOME"} "$@"
}

# person LAUNCHER [WRAPPER...]: what a person does with it, as a stranger.
person() {
  local launcher=$1 place
  shift
  place=$(mktemp -d "$work/place.XXXX")
  chmod 777 "$place"
  cp .ci/person.sh "$work/"
  "$@" sh "$work/person.sh" "$launcher" "$place" "$work/quickstart"
}
