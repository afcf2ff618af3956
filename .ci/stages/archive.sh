# shellcheck shell=bash disable=SC2154,SC2034 # variables are shared with the other stages
./ancestral dist
mkdir "$work/unpacked"
tar -xzf dist/target/ancestral-*.tar.gz -C "$work/unpacked"
archive=$(echo "$work"/unpacked/ancestral-*)
chmod -R a-w "$archive"
before=$(find "$archive" -newer "$archive/ancestral" | wc -l)
export -f as_stranger
export work
if unshare -n true 2>/dev/null; then
  within() { unshare -n bash -c 'ip link set lo up && as_stranger "$@"' bash "$@"; } # the loopback device alone
else
  echo "no network namespace may be made here: with the network there is"
  within() { as_stranger "$@"; }
fi
person "$archive/ancestral" within
[ "$(find "$archive" -newer "$archive/ancestral" | wc -l)" = "$before" ] || fail "the archive was written to"
