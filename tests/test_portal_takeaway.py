"""The signed copy of a result: nobody can forge one, it holds what downloads need, and it stays small."""

from __future__ import annotations

import json
import os
import random
import re
import subprocess
import sys
from base64 import b64decode, b64encode
from collections.abc import Sequence
from hashlib import sha256
from html import escape
from io import BytesIO
from typing import Any

import lxml.html
import pytest
from itsdangerous import URLSafeSerializer
from PIL import Image
from support import AT, ROOT

import bimikit
from bimikit.testing import LOGO, MarkCA
from webapp import words
from webapp.advice import to_publish
from webapp.judging import Subject, drawn_again, judge_files
from webapp.problems import Problem
from webapp.submission import submitted
from webapp.takeaway import FORMS, MOST_COPY, Copies, file_name, written

KEY = "a key that is long enough"
CA = MarkCA(at=AT)
PEM = CA.issue("example.com", defect="no-sct").pem
BAD_LOGO = LOGO.replace(b"<title>", b'<script>alert("x")</script>\n<title>')
PLAN = {"dmarc": "v=DMARC1; p=none", "record": "v=BIMI1; l=https://example.com/l.svg; a=https://example.com/c.pem"}


def judged(*files: tuple[str, bytes], **fields: Any) -> tuple[Subject, ...]:
    return judge_files(submitted(files, look_up=False, **fields), at=AT, trust=CA.trust, draw=False)


FILES = judged(("logo.svg", BAD_LOGO), ("vmc.pem", PEM))
RIGHT = judged(
    ("logo.svg", LOGO),
    domain="example.com",
    dmarc="v=DMARC1; p=reject; rua=mailto:d&d@example.com",
    record="v=BIMI1; l=https://example.com/l.svg; a=",
)
DOMAIN = judged(("logo.svg", BAD_LOGO), ("vmc.pem", PEM), domain="example.com", **PLAN)


@pytest.mark.parametrize("subjects", [FILES, DOMAIN], ids=["files", "domain"])
def test_a_copy_holds_the_reports_their_documents_and_sources(subjects: tuple[Subject, ...]) -> None:
    found = Copies(KEY).subjects(Copies(KEY).write(subjects))
    assert [one.report for one in found] == [subject.report for subject in subjects]
    assert [one.report.documents for one in found] == [subject.report.documents for subject in subjects]
    assert [one.source for one in found] == [subject.source for subject in subjects]


def written_again(subjects: Sequence[Subject], form: str, lang: str = "en", *, draw: bool = True) -> str:
    """What is downloaded, from the copy alone."""
    copies = Copies(KEY)
    found = copies.subjects(copies.write(subjects))
    return written([drawn_again(one, at=AT) for one in found] if draw else found, form, lang)


@pytest.mark.parametrize("lang", ["en", "ja"])
@pytest.mark.parametrize("form", ["html", "md"])
@pytest.mark.parametrize("subjects", [FILES, DOMAIN], ids=["files", "domain"])
def test_without_pictures_and_records_a_download_is_what_bimikit_writes(
    subjects: tuple[Subject, ...], form: str, lang: str
) -> None:
    reports = [subject.report for subject in subjects]
    sources = {subject.report.subject: subject.source for subject in subjects if subject.source is not None}
    expected = bimikit.render_report(reports, {"md": "markdown"}.get(form, form), lang=lang, sources=sources)
    told = written_again(subjects, form, lang, draw=False)
    assert told.replace(" img-src data:;", "") == expected


@pytest.mark.parametrize("lang", ["en", "ja"])
@pytest.mark.parametrize("form", FORMS)
def test_a_download_has_the_records_to_publish_and_the_picture_of_the_logo(form: str, lang: str) -> None:
    told = written_again(RIGHT, form, lang)
    text = words.LANGUAGES[lang]
    for record in to_publish(RIGHT[0]):
        for value in (record.name, record.value, record.zone):
            assert (json.dumps(value)[1:-1] if form == "json" else escape(value) if form == "html" else value) in told
    picture = b64decode(re.findall(r"iVBORw0KGgo[A-Za-z0-9+/=]+", told)[0])
    with Image.open(BytesIO(picture)) as seen:
        assert seen.size == (192, 192)
    if form != "json":
        assert text["publish.title"] in told
        assert text["take.picture"] in told
        assert text["publish.first"] in told
        assert "https://example.com/l.svg" in told


