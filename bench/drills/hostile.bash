# Models that are well-formed and not to be served, for malformed.sh: hostile DIR writes one directory
# each into DIR, as somebody else's tools lay them out, and says what each is. Sourced by bash.
# shellcheck shell=bash

# --- ONNX files, which are Protocol Buffers, as hexadecimal digits -------------------------------

varint() {
  local n=$1
  while [ "$n" -ge 128 ]; do
    printf %02x $((n % 128 + 128))
    n=$((n / 128))
  done
  printf %02x "$n"
}

# number FIELD VALUE
number() {
  varint $(($1 * 8))
  varint "$2"
}

# bytes FIELD DIGITS
bytes() {
  varint $(($1 * 8 + 2))
  varint $((${#2} / 2))
  printf %s "$2"
}

# text FIELD WORDS
text() { bytes "$1" "$(printf %s "$2" | od -An -v -tx1 | tr -d ' \n')"; }

# tensor NAME TYPE [DIMENSION...]: of an input or an output, without the field's number; a dimension
# is a number, or a name where it is free.
tensor() {
  local name=$1 type=$2 shape='' size
  shift 2
  for size in "$@"; do
    case $size in
      *[!0-9]*) shape=$shape$(bytes 1 "$(text 2 "$size")") ;;
      *) shape=$shape$(bytes 1 "$(number 1 "$size")") ;;
    esac
  done
  text 1 "$name"
  bytes 2 "$(bytes 1 "$(number 1 "$type")$(bytes 2 "$shape")")"
}

# node OPERATOR INPUTS OUTPUT [REST]: of a graph; inputs are separated by commas.
node() {
  local names=$2, digits=''
  while [ -n "$names" ]; do
    digits=$digits$(text 1 "${names%%,*}")
    names=${names#*,}
  done
  bytes 1 "$digits$(text 2 "$3")$(text 4 "$1")${4-}"
}

# integers NAME VALUE...: a constant of a graph.
integers() {
  local name=$1 digits='' value
  shift
  for value in "$@"; do digits=$digits$(number 7 "$value"); done
  bytes 5 "$(number 1 $#)$(number 2 7)$digits$(text 8 "$name")"
}

# graph NODES: of 8x8 gray pictures.
graph() {
  printf %s "$1"
  text 2 hostile
  bytes 11 "$(tensor sample 1 batch 1 8 8)"
  bytes 11 "$(tensor timestep 1 batch)"
  bytes 12 "$(tensor out_sample 1 batch 1 8 8)"
}

# onnx FILE GRAPH [REST]
onnx() {
  local digits
  digits=$(number 1 8)$(bytes 7 "$2")$(bytes 8 "$(number 2 17)")${3-}
  # Escapes made of the digits are what the format is for.
  # shellcheck disable=SC2059
  printf "$(printf %s "$digits" | sed 's/../\\x&/g')" >"$1"
}

# --- the networks --------------------------------------------------------------------------------

# Never comes back from its first call: a Loop without an end.
endless() {
  local body
  body=$(node Identity going still)$(node Neg x y)$(text 2 body)
  body=$body$(bytes 11 "$(tensor i 7)")$(bytes 11 "$(tensor going 9)")
  body=$body$(bytes 11 "$(text 1 x)$(bytes 2 "$(bytes 1 "$(number 1 1)")")")
  body=$body$(bytes 12 "$(tensor still 9)")
  body=$body$(bytes 12 "$(text 1 y)$(bytes 2 "$(bytes 1 "$(number 1 1)")")")
  graph "$(bytes 5 "$(number 2 9)$(number 5 1)$(text 8 true)")$(node Loop ,true,sample out_sample \
    "$(bytes 5 "$(text 1 body)$(bytes 6 "$body")$(number 20 5)")")"
}

# Asks for 256 TB in its first call.
terabytes() {
  graph "$(integers sizes 1000000 1000000 8 8)$(node Expand sample,sizes huge)$(
    node ReduceSum huge sum "$(bytes 5 "$(text 1 keepdims)$(number 3 0)$(number 20 2)")"
  )$(node Add sample,sum out_sample)"
}

# Its first call throws: 64 numbers are not seven.
throws() {
  graph "$(integers seven 7)$(node Reshape sample,seven bent)$(node ReduceSum bent sum)$(
    node Add sample,sum out_sample
  )"
}

# A graph in a graph in a graph ...
deep() {
  local inner level
  inner=$(text 2 g)
  for ((level = 0; level < 40; level++)); do
    inner=$(node If condition out "$(bytes 5 "$(text 1 then_branch)$(bytes 6 "$inner")$(number 20 5)")")$(text 2 g)
  done
  graph "${inner%"$(text 2 g)"}"
}

# 25 functions, each of which calls the one below twice.
functions() {
  local level domain='' below=Neg all='' twice call
  for ((level = 0; level < 25; level++)); do
    call=$(text 4 "$below")$domain
    twice=$(bytes 7 "$(text 1 a)$(text 2 b)$call")$(bytes 7 "$(text 1 b)$(text 2 c)$call")
    all=$all$(bytes 25 "$(text 1 "f$level")$(text 4 a)$(text 5 c)$twice$(bytes 9 "$(number 2 17)")$(
      bytes 9 "$(text 1 deep)$(number 2 1)"
    )$(text 10 deep)")
    domain=$(text 7 deep)
    below=f$level
  done
  bytes 8 "$(text 1 deep)$(number 2 1)"
  printf %s "$all"
}

# --- the directories -----------------------------------------------------------------------------

# foreign DIR [SCHEDULER]: without a bundle.json; the network is still to come.
foreign() {
  mkdir -p "$1/unet" "$1/scheduler"
  printf '%s\n' '{"_class_name": "UNet2DModel", "sample_size": 8, "in_channels": 1, "out_channels": 1}' \
    >"$1/unet/config.json"
  printf '%s\n' "${2-"{\"_class_name\": \"DDPMScheduler\"}"}" >"$1/scheduler/scheduler_config.json"
}

# with DIR GRAPH [REST]
with() {
  foreign "$1"
  onnx "$1/unet/model.onnx" "$2" "${3-}"
}

# schedule DIR FIELDS: a sound network and a schedule that cannot be.
schedule() {
  foreign "$1" "{\"_class_name\": \"DDPMScheduler\", $2}"
  onnx "$1/unet/model.onnx" "$(graph "$(node Identity sample out_sample)")"
}

hostile() {
  local to=$1 newline
  newline='m-newline
READY grpc=127.0.0.1:1'
  with "$to/m-sound" "$(graph "$(node Identity sample out_sample)")"
  with "$to/m-endless" "$(endless)"
  with "$to/m-terabytes" "$(terabytes)"
  with "$to/m-throws" "$(throws)"
  with "$to/m-deep" "$(deep)"
  with "$to/m-functions" "$(graph "$(node f24 sample out_sample "$(text 7 deep)")")" "$(functions)"
  schedule "$to/m-timesteps" '"num_train_timesteps": 2147483647'
  schedule "$to/m-billion" '"num_train_timesteps": 1000000000'
  schedule "$to/m-betas" '"num_train_timesteps": 1, "trained_betas": [1e-300]'
  schedule "$to/m-gigabyte" '"num_train_timesteps": 1000'
  dd if=/dev/zero of="$to/m-gigabyte/scheduler/scheduler_config.json" bs=1 count=0 seek=1073741824 2>/dev/null
  schedule "$to/m-binary" '"num_train_timesteps": 1000'
  printf '\377 ' >"$to/m-binary/scheduler/scheduler_config.json"
  schedule "$to/$newline" '"num_train_timesteps": 1000'
}
