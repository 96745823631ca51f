"""What the tools for assistants say of a call that can't be answered, in English."""

from __future__ import annotations

WORDS: dict[str, str] = {
    "did-you-mean": " Did you mean {word}?",
    # names and values of parameters
    "no-tool": "there is no tool {word}.{hint} There are {known}.",
    "no-parameter": "{tool} has no parameter {word}.{hint} It takes {known}.",
    "missing": "{tool} needs {word}. It takes {known}.",
    "wrong": "{parameter} takes {expected}, not {value}",
    "expected.string": "a text",
    "expected.array": 'a list of texts, such as ["…"], of {most} at the most',
    "expected.array.unbounded": 'a list of texts, such as ["…"]',
    "expected.boolean": "true or false",
    "expected.integer": "a whole number from {least} to {most}",
    "expected.enum": "one of {known}",
    "empty": "{parameter} is empty: give {expected}, or leave it out where nothing is to be said",
    "expected.logo": "the path of an SVG file, or the SVG text itself",
    "expected.certificate": "the path of a certificate file, or the PEM text itself",
    "expected.crls": "paths of revocation lists, or PEM text",
    "expected.certificates": "paths of certificate files",
    "expected.fonts": "paths of font files",
    "not-a-record": "{parameter}: {value} is a path, not a record; give the record's text, such as {example}",
    "no-moment": "at: {text} is no date, nor a time with its zone, such as 2026-11-24 or 2026-11-24T09:00+09:00",
    "no-provider": "no such mailbox provider: {word}.{hint} There are {known}.",
    "no-rule": "there is no rule {word}.{hint}",
    "more-rules": "{count} more begin so: {known}",
    # files
    "outside": "{file} lies outside of {folder}, the only folder whose files are read and written",
    "unreadable": "{file} can't be read: {reason}",
    "unwritable": "{file} can't be written: {reason}",
    "no-svg-file": "{file} can't be written: only an SVG file (.svg) that the configuration doesn't take for something else",
    "there-already": "{file} can't be written: it is there already; give another name, so that you can compare",
    # what takes too long
    "busy": "too much is at work; try again later",
    "too-long": "not done within {seconds} seconds; try again, or ask for less at once",
    # what the configuration publishes
    "no-publications": "the configuration names no publications; write what is published into it, or name what to judge",
    "domain-missing": "say for which domain that is planned; without any arguments, what the configuration publishes is judged",
    "no-such-publication": "the configuration has no publication for {word}.{hint}",
    "no-certificates": "no publication of the configuration names a certificate file; name some in certificates",
}
