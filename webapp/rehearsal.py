"""What a worker process does before its first task: judges and draws once, so that all it needs is loaded."""

from __future__ import annotations

from .judging import judge_files
from .judging import repair as mend
from .records import Pasted
from .settings import Settings
from .submission import Submission, Upload

LOGO = b"""<svg xmlns="http://www.w3.org/2000/svg" version="1.2" baseProfile="tiny-ps" viewBox="0 0 64 64">
<title>Rehearsal</title><rect width="64" height="64" fill="#fff"/><path d="M9 9h40v40z" fill="#123"/></svg>"""


def rehearse() -> None:
    """Judge a logo and what is no certificate, draw, and repair."""
    at = Settings().now()
    files = (Upload("logo.svg", LOGO, "logo"), Upload("none.pem", b"-----BEGIN CERTIFICATE-----\n", "certificate"))
    for file in files:
        judge_files(Submission((file,), "", "default", Pasted({}, {}), look_up=False), at=at, trust=None)
    judge_files(Submission(files, "example.com", "default", Pasted({}, {}), look_up=False), at=at, trust=None)
    mend(LOGO, "logo.svg", {}, at=at)
