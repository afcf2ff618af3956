#!/usr/bin/env bash
# Sends signals to servers at random moments of start-up, loading and work, and counts how they end.
#
#   bench/drills/signals.sh --bundle DIR [--count N] [--seed N] [--work DIR]
#
# Each round serves eight copies of the bundle on loopback, with no calibration kept, so that most
# of its few seconds are spent in ONNX Runtime; a third of the rounds wait for READY first and are
# then sampled from. It then sends SIGTERM, SIGINT or SIGHUP, now and then twice. A clean end is exit code 0, 143,
# 130 or 129, with no crash report (hs_err*) and no core. POSIX tools, bash and a built checkout;
# about seven seconds a round.
set -euo pipefail

root=$(cd "$(dirname "$0")/../.." && pwd -P)
count=200
seed=$$
bundle=
work=
fail() {
  printf 'signals: %s\n' "$1" >&2
  exit 2
}
while [ $# -gt 0 ]; do
  [ $# -ge 2 ] || fail "$1: needs a value"
  case $1 in
    --bundle) bundle=$2 ;;
    --count) count=$2 ;;
    --seed) seed=$2 ;;
    --work) work=$2 ;;
    *) fail "unknown argument '$1' (expected: --bundle DIR [--count N] [--seed N] [--work DIR])" ;;
  esac
  shift 2
done
[ -f "$bundle/unet/model.onnx" ] || fail "--bundle: '$bundle' is no bundle (expected: a directory that export wrote)"
bundle=$(cd "$bundle" && pwd -P)
case $count in '' | *[!0-9]*) fail "--count: $count (expected: a number)" ;; esac

made=
if [ -z "$work" ]; then
  work=$(mktemp -d)
  made=$work
fi
mkdir -p "$work/many" "$work/tmp"
server=
finish() {
  if [ -n "$server" ]; then kill -KILL "$server" 2>/dev/null || :; fi
  if [ -n "$made" ]; then rm -rf "$made"; fi
}
trap finish EXIT
for i in 1 2 3 4 5 6 7 8; do
  [ -e "$work/many/copy$i" ] || cp -R "$bundle" "$work/many/copy$i"
done

# Builds what is stale before the clock runs.
"$root/ancestral" serve --help >"$work/help"
"$root/ancestral" sample --help >"$work/help"

RANDOM=$seed
printf 'signals: %d rounds, seed %d, 8 copies of %s\n' "$count" "$seed" "$(basename "$bundle")"
cd "$work"
ulimit -c unlimited 2>/dev/null || :
ends=
bad=0
slowest=0
begin=$(date +%s)
for ((round = 1; round <= count; round++)); do
  rm -f many/.*.calibration.json
  signal=$(set -- TERM INT HUP && shift $((RANDOM % 3)) && echo "$1")
  at_work=$((RANDOM % 3 == 0))
  # Milliseconds after the start, or after READY.
  delay=$((RANDOM % 6000))
  twice=$((RANDOM % 10 == 0))
  # The shell below may be late to empty them, and READY of the round before would be read.
  : >out
  : >err
  # In a session of its own commands ignore SIGINT, as bash starts them in the background: a job of
  # an interactive shell does not.
  set -m
  TMPDIR="$work/tmp" "$root/ancestral" serve --models many --port 0 --device cpu \
    >out 2>err </dev/null &
  server=$!
  set +m
  client=
  if [ "$at_work" = 1 ]; then
    for ((i = 0; i < 600; i++)); do
      grep -q '^READY ' out && break
      kill -0 "$server" 2>/dev/null || break
      sleep 0.1
    done
    target=$(sed -n 's/^READY grpc=\([^ ]*\).*/\1/p' out)
    "$root/ancestral" sample --target "$target" --model copy1 -n 200 --out drawn >/dev/null 2>&1 </dev/null &
    client=$!
    delay=$((delay / 2))
  fi
  sleep "$((delay / 1000)).$(printf '%03d' $((delay % 1000)))"
  sent=$(date +%s)
  kill -s "$signal" "$server" 2>/dev/null || :
  if [ "$twice" = 1 ]; then
    sleep 0.2
    kill -s "$signal" "$server" 2>/dev/null || :
  fi
  # Bounded: a drain takes 30 s at most.
  for ((i = 0; i < 600; i++)); do
    kill -0 "$server" 2>/dev/null || break
    sleep 0.1
  done
  if kill -0 "$server" 2>/dev/null; then
    kill -KILL "$server" 2>/dev/null || :
  fi
  code=0
  wait "$server" 2>/dev/null || code=$?
  server=
  took=$(($(date +%s) - sent))
  [ "$took" -le "$slowest" ] || slowest=$took
  if [ -n "$client" ]; then
    wait "$client" 2>/dev/null || :
    rm -rf drawn
  fi
  ends="$ends$signal $code
"
  crashed=$(find . -maxdepth 1 \( -name 'hs_err*' -o -name 'core*' \) | head -n 1)
  case $code in
    0 | 129 | 130 | 143) clean=1 ;;
    *) clean=0 ;;
  esac
  if [ "$clean" = 0 ] || [ -n "$crashed" ]; then
    bad=$((bad + 1))
    printf 'round %d: SIG%s %d ms after %s: exit code %d %s\n' "$round" "$signal" "$delay" \
      "$([ "$at_work" = 1 ] && echo READY || echo start)" "$code" "$crashed"
    tail -n 5 err
    mkdir -p "$work/bad-$round"
    find . -maxdepth 1 \( -name 'hs_err*' -o -name 'core*' -o -name out -o -name err \) -exec mv {} "$work/bad-$round/" \;
  fi
done
left=$(find tmp -maxdepth 1 -name 'onnxruntime-java*' | wc -l | tr -d ' ')
printf '\nexit codes:\n'
printf '%s' "$ends" | sort | uniq -c
printf '\n| drill | rounds | unclean ends | crash reports and cores | slowest end | unpacked libraries left | seed |\n'
printf '|---|---|---|---|---|---|---|\n'
reports=$(find "$work" -maxdepth 2 \( -name 'hs_err*' -o -name 'core*' \) | wc -l | tr -d ' ')
printf '| SIGTERM, SIGINT, SIGHUP at random moments | %d | %d | %d | %d s | %d | %d |\n' "$count" "$bad" "$reports" "$slowest" "$left" "$seed"
printf '%d s in all\n' $(($(date +%s) - begin))
[ "$bad" = 0 ]
