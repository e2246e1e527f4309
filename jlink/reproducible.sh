#!/usr/bin/env bash
# Packages twice and compares: two builds may differ in nothing but time stamps and the archive of classes. Compares the files of
# the app images and, with --deb, the contents of the packages, jars entry by entry.
set -euo pipefail

here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
root=$(dirname "$here")
# shellcheck source=src/scripts/setup.sh
source "$root/src/scripts/setup.sh"
# shellcheck source=jlink/tools.sh
source "$here/tools.sh"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
options=(-Ddist.skip.installer=true)
if [ "${1:-}" = --deb ]; then
    options=()
fi

# What a build is made of: a line a file, with what it holds.
list() {
    local from=$1
    (cd "$from" && find . -type f ! -name '*.jsa' -print0 | LC_ALL=C sort -z | xargs -0 sha256sum)
    (cd "$from" && find . -type l -printf '%l  %p\n' | LC_ALL=C sort)
    (cd "$from" && find . -printf '%m %y  %p\n' | LC_ALL=C sort -k 3)
}

for build in 1 2; do
    rm -rf "$root/target/classes" "$root/target/dist"
    package "${options[@]}"
    if [ "${#options[@]}" -eq 0 ]; then
        dpkg-deb -R "$root"/target/dist/layerwise_*.deb "$work/deb"
        # the sums and sizes of the files that may differ
        sed -i '/\.jsa$/d' "$work/deb/DEBIAN/md5sums" 2>/dev/null || true
        list "$work/deb" >"$work/$build.deb"
        rm -rf "$work/deb"
    fi
    list "$root/target/dist/layerwise" >"$work/$build.image"
done
different=0
for kind in image deb; do
    [ -f "$work/1.$kind" ] || continue
    if diff "$work/1.$kind" "$work/2.$kind" >"$work/differences"; then
        say "The two builds of the $kind are the same but for the archive of classes: $(grep -c '^[0-9a-f]\{64\}' "$work/1.$kind") files."
    else
        say "The two builds of the $kind differ:"
        cat "$work/differences" >&2
        different=1
    fi
done
exit "$different"
