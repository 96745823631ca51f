"""The texts of the rules on DNS records in English."""

from __future__ import annotations

from .. import Text

_EDIT = "Edit the TXT record at {name} where your DNS is managed."
_SEVERAL = "Receivers use none of them: those of RFC 9989 look further up, those of RFC 7489 apply no DMARC at all."
_KEEP_ONE = "Keep one TXT record at {name} that begins with v=DMARC1, and delete the others."
_TWICE = "A tag-list with a duplicate tag is invalid as a whole, so receivers treat the record as if it weren't there."
_ONCE = "At {name}, keep each tag once; decide which of the two values you mean."
_DOUBLED = "In a zone file a name without a final dot is taken to go on with the zone's own name."
_ADD_DOT = "In line {line} of the zone file, write the name with a final dot: {name}."
_COMMENT = "In a zone file a semicolon begins a comment, unless the text stands in quotes. What followed it was lost."

RULES: dict[str, Text] = {
    # the DMARC record as written
    "dmarc.version": Text(
        "Nearly a DMARC record",
        "The record at {name} is meant for DMARC but doesn't begin with exactly “v=DMARC1;”: “{text}”.",
        "A record that doesn't begin with v=DMARC1, in this spelling and followed by a semicolon, is ignored entirely.",
        f"{_EDIT} It must begin with “v=DMARC1;”, in plain (half-width) letters, without quotation marks or blanks before it.",
    ),
    "dmarc.version-ignored": Text(
        "A record that is ignored",
        "The record at {name} is meant for DMARC but doesn't begin with exactly “v=DMARC1;”, so another record is used: “{text}”.",
        "A record that doesn't begin with v=DMARC1, in this spelling and followed by a semicolon, is ignored entirely.",
        f"{_EDIT} It must begin with “v=DMARC1;”; or delete it.",
    ),
    "dmarc.record-multiple": Text(
        "Several DMARC records",
        "There are {count} DMARC records at {name}, so that none of them counts.",
        _SEVERAL,
        _KEEP_ONE,
    ),
    "dmarc.record-multiple-ignored": Text(
        "Several DMARC records that don't count",
        "There are {count} DMARC records at {name}, so that none of them counts.",
        _SEVERAL,
        _KEEP_ONE,
    ),
    "dmarc.tag-duplicate": Text(
        "A tag twice",
        "The DMARC record at {name} has a tag twice, so that it doesn't count: “{text}”.",
        _TWICE,
        _ONCE,
    ),
    "dmarc.tag-duplicate-ignored": Text(
        "A tag twice in a record that doesn't count",
        "The DMARC record at {name} has a tag twice, so that it doesn't count: “{text}”.",
        _TWICE,
        _ONCE,
    ),
    "dmarc.np-invalid": Text(
        "np holds no policy",
        "np={value} at {name} is none of none, quarantine and reject. {guess}",
        "A receiver of RFC 9989 then treats the whole record as p=none, or as missing. One of RFC 7489 ignores np.",
        "Correct the value of np at {name}, or remove the tag.",
    ),
    "dmarc.syntax": Text(
        "A part that can't be read",
        "This part of the DMARC record can't be read and is ignored ({problem}): “{text}”.",
        "Parts must be written name=value, with a semicolon between them. What can't be read has no effect.",
        "Correct the part, or remove it.",
    ),
    "dmarc.value-ignored": Text(
        "A value without effect",
        "{tag}={value} at {name} isn't a value this tag can have; it is ignored.",
        "The tag's default applies instead, which may not be what you meant.",
        "Correct the value of {tag}, or remove the tag.",
    ),
    "dmarc.rua-invalid": Text(
        "Not an address for reports",
        "{tag} at {name} has no valid address in: {wrong}.",
        "Report addresses are URIs, such as mailto:dmarc@example.com. A bare e-mail address isn't one, and gets no reports.",
        "Write mailto: before each address, and separate several by commas.",
    ),
    "dmarc.rua-missing": Text(
        "No address for reports",
        "The DMARC record at {name} asks for no aggregate reports.",
        "The reports show who sends in your name. Without them, a strict policy may hit your own mail unseen.",
        "Add rua=mailto:… with a mailbox that collects the reports.",
    ),
    "dmarc.version-case": Text(
        "V in upper case",
        "The DMARC record at {name} begins with V=, not v=.",
        "RFC 9989 allows it; the older RFC 7489 does not, and a strict receiver of that generation ignores the record.",
        "Write v=DMARC1 with a small v.",
    ),
    "dmarc.policy-not-second": Text(
        "p isn't the second tag",
        "The tag p at {name} doesn't follow directly after v.",
        "RFC 7489 asks for that order; RFC 9989 no longer does. Most receivers accept it.",
        "Put p directly after v=DMARC1.",
    ),
    "dmarc.tag-removed": Text(
        "A tag of the older standard",
        "{tag}={value} at {name}: RFC 9989 has removed this tag.",
        "Newer receivers ignore it. BIMI's draft still looks at pct.",
        "Remove {tag}.",
    ),
    "dmarc.tag-unknown": Text(
        "Unknown tag",
        "DMARC has no tag “{tag}” ({name}). {guess}",
        "Unknown tags are ignored. Tag names are written in small letters.",
        "Correct the name, or remove the tag.",
    ),
    # whether it is good enough for BIMI
    "dmarc.missing": Text(
        "No DMARC",
        "No DMARC policy applies to {domain} ({readings}).",
        "BIMI shows logos only for domains whose DMARC policy is quarantine or reject.",
        "Publish a TXT record at _dmarc.{domain}. Begin with “v=DMARC1; p=none; rua=mailto:…”, read the reports until all your own mail passes, and only then raise p to quarantine and reject.",
    ),
    "dmarc.name-doubled": Text(
        "A final dot is missing",
        "The zone file has a DMARC record at {at} (line {line}), and none at {name}: probably a final dot is missing.",
        _DOUBLED,
        _ADD_DOT,
    ),
    "dmarc.name-other": Text(
        "DMARC under another name",
        "The zone file has a DMARC record at {at} (line {line}), and none at {name}.",
        "Receivers look for DMARC at names that begin with _dmarc. and at no others.",
        "If it is meant for mail from your domain, move the record in line {line} of the zone file to {name}.",
    ),
    "dmarc.policy-none": Text(
        "DMARC policy “none”",
        "The policy that applies to {domain} is {tag}=none, at {name} ({readings}).",
        "BIMI requires quarantine or reject: with none, mail that fails the check is delivered all the same.",
        "When the aggregate reports show that all your own mail passes, raise {tag} at {name} to quarantine, then to reject.",
    ),
    "dmarc.only-version": Text(
        "A DMARC record cut off",
        "The DMARC record at {name} says nothing but its version ({readings}).",
        _COMMENT,
        'Put the whole text at {name} in quotes, as in "v=DMARC1; p=reject; rua=mailto:…"; in a form of your DNS provider, enter all of it. For BIMI p must be quarantine or reject.',
    ),
    "dmarc.policy-missing": Text(
        "No policy in the DMARC record",
        "The DMARC record at {name} has no tag p ({readings}).",
        "A record without a valid p counts as p=none, or as no DMARC at all. BIMI requires quarantine or reject.",
        "At {name}, add p directly after v=DMARC1: none at first, and when the reports show that all your own mail passes, quarantine or reject.",
    ),
    "dmarc.policy-unusable": Text(
        "DMARC policy can't be used",
        "The DMARC record at {name} has no valid policy: {tag} is “{value}” ({readings}). {guess}",
        "A record without a valid p, or with an invalid sp (by RFC 9989 also np), counts as p=none, or as no DMARC at all. BIMI requires quarantine or reject.",
        "At {name}, set {tag} to none, quarantine or reject; for BIMI it must be quarantine or reject.",
    ),
    "dmarc.subdomain-none": Text(
        "Subdomain policy “none”",
        "The DMARC record at {name} has sp=none ({readings}).",
        "BIMI's draft bars a domain whose record, or whose Organizational Domain's record, has sp=none, even for mail that isn't from a subdomain.",
        "Remove sp at {name}, so that p applies to subdomains too, or raise it to quarantine or reject.",
    ),
    "dmarc.quarantine-partial": Text(
        "Quarantine for a part of the mail only",
        "The DMARC record at {name} says quarantine with pct={value} ({readings}).",
        "With quarantine, BIMI requires that the policy applies to all mail. RFC 9989 ignores pct, but BIMI's draft still names it.",
        "Remove pct at {name}, or set it to 100.",
    ),
    "dmarc.quarantine-testing": Text(
        "Quarantine in test mode",
        "The DMARC record at {name} says quarantine with t=y ({readings}).",
        "With t=y receivers of RFC 9989 apply the next weaker policy: instead of quarantine, none.",
        "Remove t=y at {name} when your tests are done.",
    ),
    "dmarc.organizational-missing": Text(
        "No DMARC at the Organizational Domain",
        "{domain}, the Organizational Domain, has no DMARC record ({readings}).",
        "BIMI requires an enforcing policy at the Organizational Domain as well as at the domain that sends.",
        "Publish a DMARC record with p=quarantine or p=reject at _dmarc.{domain}, after checking by its reports that all mail from there passes.",
    ),
    "dmarc.organizational-none": Text(
        "The Organizational Domain's policy is “none”",
        "The DMARC policy for the Organizational Domain {domain} is {tag}=none, at {name} ({readings}).",
        "BIMI requires quarantine or reject there too, even when the domain that sends has a stricter policy of its own.",
        "Raise {tag} at {name} to quarantine or reject, once the reports show that all your own mail passes.",
    ),
    "dmarc.one-reading-bars": Text(
        "One of the two DMARC standards bars the logo",
        "By {reading} the DMARC of {domain} isn't enough for BIMI ({reason}; {name}), by {other} it isn't barred.",
        "Receivers change over from RFC 7489 to RFC 9989 one by one, and none says which it follows. The logo may show at one and not at another.",
        "What decides stands, or is missing, at {name}. Change it so that both standards come to the same answer.",
    ),
    "dmarc.readings-differ": Text(
        "The two DMARC standards give different answers",
        "RFC 9989 reads for {domain}: {new}. RFC 7489 reads: {old}.",
        "Receivers change over from RFC 7489 to RFC 9989 one by one, and none says which it follows.",
        "Once the reports show that all your own mail passes, publish a plain record (v=DMARC1; p=reject; rua=…) at the Organizational Domain, without t, np, psd and pct, so that both agree.",
    ),
    "dmarc.testing": Text(
        "DMARC in test mode",
        "The DMARC record at {name} has t=y: receivers of RFC 9989 apply one level less than {policy}.",
        "What BIMI makes of t=y is not settled: with reject some receivers may show the logo, others refuse it.",
        "Remove t=y at {name} when your tests are done.",
    ),
    "dmarc.np-none": Text(
        "Policy “none” for domains that don't exist",
        "The DMARC record at {name} has np=none.",
        "Anybody can send in the name of a subdomain you don't have. BIMI's draft doesn't name np, but a receiver may hold it against you.",
        "Remove np at {name}, or set it to reject.",
    ),
    "dmarc.suffix-policy": Text(
        "The policy comes from a public suffix",
        "{organization} has no DMARC record of its own; RFC 9989 takes the policy of the public suffix {domain}.",
        "Whether that is enough for BIMI is an open question, and receivers of RFC 7489 don't look there.",
        "Publish a DMARC record of your own at _dmarc.{organization}.",
    ),
    "dmarc.undecided": Text(
        "DMARC could not be found out",
        "The question for {name} got no usable answer ({reason}), so DMARC is undecided ({readings}).",
        "A failed answer is not the same as no record: receivers may get one at another time, or none at all.",
        "Check again later. If it persists, ask whoever runs the name servers of {zone} to look into it.",
    ),
    "dmarc.not-given": Text(
        "DMARC is not part of what was given",
        "Nothing was given for {name}, so DMARC was not judged ({readings}). {problem}",
        "Whether the logo can show depends on DMARC at the domain and at its Organizational Domain.",
        "Give the planned DMARC records, also that of the Organizational Domain, or check the live domain.",
    ),
    # the name itself
    "bimi.domain-nonexistent": Text(
        "The domain isn't in the DNS",
        "There is no domain {domain}: the DNS answers that this name doesn't exist (NXDOMAIN).",
        "No mail can come from a domain that doesn't exist, and nobody can publish a record for it. Mostly the name is misspelt, or the registration has run out.",
        "Check the spelling of {domain}. If it is right, register the domain, or renew its registration and see that its name servers answer; then check again.",
    ),
    "bimi.subdomain-nonexistent": Text(
        "The subdomain isn't in the DNS",
        "There is no {domain}: the DNS answers that this name doesn't exist (NXDOMAIN), though {organization} does.",
        "Many receivers refuse mail from a name that isn't in the DNS, and by RFC 9989 a policy of its own (np) may apply to it.",
        "Check the spelling of {domain}. If it is right, set the subdomain up (an A, AAAA or MX record) before mail is sent from it.",
    ),
    "bimi.domain-suffix": Text(
        "Not one organization's domain",
        "{domain} is a public suffix: names below it are registered by different owners. It has no DMARC record.",
        "A logo belongs to one organization's domain, which is at least one name longer than a public suffix.",
        "Give the whole name of your domain, with the part before {domain}, such as example.{domain}. Only if you run {domain} itself and send mail from it, publish a DMARC record at _dmarc.{domain}.",
    ),
    "bimi.domain-suffix-own": Text(
        "A public suffix",
        "{domain} is a public suffix: names below it belong to different owners. The answer is about {domain} itself, not about any of these.",
        "Each organization below a public suffix publishes DMARC and BIMI records at a domain of its own, which is at least one name longer.",
        "If your domain is one below {domain}, give its whole name, such as example.{domain}. If you send mail from {domain} itself, there is nothing to do.",
    ),
    "bimi.domain-not-in-zone": Text(
        "Another domain's zone file",
        "The zone file holds no name at or below {domain}; it holds those of {other}.",
        "The records of a domain are looked up in its own zone. What another zone holds doesn't count for it.",
        "Name the zone file of {domain} for this publication, or correct the publication's domain.",
    ),
    "bimi.domain-zone-empty": Text(
        "An empty zone file",
        "The zone file that should hold the records of {domain} holds no records at all.",
        "Without records there is neither DMARC nor BIMI, and nothing can be judged.",
        "Export the zone of {domain} again, or name another file for this publication.",
    ),
    # the Assertion Record
    "bimi.name-doubled": Text(
        "A final dot is missing",
        "The zone file has a BIMI record at {at} (line {line}), and none at {name}: probably a final dot is missing.",
        _DOUBLED,
        _ADD_DOT,
    ),
    "bimi.name-other": Text(
        "An Assertion Record under another name",
        "The zone file has a BIMI record at {at} (line {line}), and none at {name}.",
        "Receivers look at exactly one name: the selector, then _bimi, then the domain. The selector is default, unless the message names another.",
        "If it is meant for this logo, move the record in line {line} of the zone file to {name}.",
    ),
    "bimi.missing": Text(
        "No Assertion Record",
        "There is no BIMI record. Asked: {names}.",
        "The record tells mailbox providers where the logo is. Without it nothing is shown.",
        "Publish a TXT record at {name}: v=BIMI1; l=https://…/logo.svg; a=https://…/certificate.pem",
    ),
    "bimi.not-given": Text(
        "The Assertion Record is not part of what was given",
        "No BIMI record was given for {name}, so it was not judged. {problem}",
        "Without the record no mailbox provider finds the logo.",
        "Give the planned record, or check the live domain.",
    ),
    "bimi.undecided": Text(
        "The Assertion Record could not be found out",
        "The question for {name} got no usable answer ({reason}), so it is undecided which BIMI record counts.",
        "A failed answer is not the same as no record. Receivers that meet it show no logo this time.",
        "Check again later. If it persists, ask whoever runs the name servers of {zone} to look into it.",
    ),
    "bimi.version": Text(
        "Nearly an Assertion Record",
        "The record at {name} is meant for BIMI but doesn't begin with exactly “v=BIMI1;”: “{text}”.",
        "A record that doesn't begin with v=BIMI1, in this spelling and followed by a semicolon, is ignored. Receivers must not correct it.",
        f"{_EDIT} It must begin with “v=BIMI1;”, in plain (half-width) letters, without quotation marks or blanks before it.",
    ),
    "bimi.version-ignored": Text(
        "A record that is ignored",
        "The record at {name} is meant for BIMI but doesn't begin with exactly “v=BIMI1;”, so it is not used: “{text}”.",
        "A record that doesn't begin with v=BIMI1, in this spelling and followed by a semicolon, is ignored. Receivers must not correct it.",
        f"{_EDIT} It must begin with “v=BIMI1;”; or delete it.",
    ),
    "bimi.record-multiple": Text(
        "Several Assertion Records",
        "There are {count} BIMI records at {name}.",
        "Receivers can't tell which one you mean, and use none.",
        "Keep one TXT record at {name} that begins with v=BIMI1, and delete the others.",
    ),
    "bimi.syntax": Text(
        "A part that can't be read",
        "This part of the BIMI record can't be read ({problem}): “{text}”.",
        "Receivers must not correct mistakes in a BIMI record; one broken part fails all of it.",
        f"{_EDIT} Write it as v=BIMI1; l=https://…; a=https://… with one semicolon between the parts.",
    ),
    "bimi.tag-duplicate": Text(
        "A tag twice",
        "The BIMI record at {name} has a tag twice: “{text}”.",
        "A tag-list with a duplicate tag is invalid as a whole.",
        "Keep each tag once.",
    ),
    "bimi.only-version": Text(
        "An Assertion Record cut off",
        "The BIMI record at {name} says nothing but its version.",
        _COMMENT,
        'Put the whole text at {name} in quotes, as in "v=BIMI1; l=https://…/logo.svg; a=https://…/certificate.pem"; in a form of your DNS provider, enter all of it.',
    ),
    "bimi.location-missing": Text(
        "No address of the logo",
        "The BIMI record at {name} has no tag l.",
        "The tag l is required; it tells where the logo is. Tag names are written in small letters.",
        "Add l=https://…/logo.svg to the record.",
    ),
    "bimi.location-invalid": Text(
        "The logo's address is invalid",
        "The address in “{text}” at {name} is not valid: {problem}.",
        "l must hold exactly one address that begins with https://. Receivers must not correct it.",
        "Write the address as a browser shows it, for example l=https://example.com/logo.svg",
    ),
    "bimi.location-suffix": Text(
        "The address doesn't name an SVG",
        "The file in “{text}” at {name} ends neither in .svg nor in .svgz.",
        "A file name with another ending is a permanent error, whatever the file holds.",
        "Publish the logo as an SVG Tiny PS file whose name ends in .svg, and change l.",
    ),
    "bimi.location-empty": Text(
        "A certificate, but no logo",
        "The BIMI record at {name} has a certificate (a) but an empty l.",
        "Only a record in which both are empty means “no logo wanted”. With l empty and a filled in, receivers find no logo and fail the record.",
        "Put the address of the logo into l; it must be the same picture as in the certificate.",
    ),
    "bimi.authority-invalid": Text(
        "The certificate's address is invalid",
        "The address in “{text}” at {name} is not valid: {problem}.",
        "a must be empty or hold exactly one address with https:// and a full domain name.",
        "Write the address of the PEM file, for example a=https://example.com/vmc.pem, or leave a= empty.",
    ),
    "bimi.lps-invalid": Text(
        "lps can't be read",
        "The value in “{text}” at {name} is no list of local-part prefixes.",
        "lps holds prefixes of letters, digits and hyphens, at most 63 long, with commas between them, or nothing for every address.",
        "Correct the prefixes (lps=news,billing), or remove lps.",
    ),
    "bimi.selector-invalid": Text(
        "Not a selector",
        "“{selector}” can't be a selector.",
        "A selector is part of a DNS name: letters, digits and hyphens, with dots between labels.",
        "Use the selector of your record; unless you send a BIMI-Selector header it is “default”.",
    ),
    "bimi.name-too-long": Text(
        "The record's name is too long for the DNS",
        "{name} has {length} characters, or a label of more than 63.",
        "A DNS name may have 253 characters and labels of 63, so no record can stand there.",
        "Choose a shorter selector, or publish the record at the Organizational Domain.",
    ),
    "bimi.declined": Text(
        "The domain declines BIMI",
        "The record at {name} says that no logo is wanted: l and a are empty.",
        "This is valid and final: receivers show nothing, and look no further.",
        "If a logo is wanted, put its address into l, and that of the certificate into a.",
    ),
    "bimi.avp-invalid": Text(
        "Unknown avatar preference",
        "“{text}” at {name} is neither avp=brand nor avp=personal.",
        "Receivers ignore it, and may treat the whole record as failed. Case counts.",
        "Write avp=brand or avp=personal, or remove avp.",
    ),
    "bimi.readings-differ": Text(
        "Receivers may find different Assertion Records",
        "A receiver of RFC 9989 finds: {new}. One of RFC 7489 finds: {old}.",
        "The two standards see different Organizational Domains, and that is where BIMI looks when the domain itself has no record.",
        "Publish the record at the domain that sends; then both find it.",
    ),
    "bimi.tag-unknown": Text(
        "Unknown tag",
        "BIMI has no tag “{tag}” ({name}). {guess}",
        "Unknown tags are ignored. Tag names are written in small letters.",
        "Correct the name, or remove the tag.",
    ),
    "bimi.authority-missing": Text(
        "No certificate",
        "The record at {name} names a logo, but no certificate (a).",
        "That is allowed. But Gmail and Apple show logos only with a Mark Certificate.",
        "If these matter, buy a VMC (or, for Gmail, a CMC), publish it, and put its address into a.",
    ),
    "bimi.local-part-unusable": Text(
        "The local-part can't be a selector",
        "“{text}” can't be turned into a selector, so lps isn't used.",
        "Only letters, digits, hyphens, dots and underscores can, up to 63 of them.",
        "Nothing, if the record at {name} is the right one for this address; otherwise choose another address.",
    ),
    # certificates to come
    "caa.authority-excluded": Text(
        "CAA keeps your authority from issuing",
        "The CAA records at {name} allow Mark Certificates only from: {allowed}. Your certificate comes from {authority}.",
        "The certificate in use stays valid, but your authority may not issue the next one.",
        'Before you renew, add a CAA record at {name}: 0 issuevmc "{authority}".',
    ),
    "caa.critical-unknown": Text(
        "CAA forbids issuance",
        "The CAA records at {name} have a critical property that authorities don't know: “{tag}”.",
        "An authority that doesn't understand a critical property may not issue any certificate.",
        "Check the spelling of the property, or remove the critical flag (128).",
    ),
    "caa.not-checked": Text(
        "CAA could not be asked",
        "The question for CAA records at {name} got no usable answer ({reason}).",
        "Whether CAA would stop your authority from issuing a certificate is unknown. For the logo of today it makes no difference.",
        "Check again before you order or renew; authorities don't issue while the question fails.",
    ),
}
