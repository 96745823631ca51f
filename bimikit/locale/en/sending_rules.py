"""The texts of the rules on SPF and DKIM in English."""

from __future__ import annotations

from .. import Text

_EDIT = "Edit the TXT record at {domain} where your DNS is managed."
_PERMERROR = "Receivers then answer “permerror” for every message, so that SPF helps none of them to pass DMARC."
_SHOWS = "A logo shows only on messages that pass DMARC, by SPF or by DKIM."
_ANYBODY = (
    "Whoever sends from there passes SPF in your name, and with it DMARC; your logo then stands beside forged mail."
)
_WITH_SERVICE = "If the record belongs to a service you use, ask the service."
_FEWER = "Remove services that no longer send for you, let services send from subdomains of their own, and write fixed addresses as ip4: and ip6:."
_KEY = "Publish the record once more as your mail service shows it, without changing or cutting anything."
_NEW_KEY = "Create a new key of 2048 bits with your mail service under a new selector, publish it, let the service sign with it, and only then remove the old one."
_UNUSED = "Receivers don't use such a key, so signatures of this selector don't help any message to pass DMARC."

RULES: dict[str, Text] = {
    # the SPF record itself
    "spf.missing": Text(
        "No SPF record",
        "There is no SPF record at {domain}.",
        f"{_SHOWS} Without an SPF record only DKIM is left, and anybody may use the domain as envelope sender.",
        "Publish a TXT record at {domain} that begins with “v=spf1” and names whoever sends for it; “v=spf1 -all” if nobody does.",
    ),
    "spf.version": Text(
        "Nearly an SPF record",
        "A record at {domain} is meant for SPF but doesn't begin with exactly “v=spf1” and a blank: “{text}”.",
        "A record that doesn't begin so is ignored entirely.",
        f"{_EDIT} It must begin with “v=spf1”, in plain (half-width) letters, followed by a blank.",
    ),
    "spf.record-multiple": Text(
        "Several SPF records",
        "There are {count} SPF records at {domain}, so that none of them counts.",
        _PERMERROR,
        "At {domain}, write the terms of all records into one, keep a single “v=spf1” and a single “all” at its end, and delete the others.",
    ),
    "spf.syntax": Text(
        "Term that can't be read",
        "“{text}” in the SPF record at {domain} can't be read: {problem}. {guess}",
        f"One such term makes the whole record invalid. {_PERMERROR}",
        f"{_EDIT} Correct or remove the term. {_WITH_SERVICE}",
    ),
    "spf.modifier-twice": Text(
        "Modifier twice",
        "“{text}” stands in the SPF record at {domain} a second time: {problem}. {guess}",
        f"redirect and exp may each be there once only. {_PERMERROR}",
        f"{_EDIT} Keep one of them. {_WITH_SERVICE}",
    ),
    "spf.modifier-unknown": Text(
        "Term that is ignored",
        "“{text}” in the SPF record at {domain} is nothing that receivers know, and is ignored. {guess}",
        "A name with “=” after it is taken for a modifier of the future. A mechanism has a colon: include:, ip4:, a:.",
        f"{_EDIT} Write the term that was meant, or remove it. {_WITH_SERVICE}",
    ),
    "spf.all-not-last": Text(
        "Term after “all”",
        "“{text}” stands in the SPF record at {domain} together with “{all}”, and never counts.",
        "“all” matches every sender, so nothing after it is looked at, and a redirect is ignored beside it.",
        f"{_EDIT} Move “all” to the end, or remove what was never used. {_WITH_SERVICE}",
    ),
    "spf.record-long": Text(
        "Long SPF record",
        "The SPF record at {domain} has {size} bytes; up to {most} surely fit into a small DNS answer.",
        "With all other TXT records of the name, a larger answer may need another way (TCP) that some networks block.",
        "At {domain}, remove terms and TXT records that nobody needs. Over 255 bytes, a record is written as several strings in quotes, which are joined without a blank.",
    ),
    # whom it lets pass
    "spf.pass-all": Text(
        "Anybody may send",
        "“{text}” in the SPF record at {domain} lets every address on the internet pass.",
        _ANYBODY,
        f"{_EDIT} Name the addresses that really send, and end with “-all” or “~all”. {_WITH_SERVICE}",
    ),
    "spf.range-wide": Text(
        "Very wide range of addresses",
        "“{text}” in the SPF record at {domain} lets a range pass that no single company has.",
        _ANYBODY,
        f"{_EDIT} Narrow the range to the addresses that really send. {_WITH_SERVICE}",
    ),
    "spf.neutral-all": Text(
        "“?all” says nothing",
        "The SPF record at {domain} ends with “{text}”, which says nothing about all other senders.",
        "Receivers treat “neutral” like no record at all.",
        f"{_EDIT} End it with “~all”, or with “-all” once every sender is named. {_WITH_SERVICE}",
    ),
    "spf.all-missing": Text(
        "Record without an end",
        "The SPF record at {domain} has neither “all” nor “redirect”: “{text}”.",
        "For all senders that it doesn't name the answer is “neutral”, which is treated like no record at all.",
        f"{_EDIT} End it with “~all”, or with “-all” once every sender is named. {_WITH_SERVICE}",
    ),
    "spf.ptr": Text(
        "“ptr” is used",
        "“{text}” in the SPF record at {domain} asks for names of addresses, which should not be used.",
        "It is slow and unreliable, burdens the name servers of others, and some receivers skip it.",
        f"{_EDIT} Name the addresses with ip4:, ip6:, a: or mx: instead. {_WITH_SERVICE}",
    ),
    # whether it can be evaluated
    "spf.lookups": Text(
        "Too many DNS lookups",
        "The SPF record at {domain} takes {count} lookups, and {most} are allowed. By term: {shares}.",
        f"Receivers stop at the limit. {_PERMERROR}",
        f"{_EDIT} {_FEWER}",
    ),
    "spf.lookups-close": Text(
        "Close to the limit of DNS lookups",
        "The SPF record at {domain} takes {count} of the {most} lookups that are allowed. By term: {shares}.",
        "As soon as a service that is included adds one or two, the record breaks without any change of yours.",
        f"{_EDIT} {_FEWER}",
    ),
    "spf.void-lookups": Text(
        "Too many lookups without an answer",
        "{count} lookups of the SPF record at {domain} find nothing, and {most} are tolerated: {names}.",
        f"Receivers should stop after two. {_PERMERROR}",
        f"{_EDIT} Remove the terms whose names no longer exist. {_WITH_SERVICE}",
    ),
    "spf.void-lookups-family": Text(
        "Many lookups without an answer for one IP version",
        "For senders with {family}, {count} lookups of the SPF record at {domain} find nothing, and {most} are tolerated: {names}.",
        "Some receivers answer “permerror” for a message that comes over that IP version. Where nobody sends so, nothing is lost.",
        f"{_EDIT} If you send over both IP versions, write addresses as ip4: and ip6: in place of names.",
    ),
    "spf.name-void": Text(
        "Name without records",
        "“{text}” in the SPF record at {domain} names {name}, where nothing is found.",
        "The term lets nobody pass and wastes a lookup. If somebody else can register the name, they may send in yours.",
        f"{_EDIT} Correct the name, or remove the term. {_WITH_SERVICE}",
    ),
    "spf.mx-hosts": Text(
        "Too many mail hosts",
        "“{text}” in the SPF record at {domain} leads to {count} mail hosts of {name}; {most} are allowed.",
        _PERMERROR,
        f"{_EDIT} Name the addresses that send with ip4: and ip6: in place of mx. {_WITH_SERVICE}",
    ),
    "spf.include-missing": Text(
        "Include that leads nowhere",
        "“{text}” in the SPF record at {domain} can't be used: at {name} {problem}.",
        _PERMERROR,
        f"{_EDIT} Correct the name as the service has it, or remove the term. {_WITH_SERVICE}",
    ),
    "spf.redirect-missing": Text(
        "Redirect that leads nowhere",
        "“{text}” in the SPF record at {domain} can't be used: at {name} {problem}.",
        _PERMERROR,
        f"{_EDIT} Correct the name, or replace redirect by the terms that are meant. {_WITH_SERVICE}",
    ),
    "spf.loop": Text(
        "Circle of includes",
        "“{text}” in the SPF record at {domain} leads back to {name}, which it is itself part of.",
        f"Receivers follow it until the limit of lookups is passed. {_PERMERROR}",
        f"{_EDIT} Remove the term. {_WITH_SERVICE}",
    ),
    "spf.name-invalid": Text(
        "Name that can't exist",
        "“{text}” in the SPF record at {domain} gives “{name}”, which can't be a name in the DNS.",
        "The term lets nobody pass and wastes a lookup.",
        f"{_EDIT} Correct the name, or remove the term. {_WITH_SERVICE}",
    ),
    "spf.undecided": Text(
        "SPF could not be found out",
        "The question for {name}, which the SPF record at {domain} needs, got no usable answer ({reason}).",
        "A failed answer is not the same as no record: receivers may get one at another time, or put the message off.",
        "Check again later. If it persists, ask whoever runs the name servers of {zone} to look into it.",
    ),
    "spf.unfinished": Text(
        "SPF record too large to follow",
        "The SPF record at {domain} draws in so much that it was followed for {count} lookups only (at most {most}).",
        "Receivers stop long before.",
        f"{_EDIT} {_FEWER}",
    ),
    "spf.macro-uncounted": Text(
        "Term that hangs on the message",
        "“{text}” in the SPF record at {domain} hangs on the sender's address or name; what it leads to was not counted.",
        "Its own lookup is counted. How many more it takes is known only when a message arrives.",
        "Ask the service that gave you the term at {domain} how many lookups it takes at the most.",
    ),
    "spf.not-given": Text(
        "SPF is not part of what was given",
        "Nothing was given for {name}, which the SPF record at {domain} needs.",
        "What a record draws in counts for its limits.",
        "Give the missing records, or check the live domain.",
    ),
    # where a DKIM key stands
    "dkim.selector-invalid": Text(
        "No selector",
        "“{selector}” can't be a DKIM selector at this domain.",
        "A selector is the part before ._domainkey: letters, digits and hyphens, in parts between dots, and short enough for the whole name.",
        "Look for s= in the DKIM-Signature of a message that was sent, and use exactly that.",
    ),
    "dkim.missing": Text(
        "No key at the selector",
        "There is no DKIM key for the selector “{selector}”: nothing stands at {name}.",
        f"{_SHOWS} Signatures whose key can't be found don't count.",
        "Publish the key at {name} as your mail service shows it; or use the selector that it signs with (s= in the DKIM-Signature of a message).",
    ),
    "dkim.record-multiple": Text(
        "Several records at a selector",
        "There are {count} TXT records at {name}.",
        "Which of them a receiver takes is left to chance, so that signatures hold at one time and fail at another.",
        "Keep one TXT record at {name}, the one whose key is signed with. A long record is one record in several strings, not several records.",
    ),
    "dkim.delegated": Text(
        "Key is kept by somebody else",
        "{name} is an alias (CNAME) of {target}; the key is whatever stands there.",
        "This is how many services manage keys for you. Whoever controls that name can sign mail in your name.",
        "Nothing is to be done while you use the service. Remove the CNAME once you have left it.",
    ),
    # the key record
    "dkim.syntax": Text(
        "Key record that can't be read",
        "“{text}” in the DKIM key record at {name} can't be read: {problem}.",
        f"One such part makes the whole record invalid. {_UNUSED}",
        _KEY,
    ),
    "dkim.version": Text(
        "Wrong version",
        "The DKIM key record at {name} has “{text}”; a version must be exactly v=DKIM1 and stand first.",
        _UNUSED,
        _KEY,
    ),
    "dkim.tag-unknown": Text(
        "Unknown tag",
        "The DKIM key record at {name} has a tag that is in no standard: {tag} (“{text}”).",
        "Receivers ignore it. It may be a slip for a tag that was meant.",
        "Compare the record with what your mail service shows, and correct or remove the tag.",
    ),
    "dkim.service": Text(
        "Key is not for e-mail",
        "“{text}” in the DKIM key record at {name} rules out e-mail.",
        _UNUSED,
        "Remove the tag s= from the record at {name}, or write s=email.",
    ),
    "dkim.testing": Text(
        "Key is being tested",
        "“{text}” in the DKIM key record at {name} says that DKIM is only being tested.",
        "Receivers may treat messages of that key as if they were not signed.",
        "Once signing works, remove y from the tag t= at {name}.",
    ),
    "dkim.strict": Text(
        "Key is for this very domain",
        "“{text}” in the DKIM key record at {name} bars identities (i=) in subdomains.",
        "Signatures whose i= names a subdomain of d= fail. For nearly all senders i= and d= are the same.",
        "Nothing, unless mail from subdomains fails; then remove s from the tag t= at {name}.",
    ),
    # the key
    "dkim.key-missing": Text(
        "Record without a key",
        "The DKIM key record at {name} has no tag p=: “{text}”.",
        _UNUSED,
        "Publish the whole record at {name} again. In a zone file, it must stand in quotes, as a semicolon begins a comment.",
    ),
    "dkim.key-revoked": Text(
        "Key was taken back",
        "p= is empty in the DKIM key record at {name}: the key was revoked.",
        _UNUSED,
        "If mail is still signed with the selector “{selector}”, publish a new key under a new selector. Otherwise nothing is to be done.",
    ),
    "dkim.key-type-unknown": Text(
        "Unknown kind of key",
        "“{text}” in the DKIM key record at {name} names a kind of key that receivers don't know.",
        f"Known are rsa and ed25519. {_UNUSED}",
        _NEW_KEY,
    ),
    "dkim.key-unreadable": Text(
        "Key that can't be read",
        "The key in the DKIM key record at {name} can't be read: {problem}.",
        _UNUSED,
        f"{_KEY} A long record is written as several strings in quotes.",
    ),
    "dkim.key-weak": Text(
        "Key that doesn't count",
        "The DKIM key at {name} has {bits} bits; below 1024 a signature doesn't count, and {least} are advised.",
        f"Such a key can be broken, and anybody who does so signs in your name. {_UNUSED}",
        _NEW_KEY,
    ),
    "dkim.key-short": Text(
        "Short key",
        "The DKIM key at {name} has {bits} bits; at least {least} are advised.",
        "Keys of 1024 bits are still accepted, but they are near to what can be broken.",
        _NEW_KEY,
    ),
    "dkim.key-large": Text(
        "Key larger than all receivers take",
        "The DKIM key at {name} has {bits} bits; only up to {most} every receiver must be able to use it.",
        "A receiver that can't use a key treats the message as if it were not signed.",
        _NEW_KEY,
    ),
    "dkim.hash-sha1": Text(
        "Key for SHA-1 only",
        "“{text}” in the DKIM key record at {name} allows SHA-1 and not SHA-256.",
        f"Signatures with SHA-1 no longer count, and with this tag no others may be made. {_UNUSED}",
        "Remove the tag h= from the record at {name}, and let your mail service sign with rsa-sha256.",
    ),
    "dkim.hash-unknown": Text(
        "Key for unknown hashes only",
        "“{text}” in the DKIM key record at {name} names no hash that receivers use.",
        _UNUSED,
        "Remove the tag h= from the record at {name}, or write h=sha256.",
    ),
    "dkim.undecided": Text(
        "Key could not be found out",
        "The question for {name} got no usable answer ({reason}).",
        "A failed answer is not the same as no key: receivers may get one at another time.",
        "Check again later. If it persists, ask whoever runs the name servers of {zone} to look into it.",
    ),
    "dkim.none-found": Text(
        "No key at the usual selectors",
        "None of {count} usual selectors has a DKIM key at {domain}.",
        "There is no list of a domain's selectors, and most services make one up for each customer; so this doesn't say that there is no key.",
        "Look for s= in the DKIM-Signature of a message that was sent, and check that selector.",
    ),
    "dkim.left-out": Text(
        "Selectors that were not asked for",
        "{count} selectors of {domain} were left out, being more than {most}.",
        "Nothing is known about their keys.",
        "Check them in several runs.",
    ),
    "dkim.not-given": Text(
        "DKIM key is not part of what was given",
        "Nothing was given for {name}, so the key was not judged.",
        _SHOWS,
        "Give the missing record, or check the live domain.",
    ),
}
