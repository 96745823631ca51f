"""The HTTP API: what the page does, for programs."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, Response, g, render_template

from . import words
from .fields import DOMAIN, LANGUAGE, REPAIR, Field, of_check, read_body, read_query
from .judging import Subject
from .openapi import document, operations
from .portal import client, portal
from .problems import PROBLEMS, Problem, refuse_no_domain
from .problems import document as document_of
from .submission import Submission, showable_name, submitted
from .takeaway import told_to_programs

blueprint = Blueprint("api", __name__, url_prefix="/api")
_PREFIX = "/api/v1/"


@blueprint.get("")
def page() -> str:
    """The page that tells of the API."""
    told = document(portal().settings, words.language())
    problems = [
        (name, int(status), words.problem_title(Problem(name), to_program=True)) for name, status in PROBLEMS.items()
    ]
    return render_template("api.html", operations=operations(told), problems=problems, rates=portal().settings.rates)


@blueprint.get("/v1/openapi.json")
def contract() -> Response:
    """The OpenAPI document."""
    _choose_language(read_query((LANGUAGE,)))
    return _json(document(portal().settings, words.language()))


@blueprint.post("/v1/check")
def check() -> Response:
    """Judge what was handed in."""
    portal().rates.spend("check", client())
    given = _given(of_check(portal().settings.max_files))
    draw = given.pop("draw")
    submission = submitted(given.pop("files", ()), max_files=portal().settings.max_files, **given)
    return _answer(_judged(submission, draw=draw), draw=draw)


@blueprint.get("/v1/domain/<name>")
def domain(name: str) -> Response:
    """Check a domain live."""
    portal().rates.spend("check", client())
    given = read_query(DOMAIN)
    _choose_language(given)
    submission = submitted((), domain=name, selector=given.get("selector", ""))
    return _answer(_judged(submission, draw=False), draw=False)


@blueprint.post("/v1/repair")
def mend() -> Response:
    """Repair a logo."""
    portal().rates.spend("repair", client())
    given = _given(REPAIR)
    if "file" not in given:
        raise Problem("logo-missing", "file")
    name, data = given.pop("file")
    if not data:
        raise Problem("file-empty", "file", file=showable_name(name))
    given["fonts"] = [font for _name, font in given.get("fonts", ())]
    for field in ("title", "desc", "background"):
        text = " ".join(given.pop(field, "").split())
        given |= {field: text} if text else {}
    repaired = portal().repair(data, showable_name(name), given, client())
    svg = repaired.repair.svg
    told = repaired.repair.to_dict(words.language())
    return _json({**told, "content": None if svg is None else b64encode(svg).decode()})


def _given(fields: Sequence[Field]) -> dict[str, Any]:
    """A request's fields, its language chosen."""
    asked = read_query((LANGUAGE,))
    _choose_language(asked)
    given = {**asked, **read_body(fields)}
    _choose_language(given)
    given.pop("lang", None)
    return given


def _choose_language(given: Mapping[str, Any]) -> None:
    """Programs say the language with the request, or else in its header; cookies count for nothing."""
    if given.get("lang"):
        g.lang = given["lang"]
    elif "lang" not in g:
        g.lang = words.preferred()


def _judged(submission: Submission, *, draw: bool) -> tuple[Subject, ...]:
    """The answers.

    Raises:
        Problem: It is no domain, or there was no room or time.
    """
    portal().admit(submission, client())
    subjects = portal().judge(submission, client(), draw=draw)
    refuse_no_domain((subject.report for subject in subjects), words.language())
    return subjects


def _answer(subjects: Sequence[Subject], *, draw: bool) -> Response:
    lang = words.language()
    told = told_to_programs(subjects, lang)
    if draw:
        looks = [subject.logo and subject.logo.appearance for subject in subjects]
        told["appearance"] = [look and look.to_dict(lang) for look in looks]
    return _json(told)


def problem_document(problem: Problem) -> Response:
    """A problem as a program reads it (RFC 9457)."""
    _choose_language({})
    title, detail = words.problem_title(problem, to_program=True), words.problem_what(problem, to_program=True)
    told: dict[str, Any] = dict(document_of(problem.name, int(problem.status), title, detail))
    if problem.field:
        told["field"] = problem.field
    return _json(told, "application/problem+json")


def _json(told: Mapping[str, Any], media_type: str = "application/json") -> Response:
    # A lone surrogate has no bytes of its own; its escape means the same in JSON.
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    response = Response(text.encode("utf-8", "backslashreplace"), content_type=media_type)
    response.headers["Content-Language"] = words.language()
    response.headers["Vary"] = "Accept-Language"
    return response
