"""What is wrong with a configuration, in English."""

from __future__ import annotations

WORDS: dict[str, str] = {
    "place": "{file}: {key}: ",
    "whole": "{file}: ",
    "did-you-mean": " Did you mean {word}?",
    "no-table": "there is no table [tool.bimikit] in it",
    "unreadable": "it can't be read: {reason}",
    "too-large": "it has more than {limit} bytes",
    "no-toml": "it is no TOML: {reason}",
    "unknown-key": "there is no such key.{hint} There are {known}.",
    "missing-key": "the key {name} is missing",
    "unfit": "{reason}",
    "empty": "it must not be empty",
    "zone-and-record": "give a zone, or the records themselves, and not both",
    "seconds": "must be above 0 and at most {limit} seconds",
    "negative": "it must be 0 or more",
    "no-rule": "no rule begins with {word}.{hint}",
    "no-provider": "no such mailbox provider: {word}.{hint} There are {known}.",
    "unusable-file": "{name} can't be used: {reason}",
    "ignore-ended": "what is ignored for {files} until {until} ({reason}) counts again: mend it, or agree on another day",
}
