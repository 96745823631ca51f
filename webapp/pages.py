"""What people see: the page with its three doors, results, repairs, and what they take away."""

from __future__ import annotations

import contextlib
import json
import re
from base64 import b64decode, b64encode
from binascii import Error as DamagedBase64
from collections.abc import Callable, Iterator, Mapping, Sequence
from http import HTTPStatus
from io import BytesIO
from typing import Any, NamedTuple

from flask import (
    Blueprint,
    Response,
    current_app,
    make_response,
    redirect,
    render_template,
    request,
    send_file,
    stream_with_context,
    url_for,
)
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.wrappers import Response as BaseResponse

from bimikit import __version__, explain, explain_repair

from . import words
from .fields import KINDS
from .judging import SIZES, Repaired, Subject
from .live import streamed
from .monitoring import note
from .portal import client, portal
from .problems import Problem, refuse_no_domain
from .samples import SAMPLES, sample
from .showing import TONES, drawings_of, png_url, show, undrawn
from .submission import Submission, Upload, showable_name, submitted
from .takeaway import FORMS, file_name, written

blueprint = Blueprint("pages", __name__)
STREAM = "application/x-ndjson"
PRINTED_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; frame-ancestors 'none'"
CHALLENGE = 'Basic realm="bimikit", charset="UTF-8"'
"""How who may read is asked for: browsers then ask their user, who may type any name, and the token as password."""
_OF_HTTP = {400: "malformed", 403: "forbidden", 404: "not-found", 405: "method", 413: "too-large", 415: "media-type"}
_YEAR = 365 * 24 * 3600
_REPAIRED = re.compile(r"\.(?:bimi|unfinished)$")
"""What a repair puts before a name's ending."""


@blueprint.get("/")
def home() -> Response:
    """The page with its three doors."""
    return make_response(render_template("home.html", form={}, samples=SAMPLES))


@blueprint.get("/check")
@blueprint.get("/repair")
@blueprint.get("/repair/check")
@blueprint.get("/answer")
def gone() -> BaseResponse:
    """The first page, for who loads the address of an answer anew: it was kept nowhere."""
    return redirect(url_for("pages.home"), HTTPStatus.SEE_OTHER)


@blueprint.post("/check")
def check() -> Response:
    """Judge what was handed in."""
    asking = client()
    portal().rates.spend("check", asking)
    carried = _carried()
    submission = read_submission(carried)
    portal().admit(submission, asking)
    return _answered(
        lambda tell: portal().judge(submission, asking, tell),
        lambda subjects: _result(subjects, submission.files, carried),
        "result.html",
    )


@blueprint.post("/repair")
def mend() -> Response:
    """Repair a logo and show before, after and difference."""
    asking = client()
    portal().rates.spend("repair", asking)
    data, name, options = read_repair()

    def work(tell: Callable[[str], None]) -> Repaired:
        tell("repair")
        return portal().repair(data, name, options, asking)

    return _answered(work, lambda repaired: _mended(repaired, data, name, options), "repair.html")


@blueprint.post("/repair/download")
def download() -> Response:
    """The repaired logo as a file."""
    portal().rates.spend("repair", client())
    carried = _repaired()
    return _attachment(carried.data, "image/svg+xml", carried.name)


@blueprint.post("/repair/check")
def check_repaired() -> Response:
    """Repair a logo as is wished for now, and judge it in the place of the one that was handed in."""
    asking = client()
    portal().rates.spend("repair", asking)
    portal().rates.spend("check", asking)
    carried = _repaired()
    submission = read_submission(carried)
    portal().admit(submission, asking)
    return _answered(
        lambda tell: portal().judge(submission, asking, tell),
        lambda subjects: _result(subjects, submission.files, carried),
        "result.html",
    )


