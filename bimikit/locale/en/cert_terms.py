"""Words that only the rules on Mark Certificates use, in English."""

from __future__ import annotations

TERMS: dict[str, str] = {
    # what a file turns out to be
    "kind.gzip": "a gzip archive",
    "kind.svg": "an SVG logo or other XML",
    "kind.der": "a binary file that begins like a DER certificate",
    "kind.pem-other": "a PEM file without any certificate",
    "kind.html-certificate": "a web page (HTML), perhaps an error page that was saved instead of the certificate",
    "kind.utf16": "text in UTF-16; save it as plain ASCII or UTF-8 without a BOM",
    "kind.base64-certificate": "Base64 text without its BEGIN and END lines",
    "kind.dashes": "PEM text whose hyphens became other dashes; there must be five hyphens before and behind BEGIN and END",
    "kind.unknown": "a file of an unknown kind",
    # why a PEM block can't be read
    "pem.no-end": "its END line is missing, or doesn't match its BEGIN line",
    "pem.character": "there is a character that doesn't belong to Base64",
    "pem.padding": "its Base64 is incomplete; characters are missing or too many",
    # how two logos differ
    "match.elsewhere": "white space, a comment or an instruction between the elements",
}
