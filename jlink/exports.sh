#!/usr/bin/env bash
# Shows that the --add-exports of the packaged program are right: uses the controls of ControlsFX that reach into JavaFX beside
# its window, with all options, which must go well, and without each of them in turn, which must fail.
#   exports.sh [APP_IMAGE]
set -euo pipefail

here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
root=$(dirname "$here")
# shellcheck source=src/scripts/setup.sh
source "$root/src/scripts/setup.sh"
# shellcheck source=jlink/tools.sh
source "$here/tools.sh"

image=${1:-$root/target/dist/layerwise}
need jdk xvfb fonts gtk
if [ ! -x "$image/bin/layerwise" ]; then
    package -Ddist.skip.installer=true
fi
# beside the image, so that files can be linked
work=$(mktemp -d "$(dirname "$image")/exports.XXXXXX")
xvfb=""
trap 'stop_display; rm -rf "$work"' EXIT
make_driver "$work/drive.jar"
start_display "$work"

mapfile -t options < <(sed -n 's/^java-options=\(--add-exports=.*\)/\1/p' "$image/lib/app/layerwise.cfg")
[ "${#options[@]}" -gt 0 ] || fail 1 "The image has no --add-exports."
bad=0
for without in "" "${options[@]}"; do
    rm -rf "${work:?}/layerwise" "${work:?}/home"
    cp -al "$image" "$work/layerwise"
    new_user "$work/home"
    cfg="$work/layerwise/lib/app/layerwise.cfg"
    if [ -n "$without" ]; then
        grep -vxF -- "java-options=$without" "$cfg" >"$work/cfg"
        rm "$cfg"
        mv "$work/cfg" "$cfg"
    fi
    if drive "$work/drive.jar" controls "$work/report" "$work/layerwise/bin/layerwise" 2>"$work/said"; then
        say "${without:+without $without: }the controls work."
        [ -z "$without" ] || bad=1
    elif [ -z "$without" ]; then
        cat "$work/said" >&2
        fail 1 "The controls fail with all options."
    else
        say "without $without: $(grep -m 1 -o 'Illegal[A-Za-z]*Error.*' "$work/said" || tail -n 1 "$work/said")"
    fi
done
[ "$bad" -eq 0 ] || fail 1 "An option can be left out without anyone noticing."
say "Each --add-exports of the image is needed."
