# shellcheck shell=bash
# What run.sh, test.sh, oracle.sh and the scripts of jlink share: messages, missing packages, the JDK, the lock of a build.
# To be sourced.

LEAST_JAVA=17
# the flags of Maven for the tests that need a display as well
# shellcheck disable=SC2034 # used by the scripts that source this one
WITH_WINDOWS=(-Dtest.excluded.tags= -Dtest.headless=false)

say() {
    printf 'layerwise: %s\n' "$*" >&2
}

# fail CODE SENTENCE
fail() {
    local code=$1
    shift
    say "$*"
    exit "$code"
}

# ---- the environment

# Java reads and writes file names by the locale: in the plain C locale of containers and cron, "ö" is no letter.
use_utf8() {
    [ "$(locale charmap 2>/dev/null)" = ANSI_X3.4-1968 ] || return 0
    if [ "$(LC_ALL=C.UTF-8 locale charmap 2>/dev/null)" = UTF-8 ]; then
        export LC_ALL=C.UTF-8
    fi
}

# On busy cores the spinning of OpenMP's idle threads costs many times the work itself; on idle ones putting them to sleep at
# once costs a fifth of a training step. So they spin for about 0.1 ms. Pages of 2 MB for large tensors are cleared several times as
# fast as those of 4 KB. Both as in NativeLibraries, unless the user has decided.
set_torch_variables() {
    if [ -z "${OMP_WAIT_POLICY:-}" ]; then
        export OMP_WAIT_POLICY=passive GOMP_SPINCOUNT=${GOMP_SPINCOUNT:-10000}
    fi
    export THP_MEM_ALLOC_ENABLE=${THP_MEM_ALLOC_ENABLE:-1}
}

# A service or a container may start without HOME; the account still has one.
require_home() {
    [ -z "${HOME:-}" ] || return 0
    HOME=""
    IFS=: read -r _ _ _ _ _ HOME _ < <(getent passwd "$(id -u)" 2>/dev/null) || true
    [ -n "$HOME" ] || fail 2 "HOME is not set and this account has no home folder; set HOME to a folder that can be written."
    export HOME
}

# ---- Java

# The major version of the JDK in a folder, 0 if it is none. Every JDK since 9 has a file "release".
java_major() {
    local version=""
    if [ -r "$1/release" ]; then
        version=$(sed -n 's/^JAVA_VERSION="\([0-9][0-9]*\).*/\1/p' "$1/release")
    fi
    if [ -z "$version" ] && [ -x "$1/bin/java" ]; then
        version=$("$1/bin/java" -version 2>&1 | sed -n '1s/[^"]*"\([0-9][0-9]*\).*/\1/p')
    fi
    printf '%s\n' "${version:-0}"
}

# Whether a folder holds a JDK that can build and run Layerwise; with "jmods", also package it.
usable_jdk() {
    [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] && [ "$(java_major "$1")" -ge "$LEAST_JAVA" ] || return 1
    [ "${2:-}" != jmods ] || { [ -x "$1/bin/jpackage" ] && [ -f "$1/jmods/java.base.jmod" ]; }
}

