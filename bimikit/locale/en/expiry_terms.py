"""Words that only the watch on the ends of certificates uses, in English."""

from __future__ import annotations

TERMS: dict[str, str] = {
    "expiry.role-mark": "Mark Certificate",
    "expiry.role-issuing-ca": "Issuing CA",
    "expiry.role-root": "Root",
    # what to do
    "expiry.renew-mark": "Order the renewal at your Mark Verifying Authority, and publish the new file in place of this one.",
    "expiry.renew-issuing-ca": "Ask your Mark Verifying Authority for the newer certificate of this CA, or for your Mark Certificate with a new chain, and publish the file with it.",
    "expiry.renew-root": "Ask your Mark Verifying Authority for a chain that leads to a newer root, and publish the file with it.",
    # why an end isn't known
    "expiry.no-mark": "there is no Mark Certificate in it",
    "expiry.not-all-read": "a part of it was not read, and a certificate may be in there",
    "expiry.no-record": "no Assertion Record is published",
    "expiry.bad-record": "the published Assertion Record can't be used",
    "expiry.no-address": "the published Assertion Record names no certificate",
    "expiry.no-domain": "this is no domain name",
    "expiry.no-file": "the file can't be read",
    # the table
    "expiry.head-ends": "ends (UTC)",
    "expiry.head-left": "days left",
    "expiry.head-act": "act from",
    "expiry.head-what": "what",
    "expiry.head-subject": "subject",
    "expiry.head-domains": "domains",
    "expiry.head-source": "where",
    "expiry.state-ended": "has ended",
    "expiry.state-soon": "ends soon",
    "expiry.none": "No certificates.",
    "expiry.summary": "{count} certificates as of {at}: {ended} ended, {soon} end soon, {unknown} could not be found out",
    # the calendar
    "expiry.event": "{role} ends: {subject}",
    "expiry.event-about": "{role} of {subject}, valid until {until}. Act from {act} on: {fix}",
    "expiry.event-domains": "Domains: {domains}",
    "expiry.event-sources": "Where: {sources}",
    "expiry.calendar": "Ends of BIMI certificates",
}
