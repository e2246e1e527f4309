#!/usr/bin/env bash
# Compares the time of an analysis (representations and similarity of all pairs of layers, sample model, processor) with that
# of PyTorch and transformers: both run in turn, each in a process of its own.
#   compare-pytorch.sh VENV FILE COLUMN [SAMPLES [ROUNDS]]
# VENV is a Python virtual environment with torch==2.7.1 and transformers==4.55.4; FILE is TSV or JSONL.
set -euo pipefail
if (($# < 3)); then
    sed -n '2,5s/^# \{0,1\}//p' "$0" >&2
    exit 2
fi
root=$(dirname "$(dirname "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")")")
venv=$(readlink -f "$1")
file=$(readlink -f "$2")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
(cd "$root" && mvn -q -Pbench test-compile dependency:build-classpath -Dmdep.outputFile="$work/classpath" -Dmdep.includeScope=test)
"$venv/bin/python" "$root/src/bench/python/compare.py" \
    "$root/target/classes:$root/target/test-classes:$(cat "$work/classpath")" "$work" "$file" "$3" "${4:-128}" "${5:-3}"
