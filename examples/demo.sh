#!/bin/sh
# The main job on the bundled samples, offline: three logos as they leave a designer's hands, then one that is right.
# Run through `make demo`; BIMIKIT names the command to use.
set -u
BIMIKIT=${BIMIKIT:-bimikit}
cd "$(dirname "$0")/.." || exit 1

show() {
    printf '\n$ bimikit %s\n\n' "$*"
    "$BIMIKIT" "$@"
    printf '(exit status %s)\n' "$?"
}

show svg examples/exported-by-illustrator.svg
show svg examples/exported-by-inkscape.svg --lang ja
show svg examples/conformant.svg
show svg examples/ --format github
show rules svg.title-missing