def _taken_away() -> Sequence[Subject]:
    """The answers that the page's copy holds, with their logos drawn anew.

    Raises:
        Problem: It isn't a copy of this portal's.
    """
    found = portal().copies.subjects(request.form.get("copy", ""))
    with contextlib.suppress(Problem):  # a report without pictures is better than none
        return portal().again(found, client())
    return found


class Carried(NamedTuple):
    """A repaired logo that takes the place of the one that was handed in.

    Attributes:
        name: What its file is called.
        data: Its bytes.
        replaced: What the other was called.
        size: Bytes of the other.
    """

    name: str
    data: bytes
    replaced: str = ""
    size: int = 0


def _repaired() -> Carried:
    """The logo of the request, repaired as it wishes.

    Raises:
        Problem: It can't be repaired, or a wish makes no sense.
    """
    data, name, options = read_repair()
    repaired = portal().repair(data, name, options, client())
    if repaired.repair.svg is None:
        raise Problem("not-repaired", "logo")
    stem = _REPAIRED.sub("", name.rpartition(".")[0] or name)
    ending = "bimi" if repaired.repair.report.ok else "unfinished"
    return Carried(f"{stem}.{ending}.svg", repaired.repair.svg, name, len(data))


@blueprint.post("/answer")
def again() -> Response:
    """An answer once more, in another language."""
    portal().rates.spend("check", client())
    found = portal().copies.subjects(request.form.get("copy", ""))
    subjects = portal().again(found, client())
    return make_response(render_template("result.html", part=False, **_result(subjects)))


@blueprint.post("/report.<form>")
def report(form: str) -> Response:
    """The report as a file."""
    if form not in FORMS:
        raise Problem("not-found")
    portal().rates.spend("check", client())
    found = _taken_away()
    return _attachment(written(found, form, words.language()).encode(), FORMS[form], file_name(found, form))


@blueprint.post("/report/print")
def printed() -> Response:
    """The report as a page to print, or to save as PDF."""
    portal().rates.spend("check", client())
    response = make_response(written(_taken_away(), "html", words.language()))
    # The page's own policy allows its one style sheet, by its hash, and nothing else.
    response.headers["Content-Security-Policy"] = PRINTED_POLICY
    return response


def read_submission(carried: Carried | None = None) -> Submission:
    """What the form holds.

    Args:
        carried: A logo that was repaired here and is judged with it.

    Raises:
        Problem: It doesn't go together.
    """
    form = request.form
    if form.get("sample") in SAMPLES:
        return sample(form["sample"])
    files = [(file.filename or "", file.read()) for file in request.files.getlist("files")]
    if carried:
        files.insert(0, (carried.name, carried.data))
    return submitted(
        files,
        domain=form.get("domain", ""),
        selector=form.get("selector", ""),
        dmarc=form.get("dmarc", ""),
        record=form.get("record", ""),
        logo_url=form.get("logo_url", ""),
        certificate_url=form.get("certificate_url", ""),
        look_up=form.get("look_up", "") == "yes",
        max_files=portal().settings.max_files,
    )


def _carried() -> Carried | None:
    """The repaired logo that a page without a script carries on, unless its reader left it out.

    Raises:
        Problem: It is damaged.
    """
    form = request.form
    if not form.get("logo"):
        return None
    return Carried(showable_name(form.get("name", "") or "logo.svg"), _decoded(form["logo"], "logo"))


def _decoded(text: str, field: str) -> bytes:
    """What a page carries on.

    Raises:
        Problem: It is damaged.
    """
    try:
        return b64decode(text, validate=True)
    except (DamagedBase64, ValueError):
        raise Problem("malformed", field) from None


