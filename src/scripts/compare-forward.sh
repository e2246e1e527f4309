#!/usr/bin/env bash
# Compares forward passes of mixtures and hybrids with those of transformers 5 on the processor: both run in turn, each in a
# process of its own.
#   compare-forward.sh VENV [ROUNDS]
# VENV is a Python virtual environment with torch==2.7.1 and transformers==5.24.0.
set -euo pipefail
if (($# < 1)); then
    sed -n '2,5s/^# \{0,1\}//p' "$0" >&2
    exit 2
fi
root=$(dirname "$(dirname "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")")")
venv=$(readlink -f "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
(cd "$root" && mvn -q -Pbench test-compile dependency:build-classpath -Dmdep.outputFile="$work/classpath" -Dmdep.includeScope=test)
"$venv/bin/python" "$root/src/bench/python/forward.py" \
    "$root/target/classes:$root/target/test-classes:$(cat "$work/classpath")" "$work" "${2:-9}"
