#!/usr/bin/env bash
# Runs every check of the project: scripts, formatting, compiler warnings, unit, golden, architecture and window tests.
# test.sh --quick leaves out the window tests and the formatting. Other arguments are passed on to Maven.
# test.sh --locales [LOCALE...] runs what --quick runs in languages that write digits or letters in another way: fa-IR, tr-TR and
# de-DE without a name, or others such as ar-EG and th-TH-TH.
# test.sh --windows [N] runs the window tests N times, 10 without a number, and ends with the first failure.
# test.sh --dist packages the program and tries the package instead: installs it, does the sample job in its window, measures its
# start-up and stalls, uninstalls it, and packages once more to compare (needs root or sudo, some fifteen minutes).
# test.sh --cluster tries what is sent to Ray and Slurm on real ones on this computer instead (see cluster.sh).
# test.sh --oracle [--transformers 4|5] [PART OF A CHECK'S NAME] compares with HuggingFace's PEFT instead (see oracle.sh).
set -euo pipefail

scripts=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
root=$(dirname "$(dirname "$scripts")")
# shellcheck source=src/scripts/setup.sh
source "$scripts/setup.sh"

use_utf8
require_home

# without -r, key auto-repeat hangs tests of the window
SCREEN="-screen 0 1600x1000x24 -nolisten tcp -noreset -r"

check_scripts() {
    local script
    while IFS= read -r -d '' script; do
        bash -n "$script" || fail 1 "$script has a syntax error."
    done < <(find "$root/src/scripts" "$root/jlink" "$root/.ci" -type f \( -name '*.sh' -o -name run \) -print0)
    if command -v shellcheck >/dev/null; then
        (cd "$root" && find src/scripts jlink .ci -type f \( -name '*.sh' -o -name run \) -exec shellcheck -x -S warning {} +)
    fi
}

# The flags of Java for a language, a country and a variant, such as th-TH-TH; none for the computer's own.
locale_flags() {
    local language country variant
    IFS=- read -r language country variant <<<"$1"
    [ -z "$language" ] || printf -- '-Duser.language=%s -Duser.country=%s -Duser.variant=%s' "$language" "$country" "$variant"
}

# The number of processes that share the tests: three, since tests of the window wait more than they compute; two with less than
# 16 GB of memory, and one with less than 8 GB or one core.
processes() {
    local kb
    kb=$(sed -n 's/^MemTotal: *\([0-9]*\) kB$/\1/p' /proc/meminfo)
    if [ "$(nproc)" -lt 2 ] || [ "${kb:-0}" -lt 7500000 ]; then
        echo 1
    elif [ "$kb" -lt 15000000 ]; then
        echo 2
    else
        echo 3
    fi
}

screens=()
stop_screens() {
    [ ${#screens[@]} -eq 0 ] || kill "${screens[@]}" 2>/dev/null || true
}

# Returns 0 if the displays of a prefix are up, and are those that were started here: another test.sh may have been faster.
screens_are_up() {
    local number owner
    for number in $(seq ${#screens[@]}); do
        read -r owner 2>/dev/null <"/tmp/.X$1$number-lock" || return 1
        [ "$owner" = "${screens[number - 1]}" ] && [ -e "/tmp/.X11-unix/X$1$number" ] || return 1
    done
}

# Starts virtual displays :P1 to :PN of their own, whatever display there is, since the tests press keys; sets screen_prefix to P.
start_screens() {
    local prefix number log
    log=$(mktemp)
    for prefix in $(seq 9 99); do
        screens=()
        for number in $(seq "$1"); do
            [ ! -e "/tmp/.X$prefix$number-lock" ] || continue 2
        done
        trap stop_screens EXIT
        for number in $(seq "$1"); do
            # shellcheck disable=SC2086 # several words
            Xvfb ":$prefix$number" $SCREEN >>"$log" 2>&1 &
            screens+=($!)
        done
        for _ in $(seq 100); do
            if screens_are_up "$prefix"; then
                screen_prefix=$prefix
                rm -f "$log"
                return
            fi
            sleep 0.1
        done
        stop_screens
    done
    fail 1 "Xvfb does not start; its words are in $log."
}

if [ "${1:-}" = --oracle ]; then
    shift
    exec "$scripts/oracle.sh" "$@"
fi

if [ "${1:-}" = --cluster ]; then
    shift
    exec "$scripts/cluster.sh" "$@"
fi

if [ "${1:-}" = --dist ]; then
    "$root/jlink/try-deb.sh" --build
    "$root/jlink/smoke.sh"
    "$root/jlink/exports.sh"
    "$root/jlink/stalls.sh"
    "$root/jlink/reproducible.sh" --deb
    # last, because it fails on a machine that does something else meanwhile
    exec "$root/jlink/startup.sh" 10 "$root/target/dist/layerwise/bin/layerwise"
fi

quick=false
windows=false
times=1
locales=("")
if [ "${1:-}" = --quick ]; then
    quick=true
    shift
elif [ "${1:-}" = --locales ]; then
    quick=true
    shift
    locales=()
    while [[ ${1:-} =~ ^[a-z]{2,3}(-[A-Z]{2}(-[A-Z]+)?)?$ ]]; do
        locales+=("$1")
        shift
    done
    [ ${#locales[@]} -gt 0 ] || locales=(fa-IR tr-TR de-DE)
elif [ "${1:-}" = --windows ]; then
    windows=true
    times=${2:-10}
    [[ $times =~ ^[1-9][0-9]{0,3}$ ]] || fail 1 "test.sh --windows takes how often, such as 10, not \"$times\"."
    shift $(($# > 1 ? 2 : 1))
fi

need jdk maven fonts
jdk=$(find_jdk)
check_scripts
jvm=()
if $quick; then
    goals=(test)
else
    need gtk xvfb
    goals=(verify "${WITH_WINDOWS[@]}")
    ! $windows || goals=(test "${WITH_WINDOWS[@]}" -Dgroups=window)
fi
if [ "$(java_major "$jdk")" -ge 24 ]; then
    jvm+=(--enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow)
fi
set_torch_variables
take_build_lock "$root"
cd "$root"
forks=$(processes)
goals+=("-Dtest.forks=$forks")
# each process has its share of the cores: more threads would only wait for each other
[ "$forks" -eq 1 ] || export OMP_NUM_THREADS=${OMP_NUM_THREADS:-$((($(nproc) + forks - 1) / forks))}
if ! $quick; then
    start_screens "$forks"
    goals+=("-Dtest.display=:$screen_prefix")
fi
for round in $(seq "$times"); do
    for locale in "${locales[@]}"; do
        JAVA_HOME=$jdk mvn -B -ntp "-Dtest.jvm.args=${jvm[*]} $(locale_flags "$locale")" \
            "${goals[@]}" "$@" </dev/null
        [ -z "$locale" ] || say "The tests have no failure under $locale."
    done
    ! $windows || say "Round $round of $times has no failure."
done