def read_repair() -> tuple[bytes, str, dict[str, Any]]:
    """The logo, its name and what is wished for.

    Raises:
        Problem: There is no logo, or a wish makes no sense.
    """
    form = request.form
    upload = request.files.get("file")
    data = upload.read() if upload else _decoded(form.get("logo", ""), "logo")
    if not data:
        raise Problem("logo-missing", "logo")
    name = showable_name((upload.filename if upload else None) or form.get("name", "") or "logo.svg")
    options: dict[str, Any] = {
        "allow": [kind for kind in form.getlist("allow") if kind in KINDS],
        "square": form.get("square") == "yes" or "chosen" not in form,  # a box that isn't ticked isn't sent
    }
    options |= {key: form[key].strip() for key in ("title", "desc") if form.get(key, "").strip()}
    if form.get("lay_background") == "yes" and form.get("background"):
        options["background"] = form["background"]
    fonts = [font for file in request.files.getlist("fonts") if (font := file.read())]
    # those chosen now, or else those a page carried on
    options["fonts"] = fonts or [_decoded(font, "fonts") for font in form.getlist("font")]
    return data, name, options


def _result(
    subjects: Sequence[Subject], files: Sequence[Upload] = (), carried: Carried | None = None
) -> dict[str, Any]:
    """What the page of an answer shows.

    Args:
        subjects: The answers.
        files: The files that were handed in.
        carried: The one among them that was repaired here.

    Raises:
        Problem: What was typed is no domain, so that there is no answer.
    """
    refuse_no_domain((subject.report for subject in subjects), words.language())
    shown = show(subjects, words.language())
    return {
        "shown": shown,
        "drawings": drawings_of(shown),
        "given": [file for file in files if carried is None or file.data != carried.data],
        "carried": carried,
        "form": {} if "sample" in request.form else request.form,
        "copy": portal().copies.write(subjects),
        "sizes": SIZES,
        "tones": TONES,
    }


_GROUND = frozenset(
    {"svg.one-colour", "receiver.gmail.background", "appearance.one-colour", "appearance.transparent-background"}
)
"""Rules that a solid background keeps."""


def _mended(repaired: Repaired, data: bytes, name: str, options: Mapping[str, Any]) -> dict[str, Any]:
    lang = words.language()
    repair = repaired.repair
    logo = repaired.logo
    told = explain(repair.report, lang, source=repair.svg)
    looks = explain(logo.appearance, lang, source=logo.data, beside=repair.report) if logo and logo.appearance else None
    topics = (*told.topics, *(looks.topics if looks else ()))
    return {
        "repaired": repaired,
        "words_of": explain_repair(repair, lang),
        "told": told,
        "appearance": looks,
        "data": data,
        "name": name,
        "options": options,
        "form": request.form,
        "undrawn": undrawn(logo) or ("part" if repair.unproven == "in-part" else ""),
        "wants_ground": bool(_GROUND & {finding.rule for topic in topics for finding in topic.findings}),
        "kinds": KINDS,
    }


def _answered(
    work: Callable[[Callable[[str], None]], Any], context: Callable[[Any], dict[str, Any]], template: str
) -> Response:
    """A page with the answer; or, for the page's own script, each step as it begins, and then the answer."""
    if STREAM not in request.headers.get("Accept", ""):
        return make_response(render_template(template, part=False, **context(work(lambda _step: None))))
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 - Flask's documented way

    def in_context(tell: Callable[[str], None]) -> Any:
        with app.app_context():
            return work(tell)

    def lines() -> Iterator[str]:
        for kind, value in streamed(in_context):
            if kind == "step":
                yield _line(step=value, text=words.word(f"step.{value}"))
            elif kind == "done":
                try:
                    yield _line(html=render_template(template, part=True, **context(value)))
                except Exception as error:  # the answer has begun, so that no handler could tell it any more
                    yield _failure(error)
            else:
                yield _failure(value)

    return Response(stream_with_context(lines()), mimetype=STREAM, headers={"X-Accel-Buffering": "no"})


def _failure(error: Exception) -> str:
    """A line that tells why there is no answer."""
    problem = error if isinstance(error, Problem) else Problem("failed")
    if problem is not error:
        current_app.logger.error("a check failed", exc_info=error)
    note(problem)
    return _line(html=render_template("problem.html", part=True, problem=problem), problem=problem.name)


