#!/usr/bin/env bash
# Checks Layerwise on this machine's NVIDIA card: runs the tests for a card, measures training steps beside PEFT's and the card's own
# rate for products, and writes one report in Markdown. Ends with 1 if a test failed or a step could not be measured.
#   gpu.sh [--torch DIR] [--rehearse] [REPORT.md]
# --torch DIR is a Python environment with torch 2.7.1 (CUDA), transformers 4.55.4 and PEFT 0.17.1. Without it one is made the first time
# (some GB, needs the network); LAYERWISE_GPU is its folder, ~/.cache/layerwise/gpu-check without it.
# --rehearse runs the same on the processor, small, which proves nothing about a card.
# REPORT.md is gpu-report.md in this folder if no name is given. The user's own settings stay as they are.
set -euo pipefail

scripts=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
root=$(dirname "$(dirname "$scripts")")
# shellcheck source=src/scripts/setup.sh
source "$scripts/setup.sh"

torch=
rehearse=false
report=
while [ $# -gt 0 ]; do
    case $1 in
        --torch)
            [ -n "${2:-}" ] || fail 2 "gpu.sh --torch takes the folder of a Python environment."
            torch=$2
            shift
            ;;
        --rehearse) rehearse=true ;;
        -h | --help)
            sed -n '2,9s/^# \{0,1\}//p' "$0"
            exit 0
            ;;
        -*) fail 2 "gpu.sh takes --torch DIR, --rehearse and the name of a report, not \"$1\"." ;;
        *)
            [ -z "$report" ] || fail 2 "gpu.sh writes one report, not \"$report\" and \"$1\"."
            report=$1
            ;;
    esac
    shift
done
report=$(readlink -m "${report:-gpu-report.md}")
if [ ! -d "$(dirname "$report")" ] || [ ! -w "$(dirname "$report")" ] || [ -d "$report" ]; then
    fail 2 "The report cannot be written to $report; name a file in a folder that exists and can be written."
fi

# ---- the card

# the root folder of the system: tests have one of their own
system=${LAYERWISE_SYSTEM:-}

