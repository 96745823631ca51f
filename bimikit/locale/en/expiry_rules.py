"""The texts of the rules on when certificates end, in English."""

from __future__ import annotations

from .. import Text

_REFUSED = "Receivers refuse a chain as soon as one of its certificates has ended, and the logo is gone."

RULES: dict[str, Text] = {
    "expiry.ended": Text(
        "Certificate has ended",
        "{kind} “{subject}” was valid until {until}.",
        _REFUSED,
        "{renewal} Check the new file before you publish it.",
    ),
    "expiry.soon": Text(
        "Certificate ends soon",
        "{kind} “{subject}” ends at {until}; full days left: {days}. Time to act began on {act} ({within} days before).",
        f"{_REFUSED} A renewal takes time, as the authority may have to verify the mark again.",
        "{renewal} Check the new file before you publish it.",
    ),
    "expiry.unknown": Text(
        "End of a certificate could not be found out",
        "Nobody knows when the certificate of {source} ends: {reason} ({detail}).",
        "A certificate that nobody looks at ends unnoticed.",
        "Correct the file, the record or the address, or ask again later if it is a failure that may pass.",
    ),
    "expiry.no-certificate": Text(
        "No certificate to watch",
        "No certificate is published for {source}: {reason}.",
        "Without a certificate there is nothing that could end; some mailbox providers show no logo without one.",
        "Nothing has to be done, unless there should be a certificate: then publish its address in the Assertion Record, as a=.",
    ),
    "expiry.issuer-missing": Text(
        "Issuing CA not in the file",
        "The issuer of “{subject}” is neither in the file nor among the trusted ones, so nobody knows when its certificate ends.",
        f"{_REFUSED} That is true of the issuing CA's certificate, too.",
        "Put the issuing CA's certificate into the file, below the Mark Certificate, as the authority delivers it.",
    ),
}
