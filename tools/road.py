"""The guide "from p=none to a logo", told anew: its commands are run among a fictional company's files, DNS and web.

The guide's blocks ``console`` are run where they stand, and what they print is put below them. Between them, remarks
say what happens meanwhile:

    <!-- story: file NAME -->            the block that follows is the file of that name
    <!-- story: day 2026-06-01 -->       the day on which a scan looks
    <!-- story: publish -->              the records that the plan says to publish now are published
    <!-- story: reports 2026-06-02 2026-07-05 -->   reports of these days come in
    <!-- story: happens WHAT -->         something changes: see `Company.happens`

Usage: python -m tools.road
"""

from __future__ import annotations

import gzip
import json
import os
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import NamedTuple

from bimikit.aggregate.feedback import Envelope, Feedback, Head, Policy, Row, Signature
from bimikit.dns.tags import parse_tags
from bimikit.testing import LOGO, MarkCA, Web, Zone
from bimikit.testing.reports import xml
from tools.tunnel import Tunnel

ROOT = Path(__file__).parent.parent
PAGES = {"en": ROOT / "docs" / "road.md", "ja": ROOT / "docs" / "road.ja.md"}
STEP = re.compile(
    r"^<!-- story: (?P<what>[^\n]+?) -->\n(?:\n*```(?P<kind>toml)\n(?P<file>.*?)^```$)?|"
    r"^```console\n(?P<session>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
DOMAINS = ("kaori.example", "kaori-shop.example", "kaori-tea.example")
REPORTERS = ("mailbox.example", "post.example", "inbox.example")
KEY = "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
OWN, SHOP = "198.51.100.10", "198.51.100.25"
BEGINNING = {
    ("kaori.example", "A"): ["198.51.100.80"],
    ("kaori.example", "MX"): ["10 mx.kaori.example."],
    ("kaori.example", "TXT"): ["v=spf1 ip4:198.51.100.0/24 -all"],
    ("s1._domainkey.kaori.example", "TXT"): [KEY],
    ("kaori-shop.example", "MX"): ["10 mx.kaori.example."],
    ("kaori-shop.example", "TXT"): ["v=spf1 ip4:198.51.100.0/24 -all"],
    ("shop._domainkey.kaori-shop.example", "TXT"): [KEY],
    ("kaori-tea.example", "A"): ["198.51.100.80"],
}
"""What the company publishes before anything has begun."""


class Sent(NamedTuple):
    """Messages of a day from one place."""

    address: str
    messages: int
    dkim: bool
    spf: bool
    signatures: tuple[Signature, ...]
    envelope: Envelope


class Company:
    """A folder with what the company writes down, its DNS, and its web server.

    Args:
        folder: The folder.
        lang: The language of what commands print.
    """

    def __init__(self, folder: Path, lang: str) -> None:
        self.folder = folder
        self._lang = lang
        self._day = ""
        self._records = {key: list(values) for key, values in BEGINNING.items()}
        self._happened: set[str] = set()
        self._inside = ExitStack()
        self._zone = self._inside.enter_context(Zone())
        self._web = self._inside.enter_context(Web(["www.kaori.example"]))
        tunnel = self._inside.enter_context(Tunnel(self._web.port, self._web.http_port))
        self._zone.add("www.kaori.example", "A", "198.51.100.80")
        for (name, rdtype), values in self._records.items():
            self._serve(name, rdtype, values)
        lists = ("http://www.kaori.example/issuing.crl", "http://www.kaori.example/root.crl")
        ca = MarkCA(at=datetime.now(UTC), crl_urls=lists)  # hosted files are judged as of now
        self._web.put("/issuing.crl", ca.crl())
        self._web.put("/root.crl", ca.crl(of="root"))
        (folder / "logo.svg").write_bytes(LOGO)
        (folder / "vmc.pem").write_bytes(ca.issue("kaori.example").pem)
        (folder / "bimikit.toml").write_text(
            f'[network]\nresolver = "127.0.0.1:{self._zone.port}"\nproxy = "http://127.0.0.1:{tunnel.port}"\n'
            f'ca-bundle = "{self._web.ca_bundle}"\n[trust]\nroots = ["root.pem"]\nct-logs = ["log.pem"]\n',
            encoding="utf-8",
        )
        (folder / "root.pem").write_bytes(ca.root_pem)
        (folder / "log.pem").write_bytes(ca.log_pem)

    def __enter__(self) -> Company:
        return self

    def __exit__(self, *_problem: object) -> None:
        self._inside.close()

    def does(self, what: str, content: str | None) -> None:
        """Do what a remark says.

        Raises:
            ValueError: It is none that is known.
        """
        verb, *about = what.split()
        if verb == "file" and content is not None:
            (self.folder / about[0]).write_text(content, encoding="utf-8")
        elif verb == "day":
            self._day = about[0]
        elif verb == "publish":
            self._publish()
        elif verb == "reports":
            self._report(*map(date.fromisoformat, about))
        elif verb == "happens":
            self.happens(about[0])
        else:
            raise ValueError(f"no such step of the story: {what}")

    def happens(self, what: str) -> None:
        """Let something happen: ``sendgrid-signs`` (by the domain's own name), ``crm-ends``, or ``hosted``: the files.

        Raises:
            ValueError: Nothing of that name happens.
        """
        if what not in ("sendgrid-signs", "crm-ends", "hosted"):
            raise ValueError(f"nothing like this happens: {what}")
        self._happened.add(what)
        if what == "hosted":
            for name in ("logo.svg", "vmc.pem"):
                self._web.put(f"/{name}", (self.folder / name).read_bytes())

    def run(self, session: str) -> str:
        """A session, with what its commands print."""
        commands = re.findall(r"^\$ (.*)$", session, re.MULTILINE)
        return "".join([f"$ {command}\n{self._bimikit(command)}" for command in commands])

    def _bimikit(self, command: str) -> str:
        name, *arguments = shlex.split(command)
        if name != "bimikit":
            raise ValueError(f"only bimikit is run: {command}")
        if "--check" in arguments:  # on the day of the story
            arguments += ["--as-of", self._day]
        lang = {"en": "C.UTF-8", "ja": "ja_JP.UTF-8"}[self._lang]
        done = subprocess.run(
            [sys.executable, "-m", "bimikit", *arguments],
            cwd=self.folder,
            env={**os.environ, "LC_ALL": lang, "PYTHONUTF8": "1"},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode not in (0, 3):
            raise RuntimeError(f"{command}: {done.stdout}{done.stderr}")
        if arguments[0] == "scan":
            self._date_rows(self.folder / arguments[arguments.index("-o") + 1])
        return done.stdout

    def _date_rows(self, file: Path) -> None:
        """Let a scan have looked on the day of the story."""
        text = re.sub(r'"at":"[^"]*"', f'"at":"{self._day}T09:00:00Z"', file.read_text(encoding="utf-8"))
        file.write_text(text, encoding="utf-8")

    def _publish(self) -> None:
        plan = json.loads(self._bimikit("bimikit plan -f json"))
        for domain in plan["domains"]:
            for record in domain["records"]:
                if record.get("when", "now") == "now":
                    key = (record["name"], record["type"])
                    left = [one for one in self._records.get(key, []) if one not in record.get("instead", ())]
                    self._records[key] = [*left, record["value"]] if record["value"] not in left else left
                    self._serve(*key, self._records[key])

    def _serve(self, name: str, rdtype: str, values: list[str]) -> None:
        self._zone.remove(name, rdtype)
        for value in values:
            self._zone.add(name, rdtype, value)

    def _report(self, first: date, last: date) -> None:
        inbox = self.folder / "inbox"
        inbox.mkdir(exist_ok=True)
        for number in range((last - first).days + 1):
            day = first + timedelta(days=number)
            for domain in DOMAINS:
                for place, reporter in enumerate(REPORTERS):
                    rows = [self._row(domain, sent) for sent in self._sent(domain, day, place)]
                    if rows:
                        data = b"".join(xml(Feedback(self._head(domain, day, reporter), iter(rows))))
                        file = inbox / f"{reporter}!{domain}!{day:%Y%m%d}.xml.gz"
                        file.write_bytes(gzip.compress(data, mtime=0))

    def _policy(self, domain: str) -> dict[str, str]:
        """The tags of the domain's DMARC record."""
        texts = self._records.get((f"_dmarc.{domain}", "TXT"), [])
        return {tag.name.text: tag.value.text for tag in parse_tags(texts[0]).tags} if texts else {}

    def _head(self, domain: str, day: date, reporter: str) -> Head:
        tags = self._policy(domain)
        begin = datetime(day.year, day.month, day.day, tzinfo=UTC)
        return Head(
            reporter=reporter,
            email=f"dmarc@{reporter}",
            report_id=f"{domain}.{day:%Y%m%d}",
            begin=begin,
            end=begin + timedelta(days=1, seconds=-1),
            policy=Policy(
                domain=domain, p=tags.get("p", "none"), sp=tags.get("sp", ""), np="", adkim="r", aspf="r", pct="",
                testing="", discovery="", fo="",
            ),
        )  # fmt: skip

    def _row(self, domain: str, sent: Sent) -> Row:
        passes = sent.dkim or sent.spf
        return Row(
            source_ip=sent.address,
            count=sent.messages,
            disposition="none" if passes else self._policy(domain).get("p", "none"),
            dkim="pass" if sent.dkim else "fail",
            spf="pass" if sent.spf else "fail",
            reasons=(),
            header_from=domain,
            envelope_from=sent.envelope.domain,
            signatures=sent.signatures,
            envelopes=(sent.envelope,),
            comments=(),
            envelope_to="",
        )

    def _sent(self, domain: str, day: date, place: int) -> Iterator[Sent]:
        """What one reporter sees of a day's mail."""
        random = Random(f"{domain} {day} {place}")
        signature = Signature(domain, "s1", "pass")
        own = Envelope(domain, "mfrom", "pass")
        if domain == "kaori.example":
            yield Sent(OWN, random.randrange(60, 90), True, True, (signature,), own)
            yield Sent("203.0.113.9", random.randrange(1, 3), True, False, (signature,), _envelope("alumni.example"))
            if day.weekday() in (1, 4):
                signs = "sendgrid-signs" in self._happened
                theirs = Signature("sendgrid.net", "smtpapi", "pass")
                both = (signature, theirs) if signs else (theirs,)
                address = f"192.0.2.{random.randrange(40, 44)}"
                yield Sent(address, random.randrange(90, 140), signs, False, both, _envelope("sendgrid.net"))
            if "crm-ends" not in self._happened:
                theirs = Signature("oldcrm.example", "k1", "pass")
                envelope = _envelope("oldcrm.example")
                yield Sent("203.0.113.77", random.randrange(4, 9), False, False, (theirs,), envelope)
        if domain == "kaori-shop.example":
            yield Sent(SHOP, random.randrange(15, 30), True, True, (Signature(domain, "shop", "pass"),), own)
        else:
            for _ in range(3):
                address = f"{random.randrange(100, 180)}.{'.'.join(str(random.randrange(1, 255)) for _ in range(3))}"
                yield Sent(address, random.randrange(1, 3), False, False, (), Envelope(domain, "mfrom", "fail"))


def _envelope(domain: str) -> Envelope:
    return Envelope(domain, "mfrom", "pass")


def told(page: str, lang: str) -> str:
    """The guide with what its commands print now."""
    with tempfile.TemporaryDirectory() as folder, Company(Path(folder), lang) as company:

        def step(found: re.Match[str]) -> str:
            if found["session"] is not None:
                return f"```console\n{company.run(found['session'])}```"
            company.does(found["what"], found["file"])
            return found[0]

        return STEP.sub(step, page)


if __name__ == "__main__":
    for lang, file in PAGES.items():
        if file.exists():
            file.write_text(told(file.read_text(encoding="utf-8"), lang), encoding="utf-8", newline="\n")
