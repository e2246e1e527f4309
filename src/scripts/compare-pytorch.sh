#!/usr/bin/env bash
# Compares Layerwise on the processor with PyTorch 2.7.1: both compute in turn, each in a process of its own.
#   compare-pytorch.sh analysis VENV FILE COLUMN [SAMPLES [ROUNDS [PART OF A WAY'S NAME]]]
#       an analysis of the sample model; FILE is TSV or JSONL, and a way of PyTorch's is such as "sorted of 16 (sdpa)"
#   compare-pytorch.sh heatmap VENV FILE COLUMN [SAMPLES [ROUNDS]]    whole processes of the same analysis, from start to heatmap
#   compare-pytorch.sh step VENV [ROUNDS [PART OF A ROW'S NAME]]      a training step, with PEFT
#   compare-pytorch.sh train VENV [ROUNDS [FILE TEXT LABEL]]          whole trainings, with HuggingFace's Trainer and PEFT, of
#       random rows or of the first 320 rows of a TSV or JSONL with these columns
#   compare-pytorch.sh forward VENV [ROUNDS]                          forward passes of mixtures and hybrids
#   compare-pytorch.sh generate VENV [ROUNDS]                         a decoding step of 16 rows
# VENV is a Python virtual environment with torch==2.7.1 and, for analysis, heatmap and generate, transformers==4.55.4, for step and
# train also peft==0.17.1, for forward transformers==5.24.0.
set -euo pipefail
usage() {
    sed -n '2,12s/^# \{0,1\}//p' "$0"
}
refuse() {
    echo "compare-pytorch.sh: $1" >&2
    exit 2
}
require_number() {
    [[ "${2:-1}" =~ ^[1-9][0-9]{0,6}$ ]] || refuse "$1 is \"$2\"; give a whole number from 1."
}
require_file() {
    [ -f "$1" ] || refuse "There is no file $1."
}
case ${1:-} in
    -h | --help)
        usage
        exit 0
        ;;
esac
if (($# < 2)); then
    usage >&2
    exit 2
fi
what=$1
root=$(dirname "$(dirname "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")")")
venv=$(readlink -m "$2")
if [ ! -x "$venv/bin/python" ]; then
    refuse "$venv is no Python environment; VENV is one made by python3 -m venv."
fi
"$venv/bin/python" -c "import torch, transformers" 2>/dev/null \
    || refuse "$venv lacks torch or transformers; install torch==2.7.1 and transformers into it."
shift 2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
case $what in
    analysis | heatmap)
        (($# >= 2)) || refuse "$what takes VENV, FILE and COLUMN; --help lists the rest."
        require_file "$1"
        require_number SAMPLES "${3:-}"
        require_number ROUNDS "${4:-}"
        arguments=("$(readlink -f "$1")" "$2" "${3:-128}" "${4:-3}")
        [ "$what" = heatmap ] || arguments+=("${5:-}")
        ;;
    step | forward | generate)
        require_number ROUNDS "${1:-}"
        case $what in
            step) arguments=("${1:-7}" "${2:-}") ;;
            forward) arguments=("${1:-9}") ;;
            generate) arguments=("${1:-30}") ;;
        esac
        ;;
    train)
        (($# < 2 || $# == 4)) || refuse "train takes ROUNDS alone, or ROUNDS, FILE, TEXT and LABEL."
        require_number ROUNDS "${1:-}"
        arguments=("${1:-3}")
        if (($# == 4)); then
            require_file "$2"
            arguments+=("$(readlink -f "$2")" "$3" "$4")
        fi
        ;;
    *) refuse "There is no comparison \"$what\"; --help lists them." ;;
esac
echo "compare-pytorch.sh: building." >&2
(cd "$root" && mvn -q -Pbench test-compile dependency:build-classpath -Dmdep.outputFile="$work/classpath" -Dmdep.includeScope=test)
"$venv/bin/python" "$root/src/bench/python/$what.py" \
    "$root/target/classes:$root/target/test-classes:$(cat "$work/classpath")" "$work" "${arguments[@]}"
