#!/usr/bin/env bash
# Tries the packaged program: builds the app image if it is not there (or with --build), starts its window under Xvfb,
# photographs it into target/dist/window.png, and runs its command line without a display.
# smoke.sh [--build] [APP_IMAGE]
set -euo pipefail

here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
root=$(dirname "$here")
# shellcheck source=src/scripts/setup.sh
source "$root/src/scripts/setup.sh"

build=false
if [ "${1:-}" = --build ]; then
    build=true
    shift
fi
image=${1:-$root/target/dist/layerwise}
work=$(mktemp -d)
app="" xvfb=""

finish() {
    [ -z "$app" ] || kill "$app" 2>/dev/null || true
    [ -z "$xvfb" ] || kill "$xvfb" 2>/dev/null || true
    wait
    rm -rf "$work"
}
trap finish EXIT

need jdk fonts gtk xvfb
if $build || [ ! -x "$image/bin/layerwise" ]; then
    need jmods maven packaging
    jdk=$(find_jdk jmods)
    take_build_lock "$root"
    say "Packaging (mvn -Pdist package)."
    (cd "$root" && JAVA_HOME=$jdk mvn -B -q -ntp -Pdist -Ddist.skip.deb=true -Dmaven.test.skip=true package </dev/null)
    leave_build_lock
fi
jdk=$(find_jdk)

# a user who has never started it
export HOME="$work/home"
mkdir "$HOME"
unset XDG_DATA_HOME XDG_CONFIG_HOME XDG_STATE_HOME XDG_CACHE_HOME JAVA_TOOL_OPTIONS

env -u DISPLAY "$image/bin/layerwise" --version
env -u DISPLAY "$image/bin/layerwise" demo --help >"$work/help"
grep -q -- --out "$work/help" || fail 1 "The image's demo --help does not tell of --out."
code=0
env -u DISPLAY "$image/bin/layerwise" train --ratio 2>"$work/error" || code=$?
[ "$code" -eq 2 ] || fail 1 "The image's command line returned $code for a wrong flag, not 2."

Xvfb -displayfd 3 -screen 0 1600x1000x24 -nolisten tcp -noreset -r 3>"$work/display" 2>"$work/xvfb.log" &
xvfb=$!
for _ in $(seq 100); do
    [ ! -s "$work/display" ] || break
    sleep 0.1
done
[ -s "$work/display" ] || fail 1 "Xvfb did not start: $(cat "$work/xvfb.log")"
DISPLAY=:$(cat "$work/display")
export DISPLAY

"$image/bin/layerwise" 2>"$work/window.log" &
app=$!
mkdir -p "$root/target/dist"
if ! "$jdk/bin/java" "$here/Photograph.java" "$root/target/dist/window.png" 60; then
    cat "$work/window.log" >&2
    fail 1 "The window of $image did not show."
fi
kill -0 "$app" 2>/dev/null || fail 1 "The window closed by itself: $(cat "$work/window.log")"
say "The app image works."
