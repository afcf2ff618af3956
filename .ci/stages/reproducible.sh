# shellcheck shell=bash disable=SC2154,SC2034 # variables are shared with the other stages
# From the commit alone, in a directory of another name, for a user with another mask and another time zone.
git clone -q . "$work/second"
(umask 027 && cd "$work/second" && TZ=Asia/Tokyo ./ancestral dist)
if ! cmp dist/target/ancestral-*.tar.gz "$work"/second/dist/target/ancestral-*.tar.gz; then
  mkdir "$work/second-unpacked"
  tar -xzf "$work"/second/dist/target/ancestral-*.tar.gz -C "$work/second-unpacked"
  diff -rq "$work/unpacked" "$work/second-unpacked" || true
  fail "two builds of one commit differ (is everything committed?)"
fi
rm -rf "$work/second"
