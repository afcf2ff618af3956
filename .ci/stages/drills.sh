# shellcheck shell=bash disable=SC2154,SC2034 # variables are shared with the other stages
# Quick forms, a minute and a half each; what the whole ones take, the scripts say.
for drill in bench/drills/*.sh; do
  arguments=(--bundle "$work/quickstart/models/digits")
  case $(basename "$drill" .sh) in
    signals) arguments+=(--count 8) ;;
    mutations) arguments+=(--count 2000 --log "$work/mutations.log") ;;
    malformed) arguments+=(--count 24) ;;
    *) fail "$drill: has no quick form" ;;
  esac
  echo "--- $drill ${arguments[*]:2}"
  timeout 600 "$drill" "${arguments[@]}" || fail "$drill: exit code $?"
done
