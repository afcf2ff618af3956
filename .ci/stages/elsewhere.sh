# shellcheck shell=bash disable=SC2154,SC2034 # variables are shared with the other stages
# As `cp -r` leaves it: every file is younger than what was built from it, or older, as it comes.
copy="$work/a cöpy"
cp -r . "$copy"
chmod -R a+rX "$copy"
ln -s "$copy/ancestral" "$work/linked"
person "$work/linked" as_stranger

strace -f -qq -o "$work/opened" -e trace=openat,execve "$copy/ancestral" serve --help >/dev/null
if grep -F -e "\"$PWD/" -e '/.m2/' "$work/opened"; then
  fail "the copy uses files of the original, or of Maven's"
fi

mv "$copy" "$work/moved"
as_stranger "$work/moved/ancestral" inspect "$work/quickstart/models/digits" | tee "$work/inspected"
expect "digits" "$work/inspected"
rm -rf "$work/moved" "$work/linked"
