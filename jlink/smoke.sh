#!/usr/bin/env bash
# Tries the packaged program: packages it if it is not there (or with --build), looks for other platforms' natives and for
# licences, runs its command line without a display, and starts its window under Xvfb, photographed into target/dist/window.png.
# smoke.sh [--build] [APP_IMAGE]
set -euo pipefail

here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
root=$(dirname "$here")
# shellcheck source=src/scripts/setup.sh
source "$root/src/scripts/setup.sh"
# shellcheck source=jlink/tools.sh
source "$here/tools.sh"

build=false
if [ "${1:-}" = --build ]; then
    build=true
    shift
fi
image=${1:-$root/target/dist/layerwise}
work=$(mktemp -d)
app="" xvfb=""

finish() {
    if [ -n "$app" ]; then
        kill "$app" 2>/dev/null || true
        wait "$app" 2>/dev/null || true
    fi
    stop_display
    rm -rf "$work"
}
trap finish EXIT

need jdk fonts gtk xvfb
if $build || [ ! -x "$image/bin/layerwise" ]; then
    package -Ddist.skip.installer=true
fi
jdk=$(find_jdk)

"$jdk/bin/java" "$here/Natives.java" check "$image" || fail 1 "The image holds natives of other platforms, or none."
for text in THIRD-PARTY BUNDLED Apache-2.0; do
    [ -s "$image/lib/app/licences/$text.txt" ] || fail 1 "The image lacks licences/$text.txt."
done

new_user "$work/home"
env -u DISPLAY "$image/bin/layerwise" --version
env -u DISPLAY "$image/bin/layerwise" demo --help >"$work/help"
grep -q -- --out "$work/help" || fail 1 "The image's demo --help does not tell of --out."
code=0
env -u DISPLAY "$image/bin/layerwise" train --ratio 2>"$work/error" || code=$?
[ "$code" -eq 2 ] || fail 1 "The image's command line returned $code for a wrong flag, not 2."

start_display "$work"
"$image/bin/layerwise" 2>"$work/window.log" &
app=$!
mkdir -p "$root/target/dist"
if ! "$jdk/bin/java" "$here/Photograph.java" "$root/target/dist/window.png" 60; then
    cat "$work/window.log" >&2
    fail 1 "The window of $image did not show."
fi
kill -0 "$app" 2>/dev/null || fail 1 "The window closed by itself: $(cat "$work/window.log")"
say "The app image works: $(du -sm "$image" | cut -f 1) MB."
