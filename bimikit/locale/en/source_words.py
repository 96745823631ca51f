"""Sending sources, in English: what they are, and why they are taken for it."""

from __future__ import annotations

WORDS: dict[str, str] = {
    # what they are
    "guess.legitimate": "yours",
    "guess.forwarder": "forwarder",
    "guess.unknown": "not known",
    "guess.spoof": "spoofed",
    "set-up.yes": "passes DMARC",
    "set-up.partly": "passes DMARC in part",
    "set-up.no": "doesn't pass DMARC",
    # their names; a known sender has one of its own
    "by.own": "{name} itself",
    "by.domain": "{name}",
    "by.ptr": "servers of {name}",
    "by.network": "network {name}",
    "by.scattered": "scattered addresses",
    # where a name stood
    "mark.dkim": "the DKIM signature",
    "mark.spf": "the envelope sender (SPF)",
    "mark.ptr": "the name of the address",
    # why
    "evidence.known": "It is {sender}, recognised by {known} in {mark}.",
    "evidence.unconfirmed": "That {known} belongs to {sender} is not confirmed by a page of theirs; check it before you rely on it.",
    "evidence.kind-forwarder": "{sender} passes on mail for its customers.",
    "evidence.open-to-all": "Only the name of the address speaks for {sender}, and anybody can send from there; this alone doesn't make it yours.",
    "evidence.reported-forwarded": "Forwarded or from a mailing list, as the reporters say themselves: {forwarded:,} of {count:,} messages.",
    "evidence.authorised": "Passing in your domain's name: {aligned:,} of {count:,} messages ({spf:,} by SPF, {dkim:,} by DKIM).",
    "evidence.own": "It sends as {name} itself: the server or the signature bears your own domain.",
    "evidence.signed-only": "With your valid DKIM signature, but without SPF for your domain: {only:,} of {count:,} messages. You signed them, and somebody else brought them.",
    "evidence.large": "With {percent}% of all messages, it is too large for a forwarder; it is probably a server or a service of yours that is missing in the SPF record.",
    "evidence.few-each": "{count:,} messages came from {addresses:,} addresses in {networks:,} networks, a few from each, and none of them passes; no sender works like that, but forgers do.",
    "evidence.small": "Messages seen: {count:,}. That is too few to tell.",
    "evidence.foreign": "It passes DKIM or SPF as {name}, which isn't known here; ask your colleagues whether they use a service of that name.",
    "evidence.nothing": "Nothing shows who it is; look for a server of your own there before you treat it as spoofed.",
    "evidence.not-aligned": "All of it fails DMARC (messages: {count:,}).",
    "evidence.partly-aligned": "Passing DMARC: {aligned:,} of {count:,} messages.",
    "evidence.volume": "Messages: {count:,} ({percent}% of all); addresses: {addresses:,}; networks: {networks:,}; days: {days:,}.",
}
