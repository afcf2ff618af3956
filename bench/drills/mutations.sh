#!/bin/sh
# Ten thousand broken requests against a server: mutations.sh --bundle DIR [--count N]; --help says more.
set -eu
root=$(cd -P "$(dirname "$0")/../.." && pwd)
# Builds what is stale, and names the jars.
CLASSPATH=$("$root/ancestral" class-path bench)
export CLASSPATH
exec "${JAVA_HOME:+$JAVA_HOME/bin/}java" "-Dancestral.launcher=$root/ancestral" dev.ancestral.bench.drill.MutationDrill "$@"
