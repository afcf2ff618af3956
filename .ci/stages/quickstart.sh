# shellcheck shell=bash disable=SC2154,SC2034 # variables are shared with the other stages
./ancestral quickstart --out "$work/quickstart" | tee "$work/quickstart.log"
for file in samples.png fitted.png chain.gif loss.png models/digits/bundle.json; do
  [ -s "$work/quickstart/$file" ] || fail "quickstart left no $file"
done
expect "ddim, 50 steps" "$work/quickstart.log"
expect "fitted, " "$work/quickstart.log"
expect "no sample equals a training image" "$work/quickstart.log"
./ancestral evaluate --run "$work/quickstart/run" --bundle "$work/quickstart/models/digits" --calls 4 --samplers fitted,unipc \
  --count 100 --teacher ddim:20 --plot "$work/calls.png" --sheet "$work/sheet.png"
./ancestral plot calls --from "$work/calls.csv" --out "$work/again.png"
cmp "$work/calls.png" "$work/again.png" || fail "plot calls draws another picture from the same table"
