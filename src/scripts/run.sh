#!/usr/bin/env bash
# Starts Layerwise from source: run.sh or run.sh FILE.layerwise opens the window, run.sh COMMAND ... is the command line (run.sh --help).
# Installs what is missing, builds when the sources have changed, and otherwise starts at once without Maven or network.
set -euo pipefail

scripts=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
root=$(dirname "$(dirname "$scripts")")
# shellcheck source=src/scripts/setup.sh
source "$scripts/setup.sh"

use_utf8
require_home

built="$root/target/run"
main=org.layerwise.cli.Main

# What a build is made from: the sources' content, and the JDK.
stamp() {
    printf '%s\n' "$jdk"
    (cd "$root" && find pom.xml src/main -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum)
}

up_to_date() {
    local entry entries
    [ -f "$built/layerwise.jar" ] && [ -f "$built/classpath" ] || return 1
    [ "$(cat "$built/stamp" 2>/dev/null)" = "$(stamp)" ] || return 1
    IFS=: read -r -a entries <"$built/classpath" || true
    for entry in "${entries[@]}"; do
        [ -e "$entry" ] || return 1
    done
}

# Shows that a build is alive: how many files have been fetched so far.
watch_build() {
    local fetched
    while sleep 1; do
        fetched=$(grep -c '^Downloaded\|^\[INFO\] Downloaded' "$1" || true)
        printf '\rlayerwise: building, %d s, %s files fetched ' "$SECONDS" "$fetched" >&2
    done
}

maven() {
    local log=$1 watcher="" code=0
    shift
    SECONDS=0
    if [ -t 2 ]; then
        watch_build "$log" &
        watcher=$!
    fi
    (cd "$root" && JAVA_HOME=$jdk mvn -B "$@" </dev/null) >"$log" 2>&1 || code=$?
    if [ -n "$watcher" ]; then
        kill "$watcher" 2>/dev/null || true
        wait "$watcher" 2>/dev/null || true
        printf '\n' >&2
    fi
    return "$code"
}

build() {
    local now log="$built/build.log"
    if up_to_date; then
        return 0 # another start built it while this one waited
    fi
    now=$(stamp)
    mkdir -p "$built"
    rm -f "$built/stamp" "$built"/window.jsa* "$root"/target/layerwise-workbench-*.jar
    say "Building (the first time this fetches about 700 MB of libraries)."
    # goals one after the other in one run: the class path is written only when the jar is there
    if ! maven "$log" -Dmaven.test.skip=true package \
        dependency:build-classpath -Dmdep.includeScope=runtime "-Dmdep.outputFile=$built/classpath"; then
        grep '^\[ERROR\]' "$log" | head -n 12 >&2 || tail -n 12 "$log" >&2
        fail 1 "The build failed; its log is $log."
    fi
    # a copy of its own, so that a later build cannot change it under a window that is open
    cp "$root"/target/layerwise-workbench-*.jar "$built/layerwise.jar.part"
    mv "$built/layerwise.jar.part" "$built/layerwise.jar"
    printf '%s\n' "$now" >"$built/stamp"
}

window=false
if [ $# -eq 0 ] || { [ $# -eq 1 ] && [[ ${1,,} == *.layerwise ]]; }; then
    window=true
    if [ "$(uname)" = Linux ] && [ -z "${DISPLAY:-}" ]; then
        fail 2 "There is no display to open the window on (DISPLAY is not set); start it in a desktop session, or try run.sh demo."
    fi
fi

things=(jdk fonts)
if $window; then
    things+=(gtk)
fi
if [ ! -f "$built/stamp" ]; then
    things+=(maven)
fi
need "${things[@]}"
jdk=$(find_jdk)
if ! up_to_date; then
    need maven
    take_build_lock "$root"
    build
    leave_build_lock
fi

java=("$jdk/bin/java" "-XX:ErrorFile=${XDG_STATE_HOME:-$HOME/.local/state}/layerwise/logs/crash-%p.log")
if [ "$(java_major "$jdk")" -ge 24 ]; then
    java+=(--enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow)
fi
# what people give the JVM themselves, such as JAVA_OPTS="-Xmx8g -Djava.io.tmpdir=/scratch"; the last word on a setting counts
read -ra options <<<"${JAVA_OPTS:-}"
java+=("${options[@]}")
program=(-cp "$built/layerwise.jar:$(cat "$built/classpath")" "$main")
rest_idle_threads

if ! $window; then
    if [ -t 2 ] && size=$(stty size 2>/dev/null </dev/tty); then
        export COLUMNS=${size#* }
    fi
    exec "${java[@]}" "${program[@]}" "$@"
fi

# The classes that a window loads, archived when the first one closes: the next one opens about a second sooner.
# A failure of the JVM to make or to use the archive is no failure of the start.
archive="$built/window.jsa"
java+=(-Xshare:auto -Xlog:disable)
if [ -f "$archive" ]; then
    exec "${java[@]}" "-XX:SharedArchiveFile=$archive" "${program[@]}" "$@"
fi
code=0
"${java[@]}" "-XX:ArchiveClassesAtExit=$archive.$$" "${program[@]}" "$@" || code=$?
if [ "$code" -eq 0 ] && [ -f "$archive.$$" ]; then
    mv "$archive.$$" "$archive"
fi
rm -f "$archive.$$"
exit "$code"
