#!/usr/bin/env bash
# Makes the pictures of the README and the user guide anew, in assets/screenshots: goes through the tutorial in the real
# window on a virtual display, with the real sample, and holds what the tutorial says. Takes some minutes.
set -euo pipefail

scripts=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
root=$(dirname "$(dirname "$scripts")")
# shellcheck source=src/scripts/setup.sh
source "$scripts/setup.sh"

use_utf8
require_home
need jdk maven fonts gtk xvfb
jdk=$(find_jdk)
set_torch_variables
take_build_lock "$root"
cd "$root"
# without -r, key auto-repeat hangs tests of the window
JAVA_HOME=$jdk xvfb-run -a -s "-screen 0 1600x1000x24 -nolisten tcp -noreset -r" \
    mvn -q -B -ntp test "${WITH_WINDOWS[@]}" -Dtest=GuidePicturesUiTest -Dsurefire.failIfNoSpecifiedTests=true \
    "-Dtest.jvm.args=-Dlayerwise.screenshots=assets/screenshots" "$@" </dev/null
ls -l assets/screenshots
