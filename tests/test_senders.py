"""Known senders: the data, and who is recognised by what."""

from __future__ import annotations

import tomllib
from datetime import date
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st
from publicsuffixlist import PublicSuffixList

from bimikit.aggregate.senders import MARKS, Sender, load_senders, recognise
from bimikit.domains import normal_domain
from tools.stale import main as stale_main
from tools.stale import stale_senders

SENDERS = load_senders()
NAMES = [(sender, mark, name) for sender in SENDERS.values() for mark in MARKS for name in sender.names(mark)]
REGISTRIES = PublicSuffixList(only_icann=True)
"""Public suffixes of registries; hosters register those under which their customers have names, too."""
LABEL = st.text("abcdefghijklmnopqrstuvwxyz0123456789-", min_size=1, max_size=12)


def test_there_are_enough_of_them_and_no_two_have_one_id() -> None:
    listed = tomllib.loads(files("bimikit.aggregate").joinpath("senders.toml").read_text(encoding="utf-8"))["sender"]
    assert len(listed) == len(SENDERS) >= 75
    assert sum(sender.confidence == "unconfirmed" for sender in SENDERS.values()) < len(SENDERS) / 4
    assert sum(any(ord(letter) > 0x3000 for letter in sender.name.ja) for sender in SENDERS.values()) >= 20


@pytest.mark.parametrize("sender", SENDERS.values(), ids=lambda sender: sender.id)
def test_every_sender_has_what_it_must(sender: Sender) -> None:
    names = {name for mark in MARKS for name in sender.names(mark)}
    assert sender.name.en
    assert sender.name.ja
    assert sender.name.en.isascii() or "Σ" in sender.name.en or "→" in sender.name.en
    # one who sends through another has no names of his own, and is known only for how he is set up
    assert bool(names) != bool(sender.via)
    assert not sender.via or sender.via in SENDERS
    assert bool(sender.source) == (sender.confidence != "unconfirmed")
    assert all(page.startswith(("https://", "http://")) for page in (sender.source, *sender.also) if page)
    assert sender.source not in sender.also
    assert set(sender.unconfirmed) <= names
    if sender.confidence == "unconfirmed":
        assert set(sender.unconfirmed) == names
        assert not sender.also
        assert (sender.own_dkim, sender.own_envelope) == ("unknown", "unknown")
    assert date(2026, 11, 30) <= sender.seen


@pytest.mark.parametrize(("sender", "mark", "name"), NAMES, ids=lambda value: getattr(value, "id", value))
def test_every_name_is_a_domain_of_one_sender_and_leads_to_it(sender: Sender, mark: str, name: str) -> None:
    assert normal_domain(name) == name
    assert not REGISTRIES.is_public(name)
    assert [other.id for other, where, known in NAMES if (where, known) == (mark, name)] == [sender.id]
    place = dict(zip(MARKS, ("signer", "envelope", "ptr"), strict=True))[mark]
    for below in (name, f"mail-7.{name}", f"A.B.{name.upper()}."):
        found = recognise(**{place: below})
        assert found
        assert (found.sender, found.mark, found.known) == (sender, mark, name)
        assert found.confirmed == (name not in sender.unconfirmed)


CASES = [
    # signer, envelope, ptr; sender, mark, name
    (("sendgrid.net", "", ""), ("sendgrid", "dkim", "sendgrid.net")),
    (("", "bounces.u1.wl2.sendgrid.net", ""), ("sendgrid", "spf", "sendgrid.net")),
    (("", "", "o1.ptr7.sendgrid.net"), ("sendgrid", "ptr", "sendgrid.net")),
    (("example.com", "0100.ap-northeast-1.amazonses.com", ""), ("amazon-ses", "spf", "amazonses.com")),
    # the signature is the sender's own word, and comes before where the mail was brought from
    (("mtasv.net.example", "pm.mtasv.net", "mail.outlook.com"), ("postmark", "spf", "mtasv.net")),
    (("contoso.onmicrosoft.com", "bounces.amazonses.com", "x.google.com"), ("microsoft365", "dkim", "onmicrosoft.com")),
    # a name of the one kind is none of the other
    (("bmv.jp", "", ""), None),
    (("", "bmv.jp", ""), ("blastmail", "spf", "bmv.jp")),
    (("", "", ""), None),
    (("example.com", "example.com", "mail.example.com"), None),
]  # fmt: skip


@pytest.mark.parametrize(("given_names", "expected"), CASES)
def test_who_is_recognised(given_names: tuple[str, str, str], expected: tuple[str, str, str] | None) -> None:
    found = recognise(*given_names)
    assert (found and (found.sender.id, found.mark, found.known)) == expected


@pytest.mark.parametrize(
    "name",
    [
        "evil-sendgrid.net", "sendgrid.net.evil.example", "sendgrid.net-mail.example", "xsendgrid.net", "sendgrid.ne",
        "net", "sendgrid", "sendgrid.net.", ".sendgrid.net..evil", "sendgrid_net", "sendgrid.com", "ｓendgrid.net",
    ],
)  # fmt: skip
def test_look_alikes_are_nobody_known(name: str) -> None:
    for place in ("signer", "envelope", "ptr"):
        found = recognise(**{place: name})
        assert (found is not None) == (name == "sendgrid.net.")


@given(label=LABEL, tail=LABEL, which=st.sampled_from(NAMES))
def test_no_letters_before_or_after_a_name_make_it_one(label: str, tail: str, which: tuple[Sender, str, str]) -> None:
    _, mark, name = which
    place = dict(zip(MARKS, ("signer", "envelope", "ptr"), strict=True))[mark]
    assert recognise(**{place: f"{name}.{tail}.example"}) is None
    found = recognise(**{place: f"{label}{name}"})
    assert found is None or found.known != name


def test_of_two_names_the_longer_one_decides() -> None:
    found = recognise(ptr="mail.in.tmes.trendmicro.com")
    assert found
    assert found.known == "trendmicro.com"
    found = recognise(envelope="x.tmes.trendmicro.com")
    assert found
    assert (found.known, found.confirmed) == ("tmes.trendmicro.com", False)
    assert recognise(envelope="trendmicro.com") is None


def test_senders_not_looked_at_for_long_are_found_by_the_tool(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    last = max(sender.seen for sender in SENDERS.values())
    assert not list(stale_senders(last))
    assert len(list(stale_senders(date(2036, 1, 1)))) == len(SENDERS)
    monkeypatch.setattr("sys.argv", ["stale", "--today", "2036-01-01"])
    stale_main()
    assert SENDERS["spiral-v2"].source in capsys.readouterr().out