def test_a_download_for_programs_is_the_answer_of_the_api_with_pictures() -> None:
    told = json.loads(written_again(FILES, "json"))
    assert [report["subject"] for report in told["reports"]] == ["logo.svg", "vmc.pem"]
    assert told["files"] == [["logo.svg"], ["logo.svg", "vmc.pem"]]
    assert told["publish"] == []
    assert all(picture.startswith("iVBORw0KGgo") for picture in told["pictures"])


@pytest.mark.parametrize("subjects", [FILES, RIGHT], ids=["files", "domain"])
def test_a_page_that_is_taken_away_loads_nothing_and_its_policy_fits_its_style(subjects: tuple[Subject, ...]) -> None:
    page = lxml.html.document_fromstring(written_again(subjects, "html"))
    (style,) = page.xpath("//style")
    (policy,) = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    digest = b64encode(sha256(style.text.encode()).digest()).decode()
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"
    )
    assert len(page.xpath("//img")) == len(subjects)
    assert all(url.startswith("data:image/png;base64,") for url in page.xpath("//@src"))
    assert page.xpath("//script | //link | //@style") == []


@pytest.mark.parametrize("form", ["html", "md"])
def test_a_picture_that_lacks_something_says_so(form: str) -> None:
    told = written_again(judged(("logo.svg", LOGO.replace(b"</svg>", b"<text>Acme</text></svg>"))), form)
    assert words.LANGUAGES["en"]["preview.undrawn.text"] in told


@pytest.mark.parametrize("form", FORMS)
def test_hostile_texts_stay_texts_in_a_download(form: str) -> None:
    attack = "</header><script>alert(1)</script>`## x"
    hostile = judged((f"{attack}.svg", LOGO), domain="example.com", dmarc=f"v=DMARC1; p=reject; rua=mailto:{attack}")
    told = written_again(hostile, form)
    if form == "html":
        assert "<script>" not in told
        assert told.count("</header>") == told.count("<header")
    assert "\n## x" not in told


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["logo.svg"], "bimi-report-logo.svg-2026-11-24.html"),
        (["a.svg", "b.svg", "c.svg"], "bimi-report-a.svg-and-2-more-2026-11-24.html"),
        (["株式会社さくら ロゴ.svg"], "bimi-report-株式会社さくら-ロゴ.svg-2026-11-24.html"),
        (['a:b*c?"<d>|..\u202egvs.svg'], "bimi-report-a-b-c-d-gvs.svg-2026-11-24.html"),
        (["カ\u3099.svg"], "bimi-report-ガ.svg-2026-11-24.html"),
        (["..."], "bimi-report-file-2026-11-24.html"),
        (["x" * 300 + ".svg"], "bimi-report-" + "x" * 40 + "-2026-11-24.html"),
    ],
)
def test_a_download_is_named_by_subject_and_day_as_every_system_allows(names: list[str], expected: str) -> None:
    assert file_name(judged(*((name, LOGO) for name in names)), "html") == expected


def test_a_download_about_a_domain_is_named_by_it() -> None:
    assert file_name(DOMAIN, "md") == "bimi-report-example.com-2026-11-24.md"


def test_a_download_shows_the_line_in_question() -> None:
    for subjects in (FILES, DOMAIN):
        assert "alert(" in written_again(subjects, "html", draw=False)


def _cut(copy: str) -> str:
    return copy[:-1]


def _changed(copy: str) -> str:
    middle = len(copy) // 2
    return copy[:middle] + ("A" if copy[middle] != "A" else "B") + copy[middle + 1 :]


@pytest.mark.parametrize(
    "copy",
    [
        "",
        ".",
        "x",
        "ロゴ",
        "\x00",
        _cut(Copies(KEY).write(FILES)),
        _changed(Copies(KEY).write(FILES)),
        Copies(KEY).write(FILES).rpartition(".")[0],
        Copies(KEY).write(FILES) + "x",
        Copies("another key").write(FILES),
        URLSafeSerializer(KEY, salt="another purpose").dumps({"reports": [], "texts": []}),
        URLSafeSerializer(KEY, salt="bimikit-portal-report-0.0.1").dumps({"reports": [], "texts": []}),
    ],
    ids=[
        "empty",
        "dot",
        "letter",
        "Japanese",
        "zero",
        "cut",
        "changed",
        "unsigned",
        "longer",
        "key",
        "salt",
        "version",
    ],
)
def test_a_copy_that_is_not_ours_is_refused(copy: str) -> None:
    with pytest.raises(Problem) as told:
        Copies(KEY).subjects(copy)
    assert told.value.name == "copy-invalid"


