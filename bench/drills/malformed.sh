#!/usr/bin/env bash
# Serves damaged bundles beside a good one, and asks the good one.
#
#   bench/drills/malformed.sh --bundle DIR [--count N] [--seed N] [--work DIR]
#
# Each damaged bundle is a copy of the given one with one file cut, emptied, overwritten at a random
# place, filled with zeros, made huge and sparse, or replaced by a directory or a link; every second
# one without bundle.json, so that no hash stands before the reader. Served in batches of 25. A batch
# is good when READY comes within two minutes, the good one answers, and the server ends cleanly.
# POSIX tools, bash and a built checkout; about half a minute a batch.
set -euo pipefail

root=$(cd "$(dirname "$0")/../.." && pwd -P)
count=200
seed=$$
bundle=
work=
batch=25
fail() {
  printf 'malformed: %s\n' "$1" >&2
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
mkdir -p "$work"
server=
finish() {
  if [ -n "$server" ]; then kill -KILL "$server" 2>/dev/null || :; fi
  if [ -n "$made" ]; then rm -rf "$made"; fi
}
trap finish EXIT
cd "$work"

"$root/ancestral" serve --help >help
"$root/ancestral" sample --help >help
RANDOM=$seed
files=$(cd "$bundle" && find . -type f | sort)
number=$(printf '%s\n' "$files" | wc -l)
printf 'malformed: %d bundles, seed %d, from %s\n' "$count" "$seed" "$(basename "$bundle")"

# A random offset below a size; RANDOM alone ends at 32767.
below() { echo $(((RANDOM * 32768 + RANDOM) % $1)); }

# damage FILE WAY: does it, and says what.
damage() {
  size=$(wc -c <"$1" | tr -d ' ')
  [ "$size" -gt 0 ] || size=1
  case $2 in
    0) : >"$1" && echo emptied ;;
    1)
      at=$(below "$size")
      dd if="$1" of="$1.cut" bs="$((at + 1))" count=1 2>/dev/null
      mv "$1.cut" "$1"
      echo "cut after $at"
      ;;
    2 | 3 | 4 | 5)
      at=$(below "$size")
      length=$(((RANDOM % 16) + 1))
      for ((i = 0; i < length; i++)); do
        # An octal escape made of a number, which is what the format is for.
        # shellcheck disable=SC2059
        printf "\\$(printf '%03o' $((RANDOM % 256)))"
      done | dd of="$1" bs=1 seek="$at" conv=notrunc 2>/dev/null
      echo "$length bytes at $at"
      ;;
    6) dd if=/dev/zero of="$1" bs=64 count=1 conv=notrunc 2>/dev/null && echo "zeros" ;;
    7) dd if=/dev/zero of="$1" bs=1 count=0 seek=1073741824 2>/dev/null && echo "a gigabyte, sparse" ;;
    8) rm "$1" && mkdir "$1" && echo "a directory" ;;
    9) rm "$1" && ln -s /dev/zero "$1" && echo "a link" ;;
    10) rm "$1" && echo "gone" ;;
    11) for ((i = 0; i < 2000; i++)); do printf '[{"a":'; done >"$1" && echo "nested" ;;
  esac
}

bad=0
named=0
served=0
slowest=0
done_so_far=0
while [ "$done_so_far" -lt "$count" ]; do
  rm -rf models
  mkdir models
  cp -R "$bundle" models/good
  : >damages
  for ((k = 0; k < batch && done_so_far < count; k++, done_so_far++)); do
    copy=models/m$done_so_far
    cp -R "$bundle" "$copy"
    file=$(printf '%s\n' "$files" | sed -n "$((done_so_far % number + 1))p")
    what=$(damage "$copy/$file" $(((done_so_far / number) % 12)))
    if [ $((done_so_far % 2)) = 1 ]; then rm -rf "$copy/bundle.json"; fi
    printf 'm%d %s: %s\n' "$done_so_far" "$file" "$what" >>damages
  done
  begin=$(date +%s)
  "$root/ancestral" serve --models models --port 0 --device cpu >out 2>err </dev/null &
  server=$!
  for ((i = 0; i < 1200; i++)); do
    grep -q '^READY ' out && break
    kill -0 "$server" 2>/dev/null || break
    sleep 0.1
  done
  took=$(($(date +%s) - begin))
  [ "$took" -le "$slowest" ] || slowest=$took
  problem=
  target=$(sed -n 's/^READY grpc=\([^ ]*\).*/\1/p' out)
  [ -n "$target" ] || problem="no READY"
  if [ -z "$problem" ]; then
    rm -rf drawn
    "$root/ancestral" sample --target "$target" --model good -n 1 --steps 2 --out drawn >sampled 2>&1 </dev/null ||
      problem="the good one does not answer: $(tail -n 1 sampled)"
    [ "$(grep -c '^READY ' out)" = 1 ] || problem="a second line begins with READY"
  fi
  kill -TERM "$server" 2>/dev/null || :
  for ((i = 0; i < 600; i++)); do
    kill -0 "$server" 2>/dev/null || break
    sleep 0.1
  done
  kill -KILL "$server" 2>/dev/null || :
  code=0
  wait "$server" 2>/dev/null || code=$?
  server=
  case $code in 0 | 143) ;; *) problem="$problem exit code $code" ;; esac
  named=$((named + $(grep -c '^error: model m' err || :)))
  served=$((served + $(grep -c '^model m' out || :)))
  if [ -n "$problem" ]; then
    bad=$((bad + 1))
    printf 'up to %d: %s\n' "$done_so_far" "$problem"
    tail -n 5 err
    cat damages
  fi
done
reports=$(find . -maxdepth 1 \( -name 'hs_err*' -o -name 'core*' \) | wc -l | tr -d ' ')
printf '\n| drill | damaged | named | served all the same | batches in which the good one was not served | crash reports and cores | slowest READY | seed |\n'
printf '|---|---|---|---|---|---|---|---|\n'
printf '| damaged bundles beside a good one | %d | %d | %d | %d | %d | %d s | %d |\n' "$count" "$named" "$served" "$bad" "$reports" "$slowest" "$seed"
[ "$bad" = 0 ] && [ "$reports" = 0 ]
