#!/bin/sh
# The main job on the bundled samples, offline: three logos as they leave a designer's hands, then one that is right, two
# repaired and one of them drawn, a Mark Certificate, which a test authority issues on the spot, and at last the whole
# planned publication.
# Run through `make demo`; BIMIKIT names the command to use, PYTHON the interpreter it belongs to.
set -u
BIMIKIT=${BIMIKIT:-bimikit}
PYTHON=${PYTHON:-python3}
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

work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
show fix fixtures/repair/figma-frame.svg --title "Kurage Audio" --picture "$work/compared.png" -o "$work/repaired.svg"
show fix fixtures/repair/figma-shadow.svg --lang ja
show preview "$work/repaired.svg" -o "$work/sheet.html"

"$PYTHON" examples/issue_certificate.py examples/conformant.svg "$work" || exit 1
trust="--roots $work/root.pem --ct-log $work/log.pem"
# shellcheck disable=SC2086 # the options are meant to be split
show cert "$work/vmc-without-chain.pem" --domain example.com $trust
# shellcheck disable=SC2086
show cert "$work/vmc.pem" --domain example.com --logo examples/conformant.svg \
    --crl "$work/issuing.crl" --crl "$work/root.crl" $trust

record="v=BIMI1; l=https://example.com/bimi/logo.svg; a=https://example.com/bimi/vmc.pem"
# shellcheck disable=SC2086
show check --domain example.com --svg examples/conformant.svg --cert "$work/vmc.pem" --record "$record" \
    --dmarc "v=DMARC1; p=quarantine; pct=50; rua=mailto:dmarc@example.com" \
    --crl "$work/issuing.crl" --crl "$work/root.crl" $trust
# shellcheck disable=SC2086
show check --domain example.com --svg examples/conformant.svg --cert "$work/vmc.pem" --record "$record" \
    --dmarc "v=DMARC1; p=reject; rua=mailto:dmarc@example.com" \
    --crl "$work/issuing.crl" --crl "$work/root.crl" --lang ja $trust