@pytest.mark.parametrize(
    "held",
    [
        None,
        [],
        {},
        {"reports": [{}], "texts": []},
        {"reports": [{"report": {}, "documents": {}, "source": None}], "texts": []},
    ],
    ids=str,
)
def test_something_else_that_we_signed_is_refused_too(held: Any) -> None:
    signed = Copies(KEY)._signer.dumps(held)
    with pytest.raises(Problem):
        Copies(KEY).subjects(str(signed))


def _noise(size: int) -> bytes:
    return random.Random(7).randbytes(size)  # noqa: S311


def _drawing(size: int) -> bytes:
    return LOGO.replace(
        b"<title>", b"<!-- " + _noise(size // 2).hex().encode() + b' --><script/><a href="#">x</a><title>'
    )


@pytest.mark.parametrize(
    ("files", "fields"),
    [
        ([(f"{n}.svg", _drawing(2_000_000)) for n in range(6)], {}),
        (
            [("l.svg", _drawing(2_000_000)), *[(f"{n}.pem", PEM + _noise(500_000)) for n in range(6)]],
            {"domain": "example.com", **PLAN},
        ),
        (
            [
                (
                    "l.svg",
                    b'<svg xmlns="http://www.w3.org/2000/svg">' + b'<rect style="x" foo="1"/>\n' * 70_000 + b"</svg>",
                )
            ],
            {},
        ),
        ([("l.svg", b"<svg>" + b"<\xff\x00" * 500_000)], {}),
        ([("c.pem", PEM * 90)], {}),
    ],
    ids=["noise", "pairs", "faults", "bytes", "chains"],
)
def test_a_copy_stays_small_and_readable_whatever_was_handed_in(files: Any, fields: Any) -> None:
    subjects = judged(*files, **fields)
    copies = Copies(KEY)
    copy = copies.write(subjects)
    assert len(copy) <= MOST_COPY
    found = copies.subjects(copy)
    assert [one.report for one in found] == [subject.report for subject in subjects]
    assert written(found, "html", "ja")


def test_where_not_all_fits_the_short_texts_stay() -> None:
    subjects = judged(("small.svg", BAD_LOGO), ("large.svg", _drawing(2_000_000)))
    found = Copies(KEY).subjects(Copies(KEY).write(subjects))
    assert [one.source for one in found] == [BAD_LOGO, None]


def test_a_usual_copy_takes_little() -> None:
    assert len(Copies(KEY).write(DOMAIN)) < 20_000


def test_a_file_in_several_answers_is_carried_once() -> None:
    noisy = _drawing(60_000)
    one = Copies(KEY).write(judged(("l.svg", noisy), ("1.pem", PEM), domain="example.com", **PLAN))
    three = Copies(KEY).write(
        judged(("l.svg", noisy), *[(f"{n}.pem", PEM) for n in range(3)], domain="example.com", **PLAN)
    )
    assert len(three) < 1.5 * len(one)


def test_processes_that_share_a_key_read_each_others_copies() -> None:
    """The copy is all that passes from one to the other."""
    script = """
import json, sys
from webapp import create_app
app = create_app({"SECRET_KEY": sys.argv[1]})
copy = sys.stdin.read()
answer = app.test_client().post("/report.json", data={"copy": copy})
print(json.dumps({"status": answer.status_code, "text": answer.get_data(as_text=True)}))
"""
    copy = Copies(KEY).write(DOMAIN)
    answers = []
    for key in (KEY, "another key"):
        done = subprocess.run(
            [sys.executable, "-c", script, key],
            input=copy, capture_output=True, text=True, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=True,
        )  # fmt: skip
        answers.append(json.loads(done.stdout))
    assert [answer["status"] for answer in answers] == [200, 422]
    assert json.loads(answers[0]["text"])["reports"] == [DOMAIN[0].report.to_dict()]


def test_a_copy_is_compressed() -> None:
    copy = Copies(KEY).write(DOMAIN)
    assert copy.startswith(".")  # how itsdangerous marks what is
    body = copy[1:].partition(".")[0]
    assert len(b64decode(body + "=" * (-len(body) % 4), altchars=b"-_")) < len(DOMAIN[0].report.to_json(indent=None))
