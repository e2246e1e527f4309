#!/usr/bin/env bash
# Measures how long the window takes from the start of the process until it is painted: starts it under Xvfb again and again
# and prints each time and the median. The first start, which no one has warmed up, does not count.
#   startup.sh [TIMES [COMMAND]]
# COMMAND is /usr/bin/layerwise if that is installed, else the app image in target/dist. The program writes into its log when
# it was painted; the screen is looked at once to see that this is true. Ends with 1 above LIMIT milliseconds (2500).
set -euo pipefail

here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
root=$(dirname "$here")
# shellcheck source=src/scripts/setup.sh
source "$root/src/scripts/setup.sh"
# shellcheck source=jlink/tools.sh
source "$here/tools.sh"

times=${1:-10}
command=${2:-/usr/bin/layerwise}
if [ $# -lt 2 ] && [ ! -x "$command" ]; then
    command=$root/target/dist/layerwise/bin/layerwise
fi
[ -x "$command" ] || fail 2 "$command is not there; make it with mvn -Pdist package, or install the package."
need jdk xvfb fonts gtk
work=$(mktemp -d)
app="" xvfb="" log=""

close_window() {
    [ -n "$app" ] || return 0
    kill "$app" 2>/dev/null || true
    wait "$app" 2>/dev/null || true
    app=""
}
trap 'close_window; stop_display; rm -rf "$work"' EXIT
start_display "$work"
new_user "$work/home"

# Sets $took.
open_window() {
    local start painted=""
    rm -f "$log"
    start=$(date +%s%3N)
    "$command" >"$work/out" 2>&1 &
    app=$!
    for _ in $(seq 300); do
        painted=$(sed -n 's/.*Window painted at \([0-9]*\) ms.*/\1/p' "$log" 2>/dev/null) || true
        [ -z "$painted" ] || break
        kill -0 "$app" 2>/dev/null || fail 1 "The window closed by itself: $(cat "$work/out")"
        sleep 0.1
    done
    [ -n "$painted" ] || fail 1 "The window of $command did not show within 30 seconds."
    took=$((painted - start))
}

open_window
printf 'first start, not counted: %d ms\n' "$took"
"$(find_jdk)/bin/java" "$here/Photograph.java" "$work/window.png" 1 >/dev/null \
    || fail 1 "The program says that its window is painted, but the screen is blank."
close_window
all=()
for _ in $(seq "$times"); do
    open_window
    all+=("$took")
    sleep 0.3
    close_window
done
mapfile -t sorted < <(printf '%s\n' "${all[@]}" | sort -n)
median=${sorted[$((${#sorted[@]} / 2))]}
printf '%s ms\n' "${all[*]}"
printf 'median %d ms from the start of the process to the painted window, %s to %s ms, %d starts on %d cores (load %s)\n' \
    "$median" "${sorted[0]}" "${sorted[-1]}" "$times" "$(nproc)" "$(cut -d ' ' -f 1 /proc/loadavg)"
[ "$median" -lt "${LIMIT:-2500}" ]
