# shellcheck shell=bash disable=SC2154,SC2034 # variables are shared with the other stages
mvn -B -ntp verify -Dtests.excluded=none
