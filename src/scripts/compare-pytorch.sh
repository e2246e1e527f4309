#!/usr/bin/env bash
# Compares Layerwise on the processor with PyTorch 2.7.1: both compute in turn, each in a process of its own.
#   compare-pytorch.sh analysis VENV FILE COLUMN [SAMPLES [ROUNDS]]   an analysis of the sample model; FILE is TSV or JSONL
#   compare-pytorch.sh heatmap VENV FILE COLUMN [SAMPLES [ROUNDS]]    whole processes of the same analysis, from start to heatmap
#   compare-pytorch.sh step VENV [ROUNDS [PART OF A ROW'S NAME]]      a training step, with PEFT
#   compare-pytorch.sh forward VENV [ROUNDS]                          forward passes of mixtures and hybrids
#   compare-pytorch.sh generate VENV [ROUNDS]                         a decoding step of 16 rows
# VENV is a Python virtual environment with torch==2.7.1 and, for analysis, heatmap and generate, transformers==4.55.4, for step also
# peft==0.17.1, for forward transformers==5.24.0.
set -euo pipefail
usage() {
    sed -n '2,9s/^# \{0,1\}//p' "$0" >&2
    exit 2
}
(($# >= 2)) || usage
what=$1
root=$(dirname "$(dirname "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")")")
venv=$(readlink -m "$2")
if [ ! -x "$venv/bin/python" ]; then
    echo "compare-pytorch.sh: $venv is no Python environment; VENV is one made by python3 -m venv." >&2
    exit 2
fi
shift 2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
case $what in
    analysis | heatmap)
        (($# >= 2)) || usage
        arguments=("$(readlink -f "$1")" "$2" "${3:-128}" "${4:-3}")
        ;;
    step) arguments=("${1:-7}" "${2:-}") ;;
    forward) arguments=("${1:-9}") ;;
    generate) arguments=("${1:-30}") ;;
    *) usage ;;
esac
(cd "$root" && mvn -q -Pbench test-compile dependency:build-classpath -Dmdep.outputFile="$work/classpath" -Dmdep.includeScope=test)
if [ "$what" = heatmap ]; then
    # the sample model is provided, and run.sh builds, before anything is measured
    model=$(java -cp "$root/target/classes:$root/target/test-classes:$(cat "$work/classpath")" org.layerwise.bench.ExtractionTime "$work" | tail -n 1)
    "$root/src/scripts/run.sh" --version >/dev/null
    "$venv/bin/python" "$root/src/bench/python/heatmap.py" "$root/src/scripts/run.sh" "$model" "${arguments[@]}"
    exit
fi
"$venv/bin/python" "$root/src/bench/python/$what.py" \
    "$root/target/classes:$root/target/test-classes:$(cat "$work/classpath")" "$work" "${arguments[@]}"
