"""The fields of the HTTP API's requests: one table for reading them strictly, and for telling of them."""

from __future__ import annotations

import json
from base64 import b64decode
from binascii import Error as DamagedBase64
from collections import Counter
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any, Literal, NoReturn

import msgspec
from flask import request
from werkzeug.datastructures import FileStorage, MultiDict

from .problems import Problem
from .records import MOST_CHARACTERS
from .submission import LONGEST_FIELD, showable_name

LANGUAGES = ("en", "ja")
KINDS = ("text", "mask", "filter", "blend", "pattern", "image", "animation", "marker", "foreign", "crop", "simplify")
"""Kinds of changes to the picture that somebody may agree to, the most frequent first."""
MOST_FONTS = 4
JSON, FORM = "application/json", "multipart/form-data"
_FLAGS = {"yes": True, "no": False, "true": True, "false": False}
_MEANT: Mapping[str, tuple[str, ...]] = dict.fromkeys(
    ("logo", "svg", "image", "certificate", "cert", "pem", "vmc", "cmc", "crl", "upload"), ("files", "file")
)
"""Names that people give a field, and which it may be called instead, where no likeness of letters tells."""
_LONGEST_SHOWN = 80
_NAME, _CONTENT = "name", "content"

File = tuple[str, bytes]


class Field(msgspec.Struct, frozen=True):
    """A field.

    Attributes:
        name: Its name.
        kind: What it holds.
        most: Characters of a text, or how many files; 0 where that is bounded elsewhere.
        choices: What a choice is made from.
        default: What it is where it isn't given; None for nothing.
        required: Whether it has to be given.
    """

    name: str
    kind: Literal["text", "flag", "choice", "choices", "file", "files"]
    most: int = 0
    choices: tuple[str, ...] = ()
    default: bool | None = None
    required: bool = False


LANGUAGE = Field("lang", "choice", choices=LANGUAGES)
DOMAIN = (Field("selector", "text", LONGEST_FIELD), LANGUAGE)
"""Of the query of a live check."""
REPAIR = (
    Field("file", "file", required=True),
    Field("title", "text", 500),
    Field("desc", "text", 2_000),
    Field("background", "text", 100),
    Field("square", "flag", default=True),
    Field("allow", "choices", choices=KINDS),
    Field("fonts", "files", MOST_FONTS),
    LANGUAGE,
)


def of_check(max_files: int) -> tuple[Field, ...]:
    """The fields of a check."""
    return (
        Field("files", "files", max_files),
        Field("domain", "text", LONGEST_FIELD),
        Field("selector", "text", LONGEST_FIELD),
        Field("dmarc", "text", MOST_CHARACTERS),
        Field("record", "text", MOST_CHARACTERS),
        Field("logo_url", "text", LONGEST_FIELD),
        Field("certificate_url", "text", LONGEST_FIELD),
        Field("look_up", "flag", default=True),
        Field("draw", "flag", default=False),
        LANGUAGE,
    )


def read_body(fields: Sequence[Field]) -> dict[str, Any]:
    """What a request holds, by field: only what was given, and what has a default.

    Raises:
        Problem: It can't be read, or holds something else.
    """
    if request.mimetype == JSON:
        given = _read_json(fields)
    elif request.mimetype == FORM:
        given = _read_form(fields)
    else:
        raise Problem("media-type")
    return {field.name: field.default for field in fields if field.default is not None} | given


def read_query(fields: Sequence[Field]) -> dict[str, Any]:
    """What a request's query holds, by field.

    Raises:
        Problem: It holds something else.
    """
    return _from_texts(fields, request.args)


