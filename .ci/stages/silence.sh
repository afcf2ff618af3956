# shellcheck shell=bash disable=SC2154,SC2034 # variables are shared with the other stages
# Which addresses outside this machine a program calls, by the calls it makes. ONNX Runtime looks its maker's host up after
# some seconds, fifteen on a busy machine: so what can live on lives for thirty, and a program that says nothing to it must be seen
# to do so.
mkdir "$work/home"
watched() { # NAME COMMAND...: in a subshell, since it ends there
  local name=$1
  shift
  # It says nothing by itself where CI is set: then nothing would be shown here.
  # -D: the command, not strace, is this process, which signals reach and whose exit code counts.
  exec env -u ORT_DISABLE_TELEMETRY -u CI HOME="$work/home" XDG_CACHE_HOME="$work/home/.cache" \
    strace -D -f -qq -e signal=none -e trace=connect,sendto,sendmsg,sendmmsg -o "$work/$name.calls" "$@"
}
outside() { # NAME: prints the calls
  grep 'sa_family=AF_INET' "$work/$1.calls" |
    grep -vE 'inet_addr\("127\.|inet_pton\(AF_INET6, "(::1|::ffff:127\.[0-9.]+)"' || true
}
silent() { # NAME
  local calls traces
  sleep 1 # strace has the last word
  calls=$(outside "$1")
  [ -z "$calls" ] || fail "$1 looks outside: $calls"
  traces=$(find "$work/home" -iname '*onnxruntime*' -o -iname '*microsoft*')
  [ -z "$traces" ] || fail "$1 left notes for others: $traces"
  echo "$1: nothing"
}
network="$work/quickstart/models/digits/unet/model.onnx"

watched serve "$archive/ancestral" serve --models "$work/quickstart/models" --port 0 >"$work/silent.log" 2>&1 &
server=$!
await_ready $server "$work/silent.log"
(watched sample "$archive/ancestral" sample --target "$address" --model digits -n 1 --out "$work/silent")
sleep 30
stop_server || fail "the watched server ended with $?"
silent serve
silent sample
(watched train "$archive/ancestral" train --data builtin:swiss-roll --out "$work/silent-run" --set training.iterations=30)
silent train
(watched export "$archive/ancestral" export --no-fit --run "$work/silent-run" --out "$work/silent-bundle")
silent export
libraries=$("$archive/ancestral" class-path server)
(watched embedder java -cp "$libraries" .ci/silence/Embedder.java "$network")
silent embedder

watched control java -cp "$libraries" .ci/silence/Control.java "$network" &
control=$!
for _ in $(seq 90); do
  sleep 1
  [ -z "$(outside control)" ] || break
  kill -0 $control 2>/dev/null || break
done
kill $control 2>/dev/null || true
wait $control || true
[ -n "$(outside control)" ] || fail "ONNX Runtime alone was not seen to look outside: this stage proves nothing"
echo "control: seen"
rm -rf "${work:?}/home"
