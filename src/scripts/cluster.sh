#!/usr/bin/env bash
# Tries what is sent to clusters on real ones, all on the loopback address: two nodes of Ray, a Slurm queue, an SSH server with a
# throw-away key. Makes a Python environment outside the project the first time (some GB), installs Debian's packages of Slurm and
# OpenSSH (needs root or sudo), and stops what it has started. Some twenty minutes.
#   cluster.sh [--transformers 4|5] [ARGUMENTS OF PYTEST]
# Without --transformers, transformers 4 (with PEFT 0.17.1) computes; 5 comes with PEFT 0.21.2, and both use one torch and one Ray.
# LAYERWISE_CLUSTER_PYTHON is the folder of the environment, ~/.cache/layerwise/cluster without it.
set -euo pipefail

scripts=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
root=$(dirname "$(dirname "$scripts")")
# shellcheck source=src/scripts/setup.sh
source "$scripts/setup.sh"

use_utf8
require_home
need jdk venv sshd slurm

venv=${LAYERWISE_CLUSTER_PYTHON:-${XDG_CACHE_HOME:-$HOME/.cache}/layerwise/cluster}
tests="$root/src/test/python"
lists="$root/src/oracle/python"
world=4
if [ "${1:-}" = --transformers ]; then
    [[ ${2:-} =~ ^[45]$ ]] || fail 1 "cluster.sh --transformers takes 4 or 5, not \"${2:-}\"."
    world=$2
    shift 2
fi
[ "$(id -u)" -eq 0 ] || fail 2 "Slurm and the SSH server are started as root; start cluster.sh with sudo."

# What an environment is made from.
stamp() {
    cat "$tests/requirements.txt" "$lists/transformers5.txt" "$lists/transformers5-need.txt" | sha256sum
}

pip() {
    "$venv/bin/python" -m pip --quiet --disable-pip-version-check "$@" >>"$venv/install.log" 2>&1 \
        || fail 2 "pip could not fetch torch, ray, transformers and peft, perhaps there is no network; all that it said is in $venv/install.log."
}

# An environment with transformers 5 before the packages of the other one.
install_transformers5() {
    local packages five="$venv/transformers5"
    rm -rf "$five"
    python3 -m venv --without-pip "$five"
    pip install --target "$five/packages" --no-deps -r "$lists/transformers5.txt"
    pip install --target "$five/packages" -r "$lists/transformers5-need.txt"
    packages=$("$five/bin/python" -c 'import site; print(site.getsitepackages()[0])')
    printf '%s\n' "$five/packages" "$("$venv/bin/python" -c 'import site; print(site.getsitepackages()[0])')" >"$packages/layerwise.pth"
    # its first line names the Python that runs it
    { echo "#!$five/bin/python"; tail -n +2 "$venv/bin/ray"; } >"$five/bin/ray"
    chmod +x "$five/bin/ray"
}

install() {
    say "Making a Python environment in $venv (once; torch and its libraries take some GB)."
    mkdir -p "$venv"
    rm -f "$venv/stamp"
    python3 -m venv "$venv" || fail 2 "Python cannot make an environment in $venv; install python3-venv and start again."
    : >"$venv/install.log"
    pip install -r "$tests/requirements.txt"
    install_transformers5
    stamp >"$venv/stamp"
}

if [ "$(cat "$venv/stamp" 2>/dev/null)" != "$(stamp)" ]; then
    install
fi
[ "$world" = 4 ] || venv=$venv/transformers5
"$scripts/run.sh" --version >/dev/null

work=$(mktemp -d)
export PATH="$venv/bin:$PATH" RAY_USAGE_STATS_ENABLED=0 PYTHONDONTWRITEBYTECODE=1
# hundreds of short commands: what the JVM spends on making long ones fast is not won back
export JAVA_OPTS="-XX:TieredStopAtLevel=1 -XX:+UseSerialGC ${JAVA_OPTS:-}"

# Ends a process and waits until it is gone, since it writes into its folder to the last.
end() {
    kill "$1" 2>/dev/null || return 0
    for _ in $(seq 100); do
        kill -0 "$1" 2>/dev/null || return 0
        sleep 0.1
    done
    kill -9 "$1" 2>/dev/null || true
}

# every service by the process ids that it has written down, never by name
stop() {
    local file
    "$venv/bin/python" "$tests/services.py" stop "$work" || true
    for file in "$work"/slurm/d.pid "$work"/slurm/ctld.pid "$work"/sshd.pid; do
        if [ -s "$file" ]; then
            end "$(cat "$file")"
        fi
    done
    rm -rf "$work"
}
trap stop EXIT

start_sshd() {
    local port=$1
    ssh-keygen -q -t ed25519 -N '' -f "$work/host"
    ssh-keygen -q -t ed25519 -N '' -f "$work/me"
    cp "$work/me.pub" "$work/authorized"
    cat >"$work/sshd.conf" <<CONF
Port $port
ListenAddress 127.0.0.1
HostKey $work/host
AuthorizedKeysFile $work/authorized
PidFile $work/sshd.pid
PasswordAuthentication no
StrictModes no
UsePAM no
PermitRootLogin yes
Subsystem sftp internal-sftp
SetEnv SLURM_CONF=$work/slurm/slurm.conf
CONF
    mkdir -p /run/sshd
    /usr/sbin/sshd -f "$work/sshd.conf"
    echo "$port" >"$work/ssh-port"
}

start_slurm() {
    local host slurm="$work/slurm"
    host=$(hostname -s)
    mkdir -p "$slurm/state" "$slurm/spool" "$slurm/log" /run/munge
    chown munge: /run/munge
    pgrep -x munged >/dev/null || su -s /bin/sh munge -c '/usr/sbin/munged --force'
    cat >"$slurm/slurm.conf" <<CONF
ClusterName=layerwise
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=${1}
SlurmdPort=${2}
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
StateSaveLocation=$slurm/state
SlurmdSpoolDir=$slurm/spool
SlurmctldLogFile=$slurm/log/ctld.log
SlurmdLogFile=$slurm/log/d.log
SlurmctldPidFile=$slurm/ctld.pid
SlurmdPidFile=$slurm/d.pid
ReturnToService=2
KillWait=5
MpiDefault=none
JobAcctGatherType=jobacct_gather/none
NodeName=$host NodeAddr=127.0.0.1 CPUs=$(nproc) RealMemory=4000 State=UNKNOWN
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP
CONF
    export SLURM_CONF="$slurm/slurm.conf"
    slurmctld
    slurmd
}

mapfile -t ports < <("$venv/bin/python" "$tests/services.py" ports 3)
start_sshd "${ports[0]}"
start_slurm "${ports[1]}" "${ports[2]}"
"$venv/bin/python" "$tests/services.py" start "$work"
LAYERWISE_RUN="$scripts/run.sh" LAYERWISE_CLUSTER="$work" \
    "$venv/bin/python" -m pytest -p no:cacheprovider -q -rs "$tests" "$@"
