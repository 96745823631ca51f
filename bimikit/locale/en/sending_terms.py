"""Words that only the rules on SPF and DKIM use, in English."""

from __future__ import annotations

TERMS: dict[str, str] = {
    # why a term of an SPF record can't be read
    "spf.character": "there is a character that may not stand here, such as a tab or a full-width letter",
    "spf.no-term": "it is neither a mechanism nor a modifier",
    "spf.unknown": "there is no mechanism of that name",
    "spf.empty": "nothing stands after its name (a blank after the colon ends a term)",
    "spf.all-value": "“all” takes nothing after it",
    "spf.address": "this is no IP address of that kind",
    "spf.prefix": "the length after the slash is wrong here",
    "spf.macro": "its macro (%{…}) is wrong",
    "spf.domain": "this is no domain name with a dot in it",
    "spf.twice": "the modifier is there twice",
    "spf.too-long": "the record is too long",
    # why an include or redirect can't be used
    "spf.missing": "there is no SPF record",
    "spf.several": "there is more than one SPF record",
    # why a DKIM key can't be read
    "dkim.base64": "it is not valid Base64; it may have been cut or changed",
    "dkim.pem": "the lines -----BEGIN/END----- of the key's file are part of it",
    "dkim.der": "it is no public key; it may have been cut",
    "dkim.key-too-long": "it is far too long",
    "dkim.not-rsa": "it is no RSA key, while k= says so",
    "dkim.ed25519-as-rsa": "it looks like an Ed25519 key, but k=ed25519 is missing",
    "dkim.ed25519-length": "an Ed25519 key has exactly 32 bytes",
    "dkim.ed25519-wrapped": "an Ed25519 key stands here as its bare 32 bytes, without the frame of a key file",
}