def _read_json(fields: Sequence[Field]) -> dict[str, Any]:
    try:
        held = json.loads(_decoded(request.get_data()), object_pairs_hook=_object, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        raise Problem("malformed", line=error.lineno, column=error.colno) from None
    except (ValueError, RecursionError):  # what JSON has no number for, a number without end, or depth without end
        raise Problem("malformed") from None
    if not isinstance(held, dict):
        raise Problem("malformed", expected="object")
    by_name = {field.name: field for field in fields}
    for name in held:
        if name not in by_name:
            _refuse(name, by_name)
    return {name: _from_json(by_name[name], value) for name, value in held.items()}


def _decoded(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        good = data[: error.start].decode()
        raise json.JSONDecodeError("not UTF-8", good, len(good)) from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    held = dict(pairs)
    if len(held) < len(pairs):
        twice = Counter(name for name, _value in pairs).most_common(1)[0][0]
        raise Problem("field-twice", _shown(twice), wrong=_shown(twice))
    return held


def _no_number(text: str) -> NoReturn:
    raise ValueError(text)


def _from_json(field: Field, value: Any) -> Any:
    match field.kind:
        case "text":
            return _text(field, value)
        case "flag":
            if not isinstance(value, bool):
                raise Problem("flag-expected", field.name, wrong=field.name)
            return value
        case "choice":
            return _choice(field, value)
        case "choices":
            if not isinstance(value, list):
                raise Problem("choices-expected", field.name, wrong=field.name, known=", ".join(field.choices))
            return [_choice(field, one) for one in value]
        case "file":
            return _file(field, value)
        case "files":
            if not isinstance(value, list):
                raise Problem("files-expected", field.name, wrong=field.name)
            _require_few(field, value)
            return [_file(field, one) for one in value]


def _text(field: Field, value: Any) -> str:
    if not isinstance(value, str) or _has_surrogates(value):
        raise Problem("text-expected", field.name, wrong=field.name)
    if len(value) > field.most:
        raise Problem("text-too-long", field.name, most=field.most)
    return value


def _has_surrogates(text: str) -> bool:
    return any("\ud800" <= sign <= "\udfff" for sign in text) if not text.isascii() else False


def _choice(field: Field, value: Any) -> str:
    if not isinstance(value, str) or value not in field.choices:
        raise Problem(f"{field.kind}-expected", field.name, wrong=field.name, known=", ".join(field.choices))
    return value


def _file(field: Field, value: Any) -> File:
    problem = Problem(f"{field.kind}-expected", field.name, wrong=field.name)
    if not isinstance(value, dict):
        raise problem
    for key in value:
        if key not in (_NAME, _CONTENT):
            _refuse(key, (_NAME, _CONTENT), field.name)
    name, content = value.get(_NAME, ""), value.get(_CONTENT)
    if not isinstance(name, str) or len(name) > LONGEST_FIELD or not isinstance(content, str):
        raise problem
    try:
        data = b64decode(content, validate=True)
    except (DamagedBase64, ValueError):
        raise problem from None
    return name or field.name, data  # under a name, an empty file isn't taken for none


def _require_few(field: Field, given: Sequence[object]) -> None:
    if len(given) > field.most:
        raise Problem("too-many-files", field.name, most=field.most)


def _read_form(fields: Sequence[Field]) -> dict[str, Any]:
    of_files = {field.name: field for field in fields if field.kind in ("file", "files")}
    for name in request.files:
        if name not in of_files:
            if any(field.name == name for field in fields):
                raise Problem("text-expected", name, wrong=name)
            _refuse(name, [field.name for field in fields])
    for name in request.form:
        if name in of_files and any(request.form.getlist(name)):
            raise Problem(f"{of_files[name].kind}-expected", name, wrong=name)
    texts = MultiDict([pair for pair in request.form.items(multi=True) if pair[0] not in of_files])
    read = _from_texts(fields, texts)
    for name, field in of_files.items():
        # A browser sends something empty and without a name for a field in which no file was chosen.
        files = [_uploaded(file) for file in request.files.getlist(name)]
        files = [(written, data) for written, data in files if written or data]
        if field.kind == "file" and len(files) > 1:
            raise Problem("field-twice", name, wrong=name)
        if field.kind == "files":
            _require_few(field, files)
        if files:
            read[name] = files if field.kind == "files" else files[0]
    return read


def _uploaded(file: FileStorage) -> File:
    return file.filename or "", file.read()


def _from_texts(fields: Sequence[Field], texts: MultiDict[str, str]) -> dict[str, Any]:
    """What a form or a query holds."""
    by_name = {field.name: field for field in fields}
    read: dict[str, Any] = {}
    for name, values in texts.lists():
        field = by_name.get(name)
        if field is None:
            _refuse(name, by_name)
        if field.kind == "choices":
            read[name] = [_choice(field, value) for value in values]
            continue
        if len(values) > 1:
            raise Problem("field-twice", name, wrong=name)
        value = values[0]
        if field.kind == "text":
            read[name] = _text(field, value)
        else:
            read[name] = _choice(field, value) if field.kind == "choice" else _flag(field, value)
    return read


def _flag(field: Field, value: str) -> bool:
    if value not in _FLAGS:
        raise Problem("flag-expected", field.name, wrong=field.name)
    return _FLAGS[value]


def _refuse(name: str | None, known: Sequence[str] | Mapping[str, object], inside: str = "") -> NoReturn:
    """Tell of a field that isn't known, with the one that was meant where that can be guessed.

    Raises:
        Problem: Always.
    """
    names = list(known)
    wrong = _shown(f"{inside}.{name}" if inside else name or "")
    written = (name or "").lower()
    meant = [one for one in _MEANT.get(written, ()) if one in names]
    similar = meant or get_close_matches(written, names, 1, 0.6)
    more = {"similar": similar[0]} if similar else {}
    raise Problem("field-unknown", wrong, wrong=wrong, known=", ".join(names), **more)


def _shown(name: str) -> str:
    """A name that came with a request, fit to be told."""
    return showable_name(name.replace("/", "|").replace("\\", "|"))[:_LONGEST_SHOWN]
