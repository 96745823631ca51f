"""The signed copy of a result: nobody can forge one, it holds what downloads need, and it stays small."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from base64 import b64decode
from typing import Any

import pytest
from itsdangerous import URLSafeSerializer
from support import AT, ROOT

import bimikit
from bimikit.testing import LOGO, MarkCA
from webapp.judging import Subject, judge_files
from webapp.problems import Problem
from webapp.submission import submitted
from webapp.takeaway import FORMS, MOST_COPY, Copies, written

KEY = "a key that is long enough"
CA = MarkCA(at=AT)
PEM = CA.issue("example.com", defect="no-sct").pem
BAD_LOGO = LOGO.replace(b"<title>", b'<script>alert("x")</script>\n<title>')
PLAN = {"dmarc": "v=DMARC1; p=none", "record": "v=BIMI1; l=https://example.com/l.svg; a=https://example.com/c.pem"}


def judged(*files: tuple[str, bytes], **fields: Any) -> tuple[Subject, ...]:
    return judge_files(submitted(files, look_up=False, **fields), at=AT, trust=CA.trust, draw=False)


FILES = judged(("logo.svg", BAD_LOGO), ("vmc.pem", PEM))
DOMAIN = judged(("logo.svg", BAD_LOGO), ("vmc.pem", PEM), domain="example.com", **PLAN)


@pytest.mark.parametrize("subjects", [FILES, DOMAIN], ids=["files", "domain"])
def test_a_copy_holds_the_reports_their_documents_and_sources(subjects: tuple[Subject, ...]) -> None:
    found = Copies(KEY).read(Copies(KEY).write(subjects))
    assert [report for report, _source in found] == [subject.report for subject in subjects]
    assert [report.documents for report, _source in found] == [subject.report.documents for subject in subjects]
    assert [source for _report, source in found] == [subject.source for subject in subjects]


@pytest.mark.parametrize("lang", ["en", "ja"])
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("subjects", [FILES, DOMAIN], ids=["files", "domain"])
def test_a_download_is_what_bimikit_writes(subjects: tuple[Subject, ...], form: str, lang: str) -> None:
    copies = Copies(KEY)
    reports = [subject.report for subject in subjects]
    sources = {subject.report.subject: subject.source for subject in subjects if subject.source is not None}
    expected = bimikit.render_report(reports, FORMS[form][1], lang=lang, sources=sources)
    assert written(copies.read(copies.write(subjects)), form, lang) == expected


def test_a_download_shows_the_line_in_question() -> None:
    copies = Copies(KEY)
    for subjects in (FILES, DOMAIN):
        assert "alert(" in written(copies.read(copies.write(subjects)), "html", "en")


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
        Copies(KEY).read(copy)
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
        Copies(KEY).read(str(signed))


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
    found = copies.read(copy)
    assert [report for report, _source in found] == [subject.report for subject in subjects]
    assert written(found, "html", "ja")


def test_where_not_all_fits_the_short_texts_stay() -> None:
    subjects = judged(("small.svg", BAD_LOGO), ("large.svg", _drawing(2_000_000)))
    found = Copies(KEY).read(Copies(KEY).write(subjects))
    assert [source for _report, source in found] == [BAD_LOGO, None]


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
    assert answers[0]["text"] == DOMAIN[0].report.to_json() + "\n"


def test_a_copy_is_compressed() -> None:
    copy = Copies(KEY).write(DOMAIN)
    assert copy.startswith(".")  # how itsdangerous marks what is
    body = copy[1:].partition(".")[0]
    assert len(b64decode(body + "=" * (-len(body) % 4), altchars=b"-_")) < len(DOMAIN[0].report.to_json(indent=None))
