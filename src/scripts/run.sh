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

# For commands, which take seconds more often than hours: code is compiled with optimisation only where it is used very often
# (hashing, sums over rows), and one thread collects garbage. People's own choice of a collector counts.
quick=(-XX:Tier4InvocationThreshold=30000 -XX:Tier4MinInvocationThreshold=10000 -XX:Tier4CompileThreshold=60000
    -XX:Tier4BackEdgeThreshold=300000)
if [[ "${JAVA_OPTS:-} ${JAVA_TOOL_OPTIONS:-} ${JDK_JAVA_OPTIONS:-}" != *-XX:+Use*GC* ]]; then
    quick+=(-XX:+UseSerialGC)
fi

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
    rm -f "$built/stamp" "$built"/*.jsa* "$root"/target/layerwise-workbench-*.jar
    say "Building (the first time this fetches about 700 MB of libraries)."
    # goals one after the other in one run: the class path is written only when the jar is there
    if ! maven "$log" -Dmaven.test.skip=true -Dtest.strict.skipped=true package \
        dependency:build-classpath -Dmdep.includeScope=runtime "-Dmdep.outputFile=$built/classpath"; then
        grep '^\[ERROR\]' "$log" | head -n 12 >&2 || tail -n 12 "$log" >&2
        fail 1 "The build failed; its log is $log."
    fi
    # a copy of its own, so that a later build cannot change it under a window that is open
    cp "$root"/target/layerwise-workbench-*.jar "$built/layerwise.jar.part"
    mv "$built/layerwise.jar.part" "$built/layerwise.jar"
    unpack_duckdb
    printf '%s\n' "$now" >"$built/stamp"
}

# DuckDB's driver unpacks its library (60 MB) at every start: a quarter of a second less where it lies uncompressed in a jar
# ahead of the driver's. Without it, the driver takes its own.
unpack_duckdb() {
    local library driver folder
    folder="$built/duckdb.part" # one build at a time; a stopped one may have left it
    rm -rf "$built/duckdb.jar" "$folder"
    driver=$(tr : '\n' <"$built/classpath" | grep '/duckdb_jdbc-[^/]*\.jar$') || return 0
    mkdir "$folder"
    library=libduckdb_java.so_linux_$(case $(uname -m) in aarch64) echo arm64 ;; *) echo amd64 ;; esac)
    if (cd "$folder" && "$jdk/bin/jar" xf "$driver" "$library" && "$jdk/bin/jar" cfM0 "$built/duckdb.jar.part" "$library") \
        2>>"$built/build.log"; then
        mv "$built/duckdb.jar.part" "$built/duckdb.jar"
    fi
    rm -rf "$folder" "$built/duckdb.jar.part"
}

# The classes of a command that computes, archived by a small analysis: a command takes less processor time to start. The
# archive is bound to this JDK and these jars at their place; the JVM ignores one that does not fit, but dies of one that was cut
# short, so its size is kept. The stamp tells what an archive was made for, or could not be made for.
archive_commands() {
    local folder row
    say "Archiving the classes of commands."
    folder="$built/archive.part" # one build at a time; a stopped one may have left it
    rm -rf "$folder"
    mkdir "$folder"
    {
        printf 'text\n'
        for row in one two three four five six seven eight; do
            printf 'row %s of a few\n' "$row"
        done
    } >"$folder/rows.tsv"
    if ! "$jdk/bin/java" "${quick[@]}" -Xlog:disable "-XX:ArchiveClassesAtExit=$folder/commands.jsa" -cp "$(class_path)" "$main" \
        analyze --model sample --data "$folder/rows.tsv" --out "$folder/analysis" </dev/null >"$built/archive.log" 2>&1 \
        || ! "$jdk/bin/java" "${quick[@]}" -Xlog:disable "-XX:SharedArchiveFile=$folder/commands.jsa" -cp "$(class_path)" "$main" \
            --version >>"$built/archive.log" 2>&1 \
        || ! wc -c <"$folder/commands.jsa" >"$built/commands.jsa.size" \
        || ! mv "$folder/commands.jsa" "$built/commands.jsa" 2>>"$built/archive.log"; then
        say "The archive of classes could not be made, so commands will start more slowly; $built/archive.log says why."
    fi
    rm -rf "$folder"
    archive_stamp >"$built/commands.jsa.stamp"
}

archive_stamp() {
    { cat "$jdk/release" 2>/dev/null || true; printf '%s\n' "$jdk" "$root"; } | sha256sum
}

archive_is_current() {
    [ "$(cat "$built/commands.jsa.stamp" 2>/dev/null)" = "$(archive_stamp)" ]
}

archive_is_whole() {
    [ -f "$built/commands.jsa" ] && [ -f "$built/commands.jsa.size" ] \
        && [ "$(wc -c <"$built/commands.jsa")" = "$(cat "$built/commands.jsa.size")" ]
}

class_path() {
    local jars="$built/layerwise.jar"
    if [ -f "$built/duckdb.jar" ]; then
        jars="$jars:$built/duckdb.jar"
    fi
    printf '%s:%s' "$jars" "$(cat "$built/classpath")"
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
ready=true
up_to_date || ready=false
if ! $ready || { ! $window && [ -w "$built" ] && ! archive_is_current; }; then
    $ready || need maven
    take_build_lock "$root"
    $ready || build
    archive_is_current || archive_commands
    leave_build_lock
fi

java=("$jdk/bin/java" "-XX:ErrorFile=${XDG_STATE_HOME:-$HOME/.local/state}/layerwise/logs/crash-%p.log")
if [ "$(java_major "$jdk")" -ge 24 ]; then
    java+=(--enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow)
fi
# what people give the JVM themselves, such as JAVA_OPTS="-Xmx8g -Djava.io.tmpdir=/scratch"; the last word on a setting counts
read -ra options <<<"${JAVA_OPTS:-}"
if ! $window; then
    java+=("${quick[@]}" -Xshare:auto -Xlog:disable)
    if archive_is_whole; then
        java+=("-XX:SharedArchiveFile=$built/commands.jsa")
    fi
fi
java+=("${options[@]}")
program=(-cp "$(class_path)" "$main")
set_torch_variables

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