# Prints the JDK to use: JAVA_HOME, the javac on the path, or one of those that the system has; whichever is new enough.
find_jdk() {
    local need=${1:-} javac folder
    if [ -n "${JAVA_HOME:-}" ] && usable_jdk "$JAVA_HOME" "$need"; then
        printf '%s\n' "$JAVA_HOME"
        return
    fi
    if javac=$(command -v javac); then
        folder=$(dirname "$(dirname "$(readlink -f "$javac")")")
        if usable_jdk "$folder" "$need"; then
            printf '%s\n' "$folder"
            return
        fi
    fi
    for folder in "${LAYERWISE_JVMS:-/usr/lib/jvm}"/*; do
        if usable_jdk "$folder" "$need"; then
            readlink -f "$folder"
            return
        fi
    done
    return 1
}

# ---- packages

has_gtk() {
    local libraries
    [ "$(uname)" = Linux ] || return 0
    # no pipe: grep -q would end it early, which pipefail takes for a failure
    libraries=$(PATH="$PATH:/usr/sbin:/sbin" ldconfig -p 2>/dev/null)
    [[ $libraries == *libgtk-3.so.0* ]]
}

# Java draws no text, not even into a picture, on a system without a single font.
has_fonts() {
    command -v fc-list >/dev/null && [ -n "$(fc-list 2>/dev/null | head -n 1)" ]
}

# Prints what is missing of: jdk jmods maven fonts gtk xvfb packaging desktop sshd slurm venv
missing() {
    local thing
    for thing in "$@"; do
        case $thing in
            jdk) find_jdk >/dev/null || echo jdk ;;
            jmods) find_jdk jmods >/dev/null || echo jmods ;;
            maven) command -v mvn >/dev/null || echo maven ;;
            fonts) has_fonts || echo fonts ;;
            gtk) has_gtk || echo gtk ;;
            xvfb)
                if ! command -v Xvfb >/dev/null || ! command -v xvfb-run >/dev/null || ! command -v xauth >/dev/null; then
                    echo xvfb
                fi
                ;;
            packaging)
                if ! command -v fakeroot >/dev/null || ! command -v objcopy >/dev/null || ! command -v dpkg-deb >/dev/null; then
                    echo packaging
                fi
                ;;
            desktop)
                if ! command -v xdg-mime >/dev/null || ! command -v desktop-file-validate >/dev/null \
                    || ! command -v update-mime-database >/dev/null || ! command -v xwininfo >/dev/null; then
                    echo desktop
                fi
                ;;
            sshd) [ -x /usr/sbin/sshd ] || echo sshd ;;
            slurm)
                if ! command -v slurmctld >/dev/null || ! command -v slurmd >/dev/null || ! command -v sbatch >/dev/null \
                    || ! command -v munged >/dev/null; then
                    echo slurm
                fi
                ;;
            venv) python3 -c 'import ensurepip, venv' 2>/dev/null || echo venv ;;
            *) fail 1 "setup.sh knows no \"$thing\"." ;;
        esac
    done
}

in_words() {
    case $1 in
        jdk) echo "a JDK of version $LEAST_JAVA or later" ;;
        jmods) echo "a JDK of version $LEAST_JAVA or later with jpackage and jmods" ;;
        maven) echo "Maven 3.6.3 or later" ;;
        fonts) echo "fontconfig and a font such as DejaVu" ;;
        gtk) echo "GTK 3" ;;
        xvfb) echo "Xvfb, xvfb-run and xauth" ;;
        packaging) echo "fakeroot, binutils and dpkg-deb" ;;
        desktop) echo "the tools of a desktop: xdg-utils, desktop-file-utils, shared-mime-info and x11-utils" ;;
        sshd) echo "an SSH server" ;;
        slurm) echo "Slurm and munge" ;;
        venv) echo "Python 3 with its venv module" ;;
    esac
}

# The first of these package names that apt can install.
first_known() {
    local name policy
    for name in "$@"; do
        policy=$(LC_ALL=C apt-cache policy "$name" 2>/dev/null)
        if [[ $policy == *"Candidate: "[^\(]* ]]; then
            printf '%s\n' "$name"
            return
        fi
    done
    return 1
}

debian_packages() {
    case $1 in
        jdk | jmods) first_known openjdk-17-jdk openjdk-21-jdk openjdk-25-jdk default-jdk ;;
        maven) echo maven ;;
        fonts) echo fontconfig fonts-dejavu-core ;;
        # renamed in Debian 13 and Ubuntu 24.04
        gtk) first_known libgtk-3-0t64 libgtk-3-0 ;;
        xvfb) echo xvfb xauth ;;
        packaging) echo fakeroot binutils dpkg ;;
        desktop) echo xdg-utils desktop-file-utils shared-mime-info x11-utils ;;
        sshd) echo openssh-server openssh-client ;;
        slurm) echo slurmctld slurmd slurm-client munge ;;
        venv) echo python3 python3-venv ;;
    esac
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    else
        sudo "$@"
    fi
}

# need THING...: installs what is missing of these, and only that.
need() {
    local absent words="" thing names log
    local packages=()
    mapfile -t absent < <(missing "$@")
    if [ "${#absent[@]}" -eq 0 ]; then
        return 0
    fi
    for thing in "${absent[@]}"; do
        words="$words${words:+; }$(in_words "$thing")"
    done
    command -v apt-get >/dev/null || fail 2 "Missing: $words. Install it with this system's package manager and start again."
    if [ "$(id -u)" -ne 0 ] && ! command -v sudo >/dev/null; then
        fail 2 "Missing: $words. Start this once as root, or install sudo, so that apt-get can install it."
    fi
    say "Missing: $words. Asking apt for it."
    log=$(mktemp)
    as_root apt-get -qq update >"$log" 2>&1 || say "apt-get update failed; going on with the package lists that are there."
    for thing in "${absent[@]}"; do
        names=$(debian_packages "$thing") || fail 2 "apt knows no package of $(in_words "$thing"); install it by hand and start again."
        read -r -a names <<<"$names"
        packages+=("${names[@]}")
    done
    say "Installing ${packages[*]} (once)."
    if ! as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -y -o Dpkg::Use-Pty=0 --no-install-recommends \
        install "${packages[@]}" >>"$log" 2>&1; then
        tail -n 12 "$log" >&2
        fail 2 "apt-get could not install ${packages[*]}; all that it said is in $log."
    fi
    rm -f "$log"
    mapfile -t absent < <(missing "$@")
    [ "${#absent[@]}" -eq 0 ] || fail 2 "Still missing after the installation: $(in_words "${absent[0]}")."
}

# ---- builds

# take_build_lock ROOT: one build of a work tree at a time; waits for another one.
take_build_lock() {
    mkdir -p "$1/target"
    exec 9>"$1/target/.build.lock"
    if ! flock -n 9; then
        say "Waiting for another build of this folder to end."
        flock 9
    fi
}

leave_build_lock() {
    exec 9>&-
}

for tool in flock sha256sum readlink sed xargs; do
    command -v "$tool" >/dev/null || fail 2 "The command $tool is missing; Layerwise starts from source on Linux (util-linux, coreutils, sed, findutils)."
done
