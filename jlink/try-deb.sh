#!/usr/bin/env bash
# Tries the Debian package as people use it: installs it with apt-get, looks at what it brings, checks its dependencies, runs
# its command line, does the sample job in its window under Xvfb, uninstalls it, and looks for what is left behind.
# Needs root or sudo. Refuses where Layerwise is installed already.
#   try-deb.sh [--build] [PACKAGE.deb]
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
need jdk xvfb fonts gtk desktop packaging
if $build || { [ $# -eq 0 ] && [ -z "$(find "$root/target/dist" -name 'layerwise_*.deb' 2>/dev/null)" ]; }; then
    package
fi
deb=${1:-$(find "$root/target/dist" -name 'layerwise_*.deb' | head -n 1)}
deb=$(readlink -f "$deb")
type=application/x-layerwise-study+json
if dpkg-query -W -f '${Status}' layerwise 2>/dev/null | grep -q ' installed'; then
    fail 2 "The package layerwise is installed already; remove it first (apt-get purge layerwise)."
fi
work=$(mktemp -d)
xvfb="" installed=false
account=$HOME # of whoever tries it; the window gets one of its own

apt_get() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -y -o Dpkg::Use-Pty=0 "$@" >"$work/apt.log" 2>&1 \
        || {
            tail -n 20 "$work/apt.log" >&2
            fail 1 "apt-get $1 failed."
        }
}

finish() {
    stop_display
    if $installed; then
        as_root apt-get -qq -y purge layerwise >/dev/null 2>&1 || true
    fi
    rm -rf "$work"
}
trap finish EXIT

# All files of the system, with what they hold where that is little; but what apt and dpkg keep for themselves.
system_files() {
    as_root find /usr /opt /etc /var /srv /home "$account" -xdev \
        \( -path "$root" -o -path /var/lib/dpkg -o -path /var/lib/apt -o -path /var/cache/apt -o -path /var/log -o -path /var/cache/ldconfig \
        -o -path '*/.m2' -o -path '*/.cache' -o -path /var/tmp \) -prune \
        -o ! -type d -printf '%p %l\n' -o -type d -printf '%p/\n' 2>/dev/null | LC_ALL=C sort -u
    as_root sh -c 'cat /usr/share/applications/*.list /usr/share/applications/mimeinfo.cache /usr/share/mime/globs2 \
        /etc/passwd /etc/group 2>/dev/null' | LC_ALL=C sort
}

check() {
    local what=$1
    shift
    "$@" || fail 1 "$what"
}

# ---- what it needs

# What is linked to by the natives that are shipped, but not shipped, must be in packages that the package depends on.
check_needs() {
    local depends soname packages package found wrong=0
    mkdir -p "$work/natives"
    "$(find_jdk)/bin/java" "$here/Natives.java" extract /opt/layerwise/lib/app "$work/natives"
    depends=$(dpkg-deb -f "$deb" Depends | tr ',|' '\n' | sed 's/(.*)//; s/ //g')
    # GTK brings the libraries that it is made of
    depends+=$'\n'$(LC_ALL=C apt-cache depends --important --no-suggests --no-conflicts --no-breaks --no-replaces --no-enhances \
        libgtk-3-0 libgtk-3-0t64 2>/dev/null | sed -n 's/.*Depends: //p')
    find "$work/natives" /opt/layerwise -type f \( -name '*.so*' -o -path '*/bin/*' \) >"$work/files"
    xargs -d '\n' -n 1 basename <"$work/files" | sort -u >"$work/shipped"
    while IFS= read -r file; do
        # CUDA's are the user's own
        case $file in */cu[0-9]*/*) continue ;; esac
        objdump -p "$file" 2>/dev/null | sed -n 's/^ *NEEDED *//p'
    done <"$work/files" | sort -u | grep -vxFf "$work/shipped" >"$work/needed"
    while IFS= read -r soname; do
        packages=$(dpkg -S "*/$soname" 2>/dev/null | sed 's/:.*//' | sort -u) || true
        found=false
        for package in $packages; do
            if grep -qxF "$package" <<<"$depends"; then
                found=true
            fi
        done
        if ! $found; then
            # OpenBLAS's variant without LAPACK is never loaded
            [ "$soname" = libopenblas_nolapack.so.0 ] && continue
            say "needed, but no dependency: $soname (${packages:-no package})"
            wrong=1
        fi
    done <"$work/needed"
    say "The natives need $(wc -l <"$work/needed") libraries of the system."
    return "$wrong"
}

# Each dependency must have a package in another release of Debian: asked of that release's lists, if there is a network.
check_release() {
    local release=$1 apt="$work/apt-$1"
    mkdir -p "$apt"/{lists/partial,cache/archives/partial,etc}
    echo "deb [trusted=yes] http://deb.debian.org/debian $release main" >"$apt/sources.list"
    : >"$apt/status"
    local options=(-o "Dir::Etc=$apt/etc" -o "Dir::Etc::sourcelist=$apt/sources.list" -o Dir::Etc::sourceparts=-
        -o "Dir::State=$apt" -o "Dir::State::lists=$apt/lists" -o "Dir::State::status=$apt/status" -o "Dir::Cache=$apt/cache"
        -o Acquire::Languages=none)
    if ! apt-get -qq "${options[@]}" update >"$work/release.log" 2>&1 || ! compgen -G "$apt/lists/*Packages*" >/dev/null; then
        say "skipped: the lists of Debian $release cannot be fetched, so nothing is said about its packages."
        return 0
    fi
    if ! apt-get -qq "${options[@]}" --no-install-recommends -s install "$deb" >"$work/release.log" 2>&1; then
        tail -n 12 "$work/release.log" >&2
        return 1
    fi
    say "Debian $release has all that the package depends on ($(grep -c '^Inst' "$work/release.log") packages on an empty system)."
}

# ---- the trial

say "Listing the system's files."
system_files >"$work/before"
say "Installing $(basename "$deb") ($(du -m "$deb" | cut -f 1) MB)."
installed=true
apt_get install "$deb"
check "/usr/bin/layerwise is not the program." [ "$(readlink -f /usr/bin/layerwise)" = /opt/layerwise/bin/layerwise ]
check "The archive of classes was not made." [ -s /opt/layerwise/lib/app/layerwise.jsa ]
check "The package's files are not as they were packed." [ -z "$(dpkg -V layerwise)" ]
check "The licences are missing." [ -s /opt/layerwise/lib/app/licences/THIRD-PARTY.txt ]
check "Natives of other platforms are inside." "$(find_jdk)/bin/java" "$here/Natives.java" check /opt/layerwise
check_needs || fail 1 "The package lacks dependencies."
for release in bookworm trixie; do
    check_release "$release" || fail 1 "The package cannot be installed on Debian $release."
done

entry=/usr/share/applications/layerwise-layerwise.desktop
desktop-file-validate "$entry" || fail 1 "The desktop entry is not valid."
grep -qx 'Exec=/opt/layerwise/bin/layerwise %f' "$entry" || fail 1 "The desktop entry starts something else: $(grep Exec "$entry")"
printf '{}\n' >"$work/some study.layerwise"
new_user "$work/home"
check "*.layerwise is not known as a study." [ "$(xdg-mime query filetype "$work/some study.layerwise")" = "$type" ]
check "Studies are not opened by Layerwise." [ "$(xdg-mime query default "$type")" = "$(basename "$entry")" ]
check "Studies have no icon." [ -n "$(find /usr/share/icons/hicolor -name "${type/\//-}.png")" ]

version=$(dpkg-deb -f "$deb" Version)
said=$(env -u DISPLAY layerwise --version)
check "layerwise --version says \"$said\", the package ${version}." [ "$said" = "layerwise ${version%-*}" ]
say "$said"
env -u DISPLAY layerwise analyze --model sample --data sample:definitions --samples 64 --out "$work/analysis" >"$work/analyze.log" 2>&1 \
    || fail 1 "layerwise analyze failed: $(tail -n 3 "$work/analyze.log")"
env -u DISPLAY layerwise select --analysis "$work/analysis" --ratio 0.5 --out "$work/selection.json" >"$work/select.log" 2>&1 \
    || fail 1 "layerwise select failed: $(tail -n 3 "$work/select.log")"
check "No selection was written." [ -s "$work/selection.json" ]

make_driver "$work/drive.jar"
start_display "$work"
class=$(sed -n 's/^StartupWMClass=//p' "$entry")
drive "$work/drive.jar" job "$work/report" /usr/bin/layerwise || fail 1 "The sample job failed in the installed window."
sed -n '/^The FX thread/p' "$work/report"
layerwise >"$work/out" 2>&1 &
app=$!
seen=false
for _ in $(seq 100); do
    if xwininfo -root -tree 2>/dev/null | grep -q "\"$class\" \"$class\""; then
        seen=true
        break
    fi
    sleep 0.2
done
kill "$app"
wait "$app" 2>/dev/null || true
$seen || fail 1 "No window has the class $class that the desktop entry names."
check "The program wrote into its folder: $(dpkg -V layerwise)" [ -z "$(dpkg -V layerwise)" ]

say "Uninstalling."
apt_get purge layerwise
installed=false
system_files >"$work/after"
if ! diff "$work/before" "$work/after" >"$work/left"; then
    cat "$work/left" >&2
    fail 1 "Something was left behind, or taken away (above; > is what is there now)."
fi
check "What the user made is gone." [ -d "$HOME/.local/share/layerwise" ]
say "The package installs, works, and leaves nothing behind but what its users made."
