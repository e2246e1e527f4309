#!/usr/bin/env bash
# Lists the classes that the window loads until it is painted, for archives of them: class-list.sh RUNTIME LIB MAIN-CLASS
# writes LIB/layerwise.classes. Needs a display or Xvfb; without both, the list is Java's own.
set -euo pipefail

runtime=$1
lib=$2
main=$3
list="$lib/layerwise.classes"
work=$(mktemp -d)
xvfb="" app=""

finish() {
    [ -z "$app" ] || kill "$app" 2>/dev/null || true
    [ -z "$xvfb" ] || kill "$xvfb" 2>/dev/null || true
    wait
    rm -rf "$work"
}
trap finish EXIT

jars() {
    find "$lib" -maxdepth 1 -name '*.jar' | LC_ALL=C sort | paste -s -d :
}

if command -v Xvfb >/dev/null; then
    # shellcheck disable=SC2094 # what Xvfb writes is read after it has written it
    Xvfb -displayfd 3 -screen 0 1600x1000x24 -nolisten tcp -noreset 3>"$work/display" 2>/dev/null &
    xvfb=$!
    for _ in $(seq 100); do
        [ ! -s "$work/display" ] || break
        sleep 0.1
    done
    DISPLAY=:$(cat "$work/display")
    export DISPLAY
elif [ -z "${DISPLAY:-}" ]; then
    echo "There is no Xvfb to open the window on: the list of classes is Java's own." >&2
    cp "$runtime/lib/classlist" "$list"
    exit 0
fi

export HOME="$work/home"
mkdir "$HOME"
unset XDG_DATA_HOME XDG_CONFIG_HOME XDG_STATE_HOME XDG_CACHE_HOME JAVA_TOOL_OPTIONS
log="$HOME/.local/state/layerwise/logs/layerwise.log"
"$runtime/bin/java" "-XX:DumpLoadedClassList=$work/classes" \
    --add-exports=javafx.base/com.sun.javafx.event=ALL-UNNAMED \
    --add-exports=javafx.controls/com.sun.javafx.scene.control=ALL-UNNAMED \
    --add-exports=javafx.controls/com.sun.javafx.scene.control.behavior=ALL-UNNAMED \
    -cp "$(jars)" "$main" >"$work/out" 2>&1 &
app=$!
painted=false
for _ in $(seq 600); do
    if grep -qs 'Window painted' "$log"; then
        painted=true
        break
    fi
    kill -0 "$app" 2>/dev/null || break
    sleep 0.1
done
if ! $painted; then
    cat "$work/out" >&2
    echo "The window did not show; the classes that it loads cannot be listed." >&2
    exit 1
fi
kill "$app"
wait "$app" 2>/dev/null || true
app=""
# classes before the call sites that name them; in order, so that two builds write the same
{
    grep -v '^@' "$work/classes" | grep -v '^#' | LC_ALL=C sort -u
    grep '^@' "$work/classes" | LC_ALL=C sort -u
} >"$list"
echo "$(wc -l <"$list") classes and call sites in $list."
