"""Providers by name: their ids, and what people call them. It loads nothing, because the command line asks it first."""

from __future__ import annotations

PROVIDER_IDS = (
    "gmail", "apple", "yahoo", "au", "iijmio", "fastmail", "laposte", "gmx", "zoho", "zone", "zoner", "onet",
    "infomaniak", "cloudmark", "webde", "mailcom", "seznam", "comcast", "bt", "orange", "japan-isp", "microsoft",
    "yahoo-japan", "docomo", "apple-branded-mail", "trusteddialog", "wp-premium-sender",
)  # fmt: skip
"""Every provider and programme there is data on, in the order in which they are shown."""

ALIASES: dict[str, str] = {
    "google": "gmail",
    "google-workspace": "gmail",
    "googlemail": "gmail",
    "workspace": "gmail",
    "apple-mail": "apple",
    "icloud": "apple",
    "mac.com": "apple",
    "me.com": "apple",
    "aol": "yahoo",
    "yahoo.co.jp": "yahoo-japan",
    "yahoo-jp": "yahoo-japan",
    "yahoo.jp": "yahoo-japan",
    "yahoo.ne.jp": "yahoo-japan",
    "ybb.ne.jp": "yahoo-japan",
    "yahoojapan": "yahoo-japan",
    "kddi": "au",
    "ezweb": "au",
    "iij": "iijmio",
    "pobox": "fastmail",
    "la-poste": "laposte",
    "web.de": "webde",
    "1and1": "webde",
    "proofpoint": "cloudmark",
    "mail.com": "mailcom",
    "xfinity": "comcast",
    "btinternet": "bt",
    "free": "orange",
    "sfr": "orange",
    "biglobe": "japan-isp",
    "nifty": "japan-isp",
    "ocn": "japan-isp",
    "rakuten": "japan-isp",
    "so-net": "japan-isp",
    "softbank": "japan-isp",
    "exchange": "microsoft",
    "hotmail": "microsoft",
    "live": "microsoft",
    "m365": "microsoft",
    "microsoft365": "microsoft",
    "msn": "microsoft",
    "office365": "microsoft",
    "outlook": "microsoft",
    "branded-mail": "apple-branded-mail",
    "apple-business-connect": "apple-branded-mail",
    "o2.pl": "wp-premium-sender",
    "wp": "wp-premium-sender",
    "wp.pl": "wp-premium-sender",
}
"""Other names, in lower case. Yahoo! JAPAN is another company than Yahoo, so ``yahoo`` alone never means it."""


def provider_ids() -> tuple[str, ...]:
    """The id of every provider, in the order in which they are shown."""
    return PROVIDER_IDS


def canonical(name: str) -> str:
    """The id of the provider that a name means: ``iCloud`` is ``apple``, ``gmail.com`` is ``gmail``.

    Raises:
        ValueError: No provider is known by that name.
    """
    asked = "-".join(name.strip().lower().replace("_", " ").split())
    for known in (asked, asked.removesuffix(".com"), asked.split(".")[0]):
        # A name is taken whole before its ending is cut off: yahoo.co.jp must not become yahoo.
        if known in PROVIDER_IDS:
            return known
        if known in ALIASES:
            return ALIASES[known]
    raise ValueError(f"no mailbox provider is known as {name!r}; there are {', '.join(PROVIDER_IDS)}")