has_hardware() {
    local device class
    [ ! -e "$system/dev/dxg" ] || return 0 # Windows' driver, seen from WSL
    for device in "$system"/sys/bus/pci/devices/*; do
        [ "$(cat "$device/vendor" 2>/dev/null)" = 0x10de ] || continue
        class=$(cat "$device/class" 2>/dev/null)
        [[ $class != 0x03* ]] || return 0
    done
    return 1
}

has_driver() {
    [ -e "$system/proc/driver/nvidia/version" ] || [ -e "$system/dev/dxg" ]
}

require_card() {
    local else="gpu.sh --rehearse runs the same on the processor"
    [ "$(uname -sm)" = "Linux x86_64" ] || fail 2 "The libraries for CUDA are for Linux on x86_64 processors; $else."
    has_driver || ! has_hardware || fail 2 "There is an NVIDIA card without its driver; install NVIDIA's driver and start the machine again."
    has_driver || fail 2 "There is no NVIDIA card or driver on this machine; $else."
}

$rehearse || require_card
use_utf8
require_home
need jdk maven fonts
jdk=$(find_jdk)

# ---- the libraries

list="$root/src/oracle/python/requirements.txt"

python() {
    PYTHONDONTWRITEBYTECODE=1 "$torch/bin/python" "$@"
}

make_environment() {
    local stamp log clear=
    stamp=$(sha256sum <"$list")
    log="$torch/install.log"
    [ "$(cat "$torch/stamp" 2>/dev/null)" != "$stamp" ] || return 0
    need venv
    say "Making a Python environment in $torch (once; torch with CUDA takes some GB)."
    # one that was cut off while it was made may hold half a package
    if [ -f "$torch/pyvenv.cfg" ] && [ ! -f "$torch/stamp" ]; then
        clear=--clear
    fi
    mkdir -p "$torch"
    rm -f "$torch/stamp"
    python3 -m venv $clear "$torch" || fail 2 "Python cannot make an environment in $torch; install python3-venv and start again."
    python -m pip --quiet --disable-pip-version-check install -r "$list" >>"$log" 2>&1 \
        || fail 2 "pip could not fetch torch, transformers and peft, perhaps there is no network; all that it said is in $log."
    printf '%s\n' "$stamp" >"$torch/stamp"
}

if [ -z "$torch" ]; then
    torch=${LAYERWISE_GPU:-${XDG_CACHE_HOME:-$HOME/.cache}/layerwise/gpu-check}
    make_environment
else
    torch=$(readlink -m "$torch")
    [ -x "$torch/bin/python" ] || fail 2 "$torch is no Python environment; --torch takes one made by python3 -m venv."
fi

# What is installed and what it sees: the CUDA that torch was built for, or "none", and the number of cards.
ask_torch() {
    python - "$list" <<'PYTHON'
import importlib.metadata as metadata
import re
import sys

for name, version in re.findall(r"^(torch|transformers|peft)==(\S+)", open(sys.argv[1]).read(), re.MULTILINE):
    try:
        found = metadata.version(name)
    except metadata.PackageNotFoundError:
        sys.exit(f"has no {name}, but {version} is needed")
    if found.split("+")[0] != version:
        sys.exit(f"has {name} {found}, but {version} is needed")
import torch

print(torch.version.cuda or "none", torch.cuda.device_count())
PYTHON
}

said=$(ask_torch 2>&1) || fail 2 "The Python environment in $torch ${said##*$'\n'}."
read -r cuda cards <<<"${said##*$'\n'}"
flags=(-Dlayerwise.gpu.tests=true)
device=cuda:0
if $rehearse; then
    device=cpu
else
    [ "$cuda" != none ] || fail 2 "The torch in $torch is a build for the processor; --torch takes one with CUDA, as PyPI has it."
    [ "$cards" -gt 0 ] || fail 2 "torch sees no card although there is a driver; it may be too old for CUDA $cuda, or this is a container that was started without the card."
fi
own=()
if [ "$cuda" != none ]; then
    flags+=("-Dlayerwise.torch=$torch")
    own+=(--torch)
fi

# ---- tests, measurements, report

take_build_lock "$root"
cd "$root"
set_torch_variables
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export JAVA_HOME=$jdk
export PATH="$jdk/bin:$PATH"
jvm=()
[ "$(java_major "$jdk")" -lt 24 ] || jvm+=(--enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow)
! $rehearse || jvm+=("-Dlayerwise.gpu.device=$device")

# maven LOG GOAL...
maven() {
    local log=$1
    shift
    if ! mvn -B -ntp "$@" </dev/null >"$log" 2>&1; then
        grep '^\[ERROR\]' "$log" | head -n 12 >&2 || tail -n 12 "$log" >&2
        return 1
    fi
}

log="$root/target/gpu.log"
results="$root/target/surefire-reports"
mkdir -p "$root/target"
rm -f "$report" "$results"/TEST-*.xml
say "Building, and running the tests for a card (all that Maven says is in $root/target/gpu*.log)."
maven "$root/target/gpu-build.log" -Pgpu,bench test-compile "${flags[@]}" \
    dependency:build-classpath "-Dmdep.outputFile=$work/classpath" -Dmdep.includeScope=test \
    || fail 1 "The build failed; its log is $root/target/gpu-build.log."
# failures of tests belong into the report, and so does a crash of their JVM
ended=()
maven "$log" -Pgpu,bench test "${flags[@]}" "-Dtest.jvm.args=${jvm[*]}" -Dmaven.test.failure.ignore=true \
    || ended+=(--ended-early "$log")
# Maven counts a crash among the failures that it was told to ignore
! grep -q 'forked VM terminated\|error in starting fork' "$log" || ended=(--ended-early "$log")
commit=$(git rev-parse --short=12 HEAD 2>/dev/null || echo unknown)
[ -z "$(git status --porcelain 2>/dev/null)" ] || commit="$commit, with changes"
code=0
python "$root/src/bench/python/gpu.py" \
    --classpath "$root/target/classes:$root/target/test-classes:$(cat "$work/classpath")" --work "$work" --tests "$results" \
    --commit "$commit" --java "$(java_major "$jdk")" --device "$device" --report "$report" \
    "${own[@]}" "${ended[@]}" "${flags[@]/#/--java-flag=}" || code=$?
[ -f "$report" ] || fail 1 "The report could not be written; the messages above say why."
say "The report is $report."
exit "$code"
