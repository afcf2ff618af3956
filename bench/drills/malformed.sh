#!/usr/bin/env bash
# Serves damaged bundles and hostile models beside a good one, and asks the good one.
#
#   bench/drills/malformed.sh --bundle DIR [--count N] [--seed N] [--work DIR]
#
# First come the models of hostile.bash, which are well-formed and not to be served. Then damaged
# ones, copies of the bundle with one file cut, emptied, overwritten at a random place, filled with
# zeros, made huge and sparse, or replaced by a directory or a link; every second one without
# bundle.json, so that no hash stands before the reader. They are served in batches of 25. A batch is
# good when READY comes within two minutes, the good one answers, each of the others was served or
# named in a line, and the server ends cleanly. POSIX tools, bash and a built checkout; about half a
# minute a batch.
set -euo pipefail

root=$(cd "$(dirname "$0")/../.." && pwd -P)
# shellcheck source=bench/drills/hostile.bash
source "$root/bench/drills/hostile.bash"
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
silent=0
slowest=0
tried=0

# try WHAT: serves what lies in models, beside the good one, and counts.
try() {
  local begin took i problem='' target code=0 model
  rm -rf models/good
  cp -R "$bundle" models/good
  begin=$(date +%s)
  # The shell below may be late to empty them, and READY of the run before would be read.
  : >out
  : >err
  "$root/ancestral" serve --models models --port 0 --device cpu --load-timeout 20 \
    >out 2>err </dev/null &
  server=$!
  for ((i = 0; i < 1200; i++)); do
    grep -q '^READY ' out && break
    kill -0 "$server" 2>/dev/null || break
    sleep 0.1
  done
  took=$(($(date +%s) - begin))
  [ "$took" -le "$slowest" ] || slowest=$took
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
  wait "$server" 2>/dev/null || code=$?
  server=
  case $code in 0 | 143) ;; *) problem="$problem exit code $code" ;; esac
  for model in models/m*; do
    tried=$((tried + 1))
    # Of a name of several lines the first is enough to know it by.
    model=$(printf '%s\n' "${model#models/}" | head -n 1)
    if grep -qE "^error: model $model(:|\\\\n)" err || grep -qE "^(error|warning): models: $model(/| )" err; then
      named=$((named + 1))
    elif grep -q "^model $model:" out; then
      served=$((served + 1))
    else
      silent=$((silent + 1))
      problem="$problem nothing was said of $model"
    fi
  done
  if [ -n "$problem" ]; then
    bad=$((bad + 1))
    printf '%s: %s\n' "$1" "$problem"
    tail -n 5 err
    [ ! -f damages ] || cat damages
    cp -R models "bad-$bad"
  fi
}

mkdir models
hostile models
try "hostile models"
printf 'malformed: %d hostile models: %d named, %d served\n' "$tried" "$named" "$served"

done_so_far=0
while [ "$done_so_far" -lt "$count" ]; do
  rm -rf models
  mkdir models
  : >damages
  for ((k = 0; k < batch && done_so_far < count; k++, done_so_far++)); do
    copy=models/m$done_so_far
    cp -R "$bundle" "$copy"
    file=$(printf '%s\n' "$files" | sed -n "$((done_so_far % number + 1))p")
    # Each file meets each way once in twelve rounds of the files, and the first two rounds have all ways.
    what=$(damage "$copy/$file" $(((done_so_far / number + 2 * (done_so_far % number)) % 12)))
    if [ $((done_so_far % 2)) = 1 ]; then rm -rf "$copy/bundle.json"; fi
    printf 'm%d %s: %s\n' "$done_so_far" "$file" "$what" >>damages
  done
  try "up to $done_so_far"
done
reports=$(find . -maxdepth 1 \( -name 'hs_err*' -o -name 'core*' \) | wc -l | tr -d ' ')
printf '\n| drill | models | named | served all the same | passed over in silence | runs in which the good one was not served or the end was not clean | crash reports and cores | slowest READY | seed |\n'
printf '|---|---|---|---|---|---|---|---|---|\n'
printf '| damaged and hostile models beside a good one | %d | %d | %d | %d | %d | %d | %d s | %d |\n' \
  "$tried" "$named" "$served" "$silent" "$bad" "$reports" "$slowest" "$seed"
[ "$bad" = 0 ] && [ "$reports" = 0 ]