def _line(**told: str) -> str:
    return json.dumps(told, ensure_ascii=False) + "\n"


def _attachment(content: bytes, media_type: str, name: str) -> Response:
    response = send_file(BytesIO(content), media_type, as_attachment=True, download_name=name, max_age=0)
    response.headers["Content-Type"] = media_type  # of XML the file itself says how it is encoded
    # Should a browser show it all the same, then as nothing that can act.
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox; frame-ancestors 'none'"
    return response


@blueprint.app_errorhandler(Exception)
def failed(error: Exception) -> Response:
    """A page a person understands, or for programs a problem document (RFC 9457)."""
    from .api import problem_document

    if isinstance(error, HTTPException):
        if error.code is not None and error.code < 400:
            return make_response(error.get_response())
        name = _OF_HTTP.get(error.code or 500, "failed" if (error.code or 500) >= 500 else "malformed")
        problem = Problem(name, **({"most": words.size(portal().settings.max_body)} if name == "too-large" else {}))
    elif isinstance(error, Problem):
        problem = error
    else:
        current_app.logger.error("a request failed", exc_info=error)
        problem = Problem("failed")
    note(problem)
    if request.path.startswith("/api/v1/"):
        response = problem_document(problem)
    elif STREAM in request.headers.get("Accept", ""):
        told = _line(html=render_template("problem.html", part=True, problem=problem), problem=problem.name)
        response = Response(told, mimetype=STREAM)
    else:
        carried = None
        with contextlib.suppress(Problem):
            carried = _carried() if request.endpoint == "pages.check" and problem.status < 500 else None
        response = make_response(render_template("problem.html", part=False, problem=problem, carried=carried))
    response.status_code = problem.status
    if problem.retry_after is not None:
        response.headers["Retry-After"] = str(problem.retry_after)
    if problem.status == HTTPStatus.UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = CHALLENGE
    if isinstance(error, MethodNotAllowed):
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods or ()))
    return response


def _script_words() -> dict[str, str]:
    """The words that the page's script needs."""
    keys = ("done", "stopped", "unreachable", "remove", "remove-file", "copied", "copy-failed")
    return {key.replace("-f", "F"): words.word(f"js.{key}") for key in keys}


@blueprint.after_app_request
def _remember_language(response: Response) -> Response:
    """Keep the language that somebody switched to."""
    asked = (words.in_form() if request.endpoint == "pages.again" else request.args.get(words.COOKIE)) or ""
    if asked in words.LANGUAGES and not request.path.startswith("/api/v1/"):
        response.set_cookie(words.COOKIE, asked, _YEAR, httponly=True, samesite="Lax", secure=request.is_secure)
    return response


@blueprint.app_template_filter("capital")
def _capital(text: str) -> str:
    """A label as it begins a line; names keep their small letters, as do those in Japanese, which has no capitals."""
    return text if words.language() == "ja" or text.startswith("bimikit") else text[:1].upper() + text[1:]


def _language_link(code: str) -> str:
    """This page in another language; what was sent is gone, so an answer has only the first page."""
    if request.method == "GET" and request.endpoint:
        return url_for(request.endpoint, **(request.view_args or {}), lang=code)
    return url_for("pages.home", lang=code)


@blueprint.app_context_processor
def _for_templates() -> dict[str, Any]:
    return {
        "lang": words.language(),
        "languages": words.NAMES,
        "word": words.speaker(),
        "moment": words.moment,
        "number": words.number,
        "size": words.size,
        "base64": lambda data: b64encode(data).decode(),
        "script_words": _script_words,
        "domain_name": words.domain,
        "words_list": words.joined,
        "language_link": _language_link,
        "png_url": png_url,
        "problem_title": words.problem_title,
        "problem_what": words.problem_what,
        "version": __version__,
        "settings": portal().settings,
    }
