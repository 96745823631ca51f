"""Records to publish: shown only where everything they rest on was judged, and is right."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from support import AT

from bimikit import FetchPolicy
from bimikit.testing import LOGO, MarkCA, Web, Zone
from webapp import create_app
from webapp.advice import ToPublish, to_publish
from webapp.judging import Subject, judge_files
from webapp.portal import Portal
from webapp.records import as_strings, read_records
from webapp.submission import submitted

CA = MarkCA(at=AT)
ISSUED = CA.issue("example.com")
PEM, LEAF = ISSUED.pem, ISSUED.leaf
OTHER_LOGO = LOGO.replace(b"#fff", b"#ffe")
DMARC = "v=DMARC1; p=reject; rua=mailto:d@example.com"
BIMI = "v=BIMI1; l=https://www.example.com/logo.svg; a=https://www.example.com/vmc.pem"
SELF_ASSERTED = "v=BIMI1; l=https://www.example.com/logo.svg; a="
LISTS = (("i.crl", CA.crl()), ("r.crl", CA.crl(of="root")))
FILES = (("logo.svg", LOGO), ("vmc.pem", PEM))
OWN = ("_dmarc.example.com", "default._bimi.example.com")


def judged(*, files: Any = (*FILES, *LISTS), **fields: Any) -> tuple[Subject, ...]:
    fields = {"domain": "example.com", "dmarc": DMARC, "record": BIMI, "look_up": False, **fields}
    return judge_files(submitted(files, **fields), at=AT, trust=CA.trust, draw=False)


def names(subject: Subject) -> list[str]:
    return [record.name for record in to_publish(subject)]


def test_a_plan_that_is_right_is_published_word_for_word() -> None:
    (subject,) = judged()
    urls = ("https://www.example.com/logo.svg", "https://www.example.com/vmc.pem")
    assert to_publish(subject) == (
        ToPublish("_dmarc.example.com", DMARC, f'_dmarc.example.com. 3600 IN TXT "{DMARC}"', stricter=True),
        ToPublish(
            "default._bimi.example.com",
            BIMI,
            f'default._bimi.example.com. 3600 IN TXT "{BIMI}"',
            first=urls,
        ),
    )


def test_a_long_record_is_cut_into_strings_that_read_back_the_same() -> None:
    long = f"{DMARC}, " + ", ".join(f"mailto:reports-{number}@example.com" for number in range(70))
    (subject,) = judged(dmarc=long)
    record = to_publish(subject)[0]
    assert record.value == long
    assert record.zone == f"_dmarc.example.com. 3600 IN TXT {as_strings(long)}"
    assert read_records(record.zone, "").dmarc == {"_dmarc.example.com": (long,)}


SHOWN: dict[str, tuple[dict[str, Any], tuple[str, ...]]] = {
    "all of it": ({}, OWN),
    "without lists, revocation isn't checked and counts for nothing": ({"files": FILES}, OWN),
    "names that say the same": ({"dmarc": f"_dmarc TXT {DMARC}", "record": f"default._bimi TXT {BIMI}"}, OWN),
    "DMARC rests on itself alone": ({"files": (), "record": ""}, OWN[:1]),
    "DMARC with a broken logo": ({"files": (("logo.svg", b"<svg/>"), ("vmc.pem", PEM))}, OWN[:1]),
    "the logo isn't given": ({"files": FILES[1:]}, OWN[:1]),
    "the certificate isn't given": ({"files": FILES[:1]}, OWN[:1]),
    "neither is given": ({"files": ()}, OWN[:1]),
    "DMARC isn't given": ({"dmarc": ""}, ()),
    "DMARC doesn't go far enough": ({"dmarc": "v=DMARC1; p=none"}, ()),
    "DMARC in one reading only": ({"dmarc": "v=DMARC1; p=quarantine; t=y"}, ()),
    "DMARC with a tag that nobody can read": ({"dmarc": "v=DMARC1; p=reject; rua=d@example.com"}, OWN[1:]),
    "several DMARC records": ({"dmarc": f"{DMARC}\n{DMARC}"}, ()),
    "several Assertion Records": ({"record": f"{BIMI}\n\n{SELF_ASSERTED}"}, OWN[:1]),
    "a broken record": ({"record": BIMI.replace("; a=", " a=")}, OWN[:1]),
    "a record with an address nobody can ask": ({"record": BIMI.replace("www.example.com/logo", "10.0.0.1/logo")}, OWN[:1]),
    "a record with a wrong word": ({"record": f"{BIMI}; avp=x"}, OWN[:1]),
    "another logo than the certificate's": ({"files": (("logo.svg", OTHER_LOGO), ("vmc.pem", PEM))}, OWN[:1]),
    "a certificate for another domain": ({"files": (FILES[0], ("vmc.pem", CA.issue("example.org").pem))}, OWN[:1]),
    "a certificate without proof in a log": ({"files": (FILES[0], ("vmc.pem", CA.issue("example.com", defect="no-sct").pem))}, OWN[:1]),
    "a certificate that is revoked": ({"files": (*FILES, ("i.crl", CA.crl([LEAF])), LISTS[1])}, OWN[:1]),
    "a certificate that the record doesn't name": ({"record": SELF_ASSERTED}, OWN[:1]),
    "a logo alone, which some show": ({"record": SELF_ASSERTED, "files": FILES[:1]}, OWN),
    "a logo alone that is broken": ({"record": SELF_ASSERTED, "files": (("logo.svg", b"<svg/>"),)}, OWN[:1]),
    "declining": ({"record": "v=BIMI1; l=; a=", "files": ()}, OWN[:1]),
    "a subdomain, of which a text alone leaves the rest unknown": ({"domain": "news.example.com"}, ()),
    "a subdomain with the domain above it": (
        {
            "domain": "news.example.com",
            "dmarc": f"_dmarc.example.com TXT {DMARC}\n_dmarc.news.example.com TXT {DMARC}",
            "record": f"default._bimi.example.com TXT {BIMI}",
        },
        ("_dmarc.example.com", "_dmarc.news.example.com", "default._bimi.example.com"),
    ),
    "names that nobody asks": ({"dmarc": f"_dmarc TXT {DMARC}\n_dmarc.shop TXT v=DMARC1; p=none"}, OWN),
    "another selector": ({"selector": "vip"}, (OWN[0], "vip._bimi.example.com")),
    "a local-part without a record of its own": ({"domain": "news@example.com"}, OWN),
    "a local-part whose record another leads to": (
        {
            "domain": "news@example.com",
            "record": f"default._bimi TXT v=BIMI1; l=https://x.example/unseen.svg; a=; lps=\nnews._bimi TXT {BIMI}",
        },
        OWN[:1],
    ),
    "no domain": ({"domain": "exa mple"}, ()),
    "a public suffix": ({"domain": "co.jp"}, ()),
    "a name above all that are registered": ({"domain": "github.io"}, ()),
}  # fmt: skip


@pytest.mark.parametrize(("changes", "shown"), SHOWN.values(), ids=SHOWN)
def test_a_record_is_shown_only_if_all_it_rests_on_is_right(changes: dict[str, Any], shown: tuple[str, ...]) -> None:
    (subject,) = judged(**changes)
    assert tuple(names(subject)) == shown


def test_a_certificate_that_nobody_trusts_holds_the_record_back() -> None:
    submission = submitted((*FILES, *LISTS), domain="example.com", dmarc=DMARC, record=BIMI, look_up=False)
    (subject,) = judge_files(submission, at=AT, trust=None, draw=False)
    assert names(subject) == ["_dmarc.example.com"]


def test_of_several_pairs_each_has_its_own_advice() -> None:
    right, wrong = judged(files=(*FILES, ("other.svg", OTHER_LOGO)))
    assert names(right) == list(OWN)
    assert names(wrong) == ["_dmarc.example.com"]


def test_files_without_a_domain_have_no_records() -> None:
    assert [names(subject) for subject in judge_files(submitted(FILES), at=AT, trust=CA.trust, draw=False)] == [[], []]


class Live:
    """A domain of which nothing is published yet but the files, and a portal."""

    def __init__(self, web: Web, zone: Zone, portal: Portal, ca: MarkCA) -> None:
        self.web, self.zone, self.portal = web, zone, portal
        self.record = f"v=BIMI1; l={web.url('/logo.svg')}; a={web.url('/vmc.pem')}"
        web.put("/logo.svg", LOGO)
        web.put("/vmc.pem", ca.issue("example.com").pem)
        web.put("/i.crl", ca.crl())
        web.put("/r.crl", ca.crl(of="root"))
        for host in ("www.example.com", "crl.example.net"):
            zone.add(host, "A", "127.0.0.1")

    def check(self, files: Any = (), **fields: Any) -> tuple[Subject, ...]:
        submission = submitted(files, **{"domain": "example.com", **fields})
        self.steps: list[str] = []
        return self.portal.judge(submission, "192.0.2.1", self.steps.append, draw=False)


@pytest.fixture
def live() -> Iterator[Live]:
    with Web(["www.example.com"]) as web, Zone() as zone:
        urls = (web.http_url("/i.crl", host="crl.example.net"), web.http_url("/r.crl", host="crl.example.net"))
        ca = MarkCA(at=AT, crl_urls=urls)
        policy = FetchPolicy(allow_networks=("127.0.0.0/8",), ca_bundle=web.ca_bundle, timeout=2)
        app = create_app({"AT": AT, "TRUST": ca.trust, "RESOLVER": f"{zone.address}:{zone.port}", "POLICY": policy})
        portal = app.extensions["bimikit"]
        yield Live(web, zone, portal, ca)
        portal.close()


def test_live_the_files_that_are_served_need_no_upload(live: Live) -> None:
    (subject,) = live.check(dmarc=DMARC, record=live.record)
    assert names(subject) == list(OWN)
    assert [record.first for record in to_publish(subject)] == [(), ()]
    assert not any(record.published for record in to_publish(subject))
    assert live.steps == ["dns", "fetch", "revocation", "judge"]


def test_live_a_file_that_is_handed_in_is_to_be_served_first(live: Live) -> None:
    live.web.put("/logo.svg", status=404)
    (subject,) = live.check([("logo.svg", LOGO)], dmarc=DMARC, record=live.record)
    assert [record.first for record in to_publish(subject)] == [(), (live.web.url("/logo.svg"),)]


def test_live_a_host_that_does_not_serve_yet_holds_the_record_back(live: Live) -> None:
    live.web.put("/vmc.pem", status=404)
    (subject,) = live.check(dmarc=DMARC, record=live.record)
    assert names(subject) == ["_dmarc.example.com"]


def test_live_a_domain_that_is_not_there_has_nothing_to_publish(live: Live) -> None:
    (subject,) = live.check(domain="exmaple.com", dmarc=DMARC, record=live.record)
    assert names(subject) == []
    assert "bimi.domain-nonexistent" in {finding.rule for finding in subject.report.findings}


def test_live_what_can_not_be_found_out_holds_the_record_back(live: Live) -> None:
    live.web.put("/i.crl", status=503)
    (subject,) = live.check(dmarc=DMARC, record=live.record)
    assert names(subject) == ["_dmarc.example.com"]


def test_live_a_planned_record_rests_on_what_is_published(live: Live) -> None:
    (subject,) = live.check(record=live.record)
    assert names(subject) == []
    live.zone.add("_dmarc.example.com", "TXT", DMARC)
    (subject,) = live.check(record=live.record)
    assert names(subject) == ["default._bimi.example.com"]


@pytest.mark.parametrize(
    ("now", "planned", "stricter"),
    [
        (None, "reject", True),
        ("none", "quarantine", True),
        ("quarantine", "reject", True),
        ("reject", "quarantine", False),
        ("reject", "reject", False),
    ],
)
def test_live_a_stricter_policy_is_told_as_that(live: Live, now: str | None, planned: str, stricter: bool) -> None:
    if now is not None:
        live.zone.add("_dmarc.example.com", "TXT", DMARC.replace("reject", now))
    (subject,) = live.check(dmarc=f"v=DMARC1; p={planned}; sp=reject; rua=mailto:x@example.com", record=live.record)
    assert [one.stricter for one in to_publish(subject)] == [stricter, False]


def test_live_what_is_published_already_needs_nothing(live: Live) -> None:
    live.zone.add("_dmarc.example.com", "TXT", DMARC)
    live.zone.add("default._bimi.example.com", "TXT", "v=BIMI1; l=; a=")
    (subject,) = live.check(dmarc=DMARC, record=live.record)
    assert [(record.name, record.published) for record in to_publish(subject)] == [(OWN[0], True), (OWN[1], False)]
    live.zone.remove("default._bimi.example.com")
    live.zone.add("default._bimi.example.com", "TXT", live.record)
    (subject,) = live.check(dmarc=DMARC, record=live.record)
    assert all(record.published for record in to_publish(subject))


def test_live_one_of_several_published_texts_is_not_what_is_planned(live: Live) -> None:
    live.zone.add("_dmarc.example.com", "TXT", DMARC, "v=DMARC1; p=none")
    (subject,) = live.check(dmarc=DMARC)
    assert [record.published for record in to_publish(subject)] == [False]


def test_live_without_a_plan_there_is_nothing_to_publish(live: Live) -> None:
    live.zone.add("_dmarc.example.com", "TXT", DMARC)
    live.zone.add("default._bimi.example.com", "TXT", live.record)
    (subject,) = live.check()
    assert subject.report.verdicts["gmail"] == "ready"
    assert to_publish(subject) == ()


def test_live_a_logo_alone_is_laid_over_what_is_published(live: Live) -> None:
    live.zone.add("_dmarc.example.com", "TXT", DMARC)
    live.zone.add("default._bimi.example.com", "TXT", live.record)
    right, wrong = live.check([("logo.svg", LOGO), ("other.svg", OTHER_LOGO)])
    assert (right.report.kind, right.files, wrong.files) == ("publication", ("logo.svg",), ("other.svg",))
    assert right.report.ok
    assert not wrong.report.ok
    assert to_publish(right) == to_publish(wrong) == ()


def test_live_the_record_of_a_local_part_may_stand_beside_one_that_is_published(live: Live) -> None:
    live.zone.add("_dmarc.example.com", "TXT", DMARC)
    live.zone.add("default._bimi.example.com", "TXT", f"{live.record}; lps=")
    (subject,) = live.check(domain="news@example.com", record=f"news._bimi TXT {live.record}", selector="default")
    assert names(subject) == ["news._bimi.example.com"]


def test_live_a_silent_name_server_publishes_nothing_that_is_known(live: Live) -> None:
    live.zone.fail("_dmarc.example.com", "servfail")
    (subject,) = live.check(dmarc=DMARC, record=live.record)
    assert names(subject) == list(OWN)
    assert not any(record.published for record in to_publish(subject))
