#!/usr/bin/env bash
# Runs a command and says the peak of its anonymous memory (RssAnon of all its processes together, 20 samples a second):
# pages of mapped files, which the system takes back at will, do not count.
#   peak-memory.sh COMMAND...
set -euo pipefail
"$@" &
root=$!
peak=0
family() { # a process and all below it
    local pid child children
    for pid in "$@"; do
        printf '%s ' "$pid"
        children=()
        read -ra children 2>/dev/null <"/proc/$pid/task/$pid/children" || true
        for child in "${children[@]}"; do family "$child"; done
    done
}
while kill -0 "$root" 2>/dev/null; do
    sum=0
    for pid in $(family "$root"); do
        kb=$(awk '/^RssAnon:/ { print $2 }' "/proc/$pid/status" 2>/dev/null || true)
        sum=$((sum + ${kb:-0}))
    done
    if ((sum > peak)); then peak=$sum; fi
    sleep 0.05
done
code=0
wait "$root" || code=$?
printf 'Peak anonymous memory: %d MB\n' $((peak / 1024)) >&2
exit "$code"
