# shellcheck shell=bash disable=SC2154,SC2034 # variables are shared with the other stages
shellcheck ancestral .ci/run .ci/*.sh .ci/stages/*.sh
shellcheck -x bench/drills/*.sh bench/drills/*.bash
"$work/hadolint/bin/hadolint" deploy/Dockerfile
