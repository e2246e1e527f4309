#!/usr/bin/env bash
# Compares Layerwise with HuggingFace's PEFT and transformers themselves: adapters and merged models that one wrote and the
# other reads, trainings step by step, random configurations, exports, event files, and the time of a step. Makes a Python
# environment outside the project the first time (some GB, needs the network). A line a check; ends with 1 if one failed.
#   oracle.sh [--transformers 4|5] [PART OF A CHECK'S NAME]
#   oracle.sh --coverage    tries the checkpoints of src/oracle/checkpoints.jsonl and writes the guide's page on them
# Without --transformers, 4 (with PEFT 0.17.1) and then 5 (with PEFT 0.21.2) judge; both use one installation of torch.
# LAYERWISE_ORACLE is the folder of the environment, ~/.cache/layerwise/oracle without it.
set -euo pipefail

scripts=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
root=$(dirname "$(dirname "$scripts")")
# shellcheck source=src/scripts/setup.sh
source "$scripts/setup.sh"

use_utf8
require_home
need jdk venv

venv=${LAYERWISE_ORACLE:-${XDG_CACHE_HOME:-$HOME/.cache}/layerwise/oracle}
lists="$root/src/oracle/python"

worlds=(4 5)
if [ "${1:-}" = --transformers ]; then
    [[ ${2:-} =~ ^[45]$ ]] || fail 1 "oracle.sh --transformers takes 4 or 5, not \"${2:-}\"."
    worlds=("$2")
    shift 2
fi
[ "${1:-}" != --coverage ] || worlds=(5)

python() {
    PYTHONDONTWRITEBYTECODE=1 "$venv/bin/python" "$@"
}

pip() {
    python -m pip --quiet --disable-pip-version-check "$@" >>"$venv/install.log" 2>&1
}

# What an environment is made from.
stamp() {
    cat "$lists"/*.txt | sha256sum
}

install() {
    say "Making a Python environment in $venv (once; torch and its libraries take some GB)."
    # one that was cut off while it was made may hold half a package
    local clear=
    if [ -f "$venv/install.log" ] && [ ! -f "$venv/stamp" ]; then
        clear=--clear
    fi
    mkdir -p "$venv"
    rm -f "$venv/stamp"
    python3 -m venv $clear "$venv" || fail 2 "Python cannot make an environment in $venv; install python3-venv and start again."
    # the smaller build for processors, where the package index has it
    pip install torch==2.7.1+cpu || true
    pip install -r "$lists/requirements.txt" \
        || fail 2 "pip could not fetch torch, transformers and peft, perhaps there is no network; all that it said is in $venv/install.log."
    # beside those of transformers 4, without torch
    rm -rf "$venv/transformers5"
    if ! pip install --target "$venv/transformers5" --no-deps -r "$lists/transformers5.txt" \
        || ! pip install --target "$venv/transformers5" -r "$lists/transformers5-need.txt"; then
        fail 2 "pip could not fetch transformers 5, perhaps there is no network; all that it said is in $venv/install.log."
    fi
    if ! pip install --no-deps -r "$lists/schemas.txt" || ! pip install -r "$lists/schemas-need.txt"; then
        say "Axolotl and LLaMA-Factory could not be installed; exports are checked against the lists of their fields only."
    fi
    stamp >"$venv/stamp"
}

if [ "$(cat "$venv/stamp" 2>/dev/null)" != "$(stamp)" ]; then
    install
fi
"$scripts/run.sh" --version >/dev/null
jdk=$(find_jdk)
classes=$(mktemp -d)
trap 'rm -rf "$classes"' EXIT
libraries="$root/target/run/layerwise.jar:$(cat "$root/target/run/classpath")"
# as the project's own compiler settings; jars that name others that are not there are none of ours
"$jdk/bin/javac" -Xlint:all,-path,-processing,-try -Werror -proc:none -cp "$libraries" -d "$classes" \
    "$root"/src/oracle/java/org/layerwise/oracle/*.java
code=0
for world in "${worlds[@]}"; do
    path=
    [ "$world" = 4 ] || path=$venv/transformers5
    PYTHONPATH=$path PATH="$jdk/bin:$PATH" python "$lists/oracle.py" "$root" "$classes:$libraries" "$@" || code=$?
done
exit "$code"
