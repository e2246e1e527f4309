#!/usr/bin/env bash
# Does the whole sample job in the window of the packaged program under Xvfb, and prints how long the FX thread did not answer:
# the longest time of each step, and what it was at in the longest stalls. Ends with 1 if the job fails, not if a stall is long.
#   stalls.sh [COMMAND]
# COMMAND opens the window: the app image in target/dist without it (packaged if it is not there), /usr/bin/layerwise for the
# installed program.
set -euo pipefail

here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
root=$(dirname "$here")
# shellcheck source=src/scripts/setup.sh
source "$root/src/scripts/setup.sh"
# shellcheck source=jlink/tools.sh
source "$here/tools.sh"

need jdk xvfb fonts gtk
command=${1:-$root/target/dist/layerwise/bin/layerwise}
if [ ! -x "$command" ]; then
    package -Ddist.skip.installer=true
fi
work=$(mktemp -d)
xvfb=""
trap 'stop_display; rm -rf "$work"' EXIT
make_driver "$work/drive.jar"
start_display "$work"
new_user "$work/home"
drive "$work/drive.jar" job "$work/report" "$command"
cat "$work/report"
