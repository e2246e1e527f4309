# shellcheck shell=bash
# What the scripts of this folder share: a display of their own, the packaged program, the driver. To be sourced after
# src/scripts/setup.sh, with $root set.
# shellcheck disable=SC2154

# package [MAVEN OPTION...]: mvn -Pdist package, without tests.
package() {
    local jdk
    need jmods maven packaging xvfb fonts gtk
    jdk=$(find_jdk jmods)
    take_build_lock "$root"
    say "Packaging (mvn -Pdist package, some minutes)."
    (cd "$root" && JAVA_HOME=$jdk mvn -B -q -ntp -Pdist -Dmaven.test.skip=true "$@" package </dev/null)
    leave_build_lock
}

# start_display FOLDER: starts Xvfb, sets DISPLAY and $xvfb; without -r, key auto-repeat hangs what presses keys.
start_display() {
    # shellcheck disable=SC2094 # it is read after it was written
    Xvfb -displayfd 3 -screen 0 1600x1000x24 -nolisten tcp -noreset -r 3>"$1/display" 2>"$1/xvfb.log" &
    xvfb=$!
    for _ in $(seq 100); do
        [ ! -s "$1/display" ] || break
        sleep 0.1
    done
    [ -s "$1/display" ] || fail 1 "Xvfb did not start: $(cat "$1/xvfb.log")"
    DISPLAY=:$(cat "$1/display")
    export DISPLAY
}

stop_display() {
    [ -n "${xvfb:-}" ] || return 0
    kill "$xvfb" 2>/dev/null || true
    wait "$xvfb" 2>/dev/null || true
    xvfb=""
}

# new_user FOLDER: a home where the program was never started; sets $log to where it will write its log.
new_user() {
    export HOME="$1"
    mkdir -p "$HOME"
    unset XDG_DATA_HOME XDG_CONFIG_HOME XDG_STATE_HOME XDG_CACHE_HOME JAVA_TOOL_OPTIONS
    # for the scripts that source this
    # shellcheck disable=SC2034
    log="$HOME/.local/state/layerwise/logs/layerwise.log"
}

# make_driver JAR: the agent that does the sample job (jlink/drive), against what was packaged last.
make_driver() {
    local jdk classes
    [ -d "$root/target/dist-modules" ] || package -Ddist.skip.installer=true
    jdk=$(find_jdk)
    classes=$(mktemp -d)
    "$jdk/bin/javac" -Xlint:all,-classfile -Werror --release "$LEAST_JAVA" -proc:none \
        --module-path "$root/target/dist-modules" --add-modules javafx.controls \
        -cp "$(find "$root/target/dist-lib" -name 'controlsfx-*.jar')" -d "$classes" "$root"/jlink/drive/*.java
    printf 'Premain-Class: drive.SampleJob\n' >"$classes.manifest"
    "$jdk/bin/jar" --create --file "$1" --manifest "$classes.manifest" -C "$classes" .
    rm -rf "$classes" "$classes.manifest"
}

# drive JAR WHAT REPORT COMMAND...: starts the program and lets the driver work in its window; false if something went wrong.
# WHAT is "job" for the sample job or "controls".
drive() {
    local jar=$1 what=$2 report=$3
    shift 3
    JAVA_TOOL_OPTIONS="-javaagent:$jar=$what,$report" ended_well "$report" timeout 900 "$@"
}

# ended_well REPORT COMMAND...: false if a driven program or its job did not end as it should.
ended_well() {
    local report=$1 code=0
    shift
    rm -f "$report"
    "$@" >"$report.out" 2>&1 || code=$?
    if [ "$code" -ne 0 ] || [ "$(tail -n 1 "$report" 2>/dev/null)" != "done" ]; then
        cat "$report.out" "$report" >&2 || true
        say "The program ended with $code; the last thing that was done is above."
        return 1
    fi
}

# class_path APP: the class path of a launcher whose jars are in the folder APP.
class_path() {
    sed -n "s#^app\.classpath=\$APPDIR#$1#p" "$1/layerwise.cfg" | paste -s -d :
}

# drive_without_agent JAR REPORT APP [JAVA OPTION...]: the sample job as Java itself starts it, with the class path and the options of the
# launcher whose jars are in the folder APP; false if something went wrong.
drive_without_agent() {
    local jar=$1 report=$2 app=$3 main options
    shift 3
    main=$(sed -n 's/^app\.mainclass=//p' "$app/layerwise.cfg")
    mapfile -t options < <(sed -n "s#\$APPDIR#$app#; s/^java-options=//p" "$app/layerwise.cfg")
    ended_well "$report" timeout 900 "$app/../runtime/bin/java" "${options[@]}" "$@" -cp "$(class_path "$app"):$jar" drive.SampleJob \
        "job,$report" "$main"
}
