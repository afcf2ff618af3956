# shellcheck shell=bash disable=SC2154,SC2034 # variables are shared with the other stages
./ancestral quickstart --out "$work/quickstart" | tee "$work/quickstart.log"
for file in samples.png fitted.png chain.gif loss.png models/digits/bundle.json; do
  [ -s "$work/quickstart/$file" ] || fail "quickstart left no $file"
done
expect "ddim, 50 steps" "$work/quickstart.log"
expect "fitted, 4 steps" "$work/quickstart.log"
expect "no sample equals a training image" "$work/quickstart.log"
