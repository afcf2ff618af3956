# shellcheck shell=bash disable=SC2154,SC2034 # variables are shared with the other stages
# Quick forms; what each takes, its --help says.
shopt -s nullglob
for drill in bench/drills/*.sh; do
  name=$(basename "$drill" .sh)
  case $name in
    signals) arguments=(--bundle "$work/quickstart/models/digits" --count 8) ;;
    mutations) arguments=(--bundle "$work/quickstart/models/digits" --count 1000) ;;
    *)
      echo "--- $name: has no quick form"
      continue
      ;;
  esac
  echo "--- $name"
  timeout 600 "$drill" "${arguments[@]}" || fail "$drill: exit code $?"
done
shopt -u nullglob
