# shellcheck shell=bash disable=SC2154,SC2034 # variables are shared with the other stages
./ancestral serve --models "$work/quickstart/models" --port 0 >"$work/server.log" 2>&1 &
server=$!
await_ready $server "$work/server.log"
# ONNX Runtime's loading overflows the stack over a command line of about 4 KB.
[ "$(wc -c <"/proc/$server/cmdline")" -lt 2048 ] || fail "the server's command line is long"

"$grpcurl" -plaintext "$address" list | tee "$work/list"
expect ancestral.v1.Sampler "$work/list"
expect ancestral.v1.Models "$work/list"
expect grpc.health.v1.Health "$work/list"
"$grpcurl" -plaintext "$address" describe ancestral.v1.SampleRequest | tee "$work/describe"
expect num_samples "$work/describe"
"$grpcurl" -plaintext "$address" grpc.health.v1.Health/Check | tee "$work/health"
expect SERVING "$work/health"
"$grpcurl" -plaintext -d '{"name": "digits"}' "$address" ancestral.v1.Models/GetModel >"$work/model"
expect '"epsilon"' "$work/model"
"$grpcurl" -plaintext -d '{"model": "digits", "seed": 7, "labels": [3], "encoding": "ENCODING_PNG"}' \
  "$address" ancestral.v1.Sampler/Sample >"$work/sample"
expect '"accepted"' "$work/sample"
expect '"png"' "$work/sample"
expect '"summary"' "$work/sample"
if "$grpcurl" -plaintext -d '{"model": "digits", "steps": 0}' \
  "$address" ancestral.v1.Sampler/Sample >"$work/refused" 2>&1; then
  fail "steps: 0 was accepted"
fi
expect InvalidArgument "$work/refused"
expect "expected: 1.." "$work/refused"

# The recipe in a picture draws it again, to the byte.
./ancestral sample --target "$address" --model digits -n 8 --seed 7 --label 3 --out "$work/drawn"
./ancestral sample --target "$address" --like "$work/drawn/005.png" --out "$work/again"
cmp "$work/drawn/005.png" "$work/again/005.png"
# Who comes by plain HTTP is told what this is.
curl -s "http://$address/" | tee "$work/http"
expect "grpcurl -plaintext" "$work/http"

./ancestral gpu-check --models "$work/quickstart/models" --device cpu --out "$work/gpu" | tee "$work/gpu.log"
expect "are within their tolerance" "$work/gpu.log"
expect "in a call" "$work/gpu/report.md"

./ancestral bench --quick --bundle "$work/quickstart/models/digits" --scenario start-up --scenario alone \
  --out "$work/bench" | tee "$work/bench.log"
expect "ONNX Runtime alone" "$work/bench/report.md"

stop_server || fail "the server did not drain: exit code $?"
