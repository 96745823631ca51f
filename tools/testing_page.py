"""Write docs/testing.md: the test authority, and every defect and variant it can issue.

Usage: python -m tools.testing_page [FILE]
"""

from __future__ import annotations

import sys
from pathlib import Path

from bimikit.locale import catalogue
from bimikit.testing import DEFECTS, KEY_KINDS, VARIANTS

PAGE = Path(__file__).parent.parent / "docs" / "testing.md"
INTRO = """# Certificates for your tests

`bimikit.testing.MarkCA` is a Mark Verifying Authority with a root, an issuing CA, a Certificate Transparency log and
CRLs. Its certificates follow from its arguments, byte for byte (RSA keys apart), so they can be made in a test instead
of being kept.

```python
from datetime import UTC, datetime, timedelta

import bimikit
from bimikit.testing import MarkCA

ca = MarkCA(at=datetime(2026, 11, 24, tzinfo=UTC))
good = ca.issue("example.com", mark_type="Prior Use Mark")  # a CMC; the first two mark types give a VMC
judge = {{"domain": "example.com", "trust": ca.trust, "at": ca.at}}

assert bimikit.check_certificate(good.pem, **judge).ok
assert not bimikit.check_certificate(good.pem, **judge, crls=[ca.crl([good.leaf]), ca.crl(of="root")]).ok
assert not bimikit.check_certificate(good.pem, **{{**judge, "at": ca.at + timedelta(days=400)}}).ok
assert not bimikit.check_certificate(ca.issue("example.com", defect="forged-sct").pem, **judge).ok
```

`Zone` and `Web` play the network, on loopback: a DNS server that answers as a resolver does and can fail in every way,
and an HTTPS and HTTP server with a CA of its own. They need the extra `testing` ([how to install one](index.md#start)).

```python
import bimikit
from bimikit.testing import LOGO, MarkCA, Web, Zone

with Web(["www.example.com"]) as web, Zone() as zone:
    lists = (web.http_url("/issuing.crl", host="crl.example.net"), web.http_url("/root.crl", host="crl.example.net"))
    ca = MarkCA(crl_urls=lists)
    web.put("/logo.svg", LOGO)
    web.put("/vmc.pem", ca.issue("example.com").pem)
    web.put("/issuing.crl", ca.crl())
    web.put("/root.crl", ca.crl(of="root"))
    zone.add("_dmarc.example.com", "TXT", "v=DMARC1; p=reject; rua=mailto:dmarc@example.com")
    record = "v=BIMI1; l=" + web.url("/logo.svg") + "; a=" + web.url("/vmc.pem")
    zone.add("default._bimi.example.com", "TXT", record)
    for host in ("www.example.com", "crl.example.net"):
        zone.add(host, "A", "127.0.0.1")
    judge = {{
        "resolver": zone.resolver(lifetime=2),
        "policy": bimikit.FetchPolicy(allow_networks=("127.0.0.0/8",), ca_bundle=web.ca_bundle),
        "trust": ca.trust,
    }}
    assert bimikit.check_domain("example.com", **judge).verdicts["gmail"] == "ready"

    web.put("/logo.svg", status=503)
    assert bimikit.check_domain("example.com", **judge).verdicts["gmail"] == "cannot_say"
    zone.fail("_dmarc.example.com", "servfail")
    assert not bimikit.check_domain("example.com", **judge).complete
```

For the command line write `ca.root_pem` and `ca.log_pem` to files and give them with `--roots` and `--ct-log`;
`bimikit scan` takes them from a [configuration](configuration.md), as `trust.roots` and `trust.ct-logs`. `Zone`
and `Web` are asked like any other servers: name the resolver, allow the network, and trust the CA of `Web`.

```python
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from bimikit.testing import LOGO, MarkCA, Web, Zone

ca = MarkCA(at=datetime.now(UTC))
Path("logo.svg").write_bytes(LOGO)
Path("vmc.pem").write_bytes(ca.issue("example.com").pem)
Path("root.pem").write_bytes(ca.root_pem)

with Web(["www.example.com"]) as web, Zone() as zone:
    dmarc = "v=DMARC1; p=reject"
    record = "v=BIMI1; l=" + web.url("/logo.svg") + "; a=" + web.url("/vmc.pem")
    web.put("/logo.svg", LOGO)
    web.put("/vmc.pem", Path("vmc.pem").read_bytes())
    zone.add("_dmarc.example.com", "TXT", dmarc)
    zone.add("default._bimi.example.com", "TXT", record)
    zone.add("www.example.com", "A", "127.0.0.1")
    Path("bimikit.toml").write_text(
        "[[publications]]\\ndomain = 'example.com'\\nlogo = 'logo.svg'\\ncertificate = 'vmc.pem'\\n"
        f"dmarc = '{{dmarc}}'\\nrecord = '{{record}}'\\n[trust]\\nroots = ['root.pem']\\n"
    )
    network = ["--resolver", f"127.0.0.1:{{zone.port}}", "--allow-network", "127.0.0.0/8", "--ca-bundle", web.ca_bundle]
    bimikit = [sys.executable, "-m", "bimikit"]  # or just "bimikit"
    assert subprocess.run([*bimikit, "verify", *network]).returncode == 0
    assert subprocess.run([*bimikit, "expiry", "--live", *network]).returncode == 0

    web.put("/logo.svg", LOGO.replace(b"Acme", b"Another"))
    assert subprocess.run([*bimikit, "verify", *network]).returncode == 1
```

`bimikit.testing.reports` makes DMARC aggregate reports of any size: the same for the same seed, and with another seed
another reporter's, of another day. A report is in the form of RFC 7489 or of RFC 9990: a file as it is sent, or what a
store takes.

```python
from bimikit.aggregate.importing import import_file
from bimikit.aggregate.store import Store
from bimikit.testing import reports

for seed in range(3):
    with open(f"report{{seed}}.xml", "wb") as file:
        file.write(reports.report(200, seed=seed, domain="example.com", dialect="rfc9990"))

with Store.open("reports.sqlite") as store:
    for seed in range(3):
        with open(f"report{{seed}}.xml", "rb") as file:
            list(import_file(store, file, f"report{{seed}}.xml"))
    assert store.totals("example.com").rows == 600
    again = reports.feedback(200, seed=0, domain="example.com", dialect="rfc9990")
    assert store.add(again).outcome == "known"  # each report counts once, whatever way it comes
```

The largest come in pieces: `reports.xml(reports.feedback(1_000_000))`. To read them needs the extra `reports`.

`ca.issue(key=…)` takes {keys}.
"""


def page() -> str:
    """The page."""
    texts = catalogue("en").rules
    parts = [INTRO.format(keys=", ".join(f"`{kind}`" for kind in KEY_KINDS))]
    for title, about, listed in (
        ("Defects", "`ca.issue(defect=NAME)` breaks the rule, and as far as possible no other.", DEFECTS),
        ("Variants", "`ca.issue(variant=NAME)` is conformant, and comes near to breaking the rule.", VARIANTS),
    ):
        lines = [f"## {title}", "", about, "", "| name | rule | what the rule is about |", "| --- | --- | --- |"]
        for name, entry in listed.items():
            title_of_rule = texts[entry.rule].title.replace("<", "&lt;")
            lines.append(f"| `{name}` | `{entry.rule}` | {title_of_rule} |")
        parts.append("\n".join(lines) + "\n")
    return "\n".join(parts)


if __name__ == "__main__":
    Path(sys.argv[1] if len(sys.argv) > 1 else PAGE).write_text(page(), encoding="utf-8")
