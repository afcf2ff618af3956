# shellcheck shell=bash disable=SC2154,SC2034 # variables are shared with the other stages
shellcheck ancestral .ci/run .ci/*.sh .ci/stages/*.sh
"$work/hadolint/bin/hadolint" deploy/Dockerfile
