# shellcheck shell=sh
# What a person does: LAUNCHER WORK QUICKSTART. From another directory, with names that are not ASCII.
set -eu
launcher=$1
work=$2
quickstart=$3
cd /

mkdir -p "$work/dätä/größe"
for i in 0 1 2 3 4 5 6 7; do
  cp "$quickstart/samples/00$i.png" "$work/dätä/größe/äöü$i.png"
done
"$launcher" train --data "$work/dätä" --out "$work/läuf" --set training.iterations=2 --set training.batch=4
grep -q 'größe' "$work/läuf/data.yaml"

"$launcher" train --data builtin:swiss-roll --out "$work/run" --set training.iterations=30
"$launcher" export --no-fit --run "$work/run" --out "$work/models/röll"
"$launcher" inspect "$work/models/röll" | head -n 1 | grep -F 'röll'

"$launcher" serve --models "$work/models" --port 0 >"$work/log" 2>&1 &
server=$!
tries=0
until grep -q '^READY ' "$work/log"; do
  if ! kill -0 "$server" || [ "$tries" -ge 300 ]; then
    cat "$work/log"
    exit 1
  fi
  tries=$((tries + 1))
  sleep 0.2
done
"$launcher" sample --target "$(sed -n 's/^READY grpc=\([^ ]*\).*/\1/p' "$work/log")" --model röll -n 4 --out "$work/bïlder"
kill "$server"
wait "$server"
[ -s "$work/bïlder/samples.csv" ]
