"""Words that only the rules on DNS records use, in English."""

from __future__ import annotations

TERMS: dict[str, str] = {
    "guess.none": "",
    "guess.closest": "Closest: {guess}.",
    # why a text is no domain name
    "domain.empty": "it is empty",
    "domain.several": "more than one name, or a blank in it",
    "domain.too-long": "it is too long",
    "domain.no-room": "with what its DMARC and BIMI records have before it, it is longer than the 253 characters of a name",
    "domain.single-label": "it is no domain under a top level",
    "domain.label": "a part between the dots can't stand in a domain name",
    "domain.international": "its letters can't be written in the DNS",
    # why a part of a tag-list can't be read
    "tags.empty": "there is nothing between two semicolons",
    "tags.no-equals": "there is no “=”",
    "tags.name": "what stands before “=” is no name of a tag",
    "tags.value": "there is a character that may not stand here",
    "tags.duplicate": "the tag is there twice",
    "tags.too-long": "the record is too long",
    # why an address in a record is invalid
    "uri.comma": "there is a comma; only one address may stand here, and a comma in it must be written %2C",
    "uri.space": "there is a blank in it",
    "uri.semicolon": "a semicolon is missing before the next tag",
    "uri.character": "there is a character that no web address may have",
    "uri.not-absolute": "it doesn't begin with https://",
    "uri.not-https": "it begins with something other than https://",
    "uri.host": "it names no valid host",
    "uri.user": "there is a user name or an @ before the host",
    "uri.not-fqdn": "its host is no full domain name",
    # why a question could not be answered
    "dns.timeout": "no answer in time",
    "dns.servfail": "the name servers report a failure",
    "dns.refused": "the name server refuses to answer",
    "dns.cname": "the CNAME records lead in a circle, or too far",
    "dns.network": "the answer was unusable, or the network failed",
    "dns.walk": "the Organizational Domain could not be found out",
    # why a zone file doesn't say what is at a name
    "beyond.none": "",
    "beyond.alias": "A CNAME record of the zone file leads there, to another zone.",
    "beyond.delegated": "NS records of the zone file give the name to other name servers; what the file itself says there doesn't count.",
    "beyond.above": "The name stands above the zone of the file.",
    # why a reading of DMARC bars BIMI
    "bars.missing": "no DMARC policy applies",
    "bars.record-multiple": "there are several DMARC records, so that none counts",
    "bars.tag-duplicate": "its record has a tag twice, so that it doesn't count",
    "bars.policy-none": "its policy is none",
    "bars.only-version": "its record says nothing but its version",
    "bars.policy-missing": "its record has no tag p",
    "bars.policy-unusable": "its record has no valid policy",
    "bars.subdomain-none": "sp=none",
    "bars.quarantine-partial": "quarantine with pct other than 100",
    "bars.quarantine-testing": "quarantine with t=y",
    "bars.organizational-missing": "the Organizational Domain has no record",
    "bars.organizational-none": "the Organizational Domain's policy is none",
}
