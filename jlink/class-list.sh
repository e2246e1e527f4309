#!/usr/bin/env bash
# Lists the classes that the window loads through the sample job and a command by an analysis, for archives of them: class-list.sh RUNTIME LIB MAIN-CLASS writes
# LIB/layerwise.classes. Needs Xvfb; without it, the list is Java's own. If the job fails, the list has what was loaded until then.
set -euo pipefail

here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
root=$(dirname "$here")
# shellcheck source=src/scripts/setup.sh
source "$root/src/scripts/setup.sh"
# shellcheck source=jlink/tools.sh
source "$here/tools.sh"

runtime=$1
lib=$2
main=$3
list="$lib/layerwise.classes"
if ! command -v Xvfb >/dev/null; then
    say "There is no Xvfb to open the window on: the list of classes is Java's own, and the window will open more slowly."
    cp "$runtime/lib/classlist" "$list"
    exit 0
fi
work=$(mktemp -d)
xvfb=""
trap 'stop_display; rm -rf "$work"' EXIT
make_driver "$work/drive.jar"
start_display "$work"
new_user "$work/home"
jars=$(find "$lib" -maxdepth 1 -name '*.jar' | LC_ALL=C sort | paste -s -d :)
if ! drive "$work/drive.jar" job "$work/report" "$runtime/bin/java" "-XX:DumpLoadedClassList=$work/classes" \
    --add-exports=javafx.base/com.sun.javafx.event=ALL-UNNAMED \
    --add-exports=javafx.controls/com.sun.javafx.scene.control=ALL-UNNAMED \
    --add-exports=javafx.controls/com.sun.javafx.scene.control.behavior=ALL-UNNAMED \
    -cp "$jars" "$main"; then
    grep -qs 'Window painted' "$log" || fail 1 "The window did not show; the classes that it loads cannot be listed."
    say "The sample job failed; the list of classes goes as far as it went."
fi
# picocli and what else only commands load
printf '%s\n' text one two three four five six seven eight >"$work/rows.tsv"
: >"$work/commands"
"$runtime/bin/java" "-XX:DumpLoadedClassList=$work/commands" -cp "$jars" "$main" analyze --model sample --data "$work/rows.tsv" \
    --out "$work/analysis" </dev/null >"$work/commands.log" 2>&1 \
    || say "The analysis failed; the list of classes goes as far as it went: $(tail -n 1 "$work/commands.log")"
# classes before the call sites that name them, in order; none of the driver or of Java's agents
{
    cat "$work/classes" "$work/commands" | grep -v '^[@#]' | LC_ALL=C sort -u
    cat "$work/classes" "$work/commands" | grep '^@' | LC_ALL=C sort -u
} | grep -v -E '(^| )(drive/|sun/instrument/|java/lang/instrument/)' >"$list"
say "$(wc -l <"$list") classes and call sites are listed."
