#!/usr/bin/env bash
# Does the whole sample job in the window of the packaged program under Xvfb, and prints how long the FX thread did not answer:
# the longest time of each step, and what it was at in the longest stalls. Ends with 1 if the job fails, not if a stall is long.
#   stalls.sh [--no-archive] [COMMAND]
# COMMAND opens the window: the app image in target/dist without it (packaged if it is not there), /usr/bin/layerwise for the
# installed program. An app image gets an archive of classes as the installed program has it, except with --no-archive.
set -euo pipefail

here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
root=$(dirname "$here")
# shellcheck source=src/scripts/setup.sh
source "$root/src/scripts/setup.sh"
# shellcheck source=jlink/tools.sh
source "$here/tools.sh"

need jdk xvfb fonts gtk
archived=true
if [ "${1:-}" = --no-archive ]; then
    archived=false
    shift
fi
command=${1:-$root/target/dist/layerwise/bin/layerwise}
if [ ! -x "$command" ]; then
    package -Ddist.skip.installer=true
fi
work=$(mktemp -d)
xvfb=""
trap 'stop_display; rm -rf "$work"' EXIT
make_driver "$work/drive.jar"
app=$(dirname "$(dirname "$(readlink -f "$command")")")/lib/app
options=()
if $archived && ! grep -q '^java-options=-XX:SharedArchiveFile' "$app/layerwise.cfg"; then
    options=("-XX:SharedArchiveFile=$work/layerwise.jsa")
    "$app/../runtime/bin/java" -Xshare:dump -Xlog:disable "-XX:SharedClassListFile=$app/layerwise.classes" "${options[@]}" \
        -cp "$(class_path "$app")" >"$work/dump.log" 2>&1 || fail 1 "The archive of classes could not be made: $(cat "$work/dump.log")"
fi
start_display "$work"
new_user "$work/home"
drive_without_agent "$work/drive.jar" "$work/report" "$app" "${options[@]}"
cat "$work/report"
