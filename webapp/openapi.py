"""The OpenAPI 3.1 document of the HTTP API, made from the tables by which its requests are read."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from http import HTTPStatus
from typing import Any

import msgspec

import bimikit

from . import words
from .fields import DOMAIN, FORM, JSON, LANGUAGE, REPAIR, Field, of_check
from .problems import PROBLEMS
from .settings import Settings
from .submission import LONGEST_FIELD, MOST_SUBJECTS

Json = dict[str, Any]
BASE64 = "^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$"
_OF_ANY = (413, 429, 500, 503)
_OF_BODY = (400, 403, 415, 422)
_OF_LIVE = (501, 502)
_RETRIED = (429, 503)
_EXAMPLE: Mapping[str, Any] = {
    "domain": "example.com",
    "dmarc": "v=DMARC1; p=reject; rua=mailto:dmarc@example.com",
    "record": "v=BIMI1; l=https://www.example.com/bimi/logo.svg; a=",
    "look_up": False,
}
_LOGO = b64encode(
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><path d="M0 0h64v64H0z"/></svg>'
).decode()


class Operation(msgspec.Struct, frozen=True):
    """Something that can be asked, as the page tells of it.

    Attributes:
        method: HTTP method.
        path: Path.
        about: Its entry in the document.
        fields: Name, entry and whether it is required, of each field of its body.
        answer: Name and entry of each field of its answer.
        example: An example of its body; None for none.
    """

    method: str
    path: str
    about: Json
    fields: tuple[tuple[str, Json, bool], ...]
    answer: tuple[tuple[str, Json], ...]
    example: Any


def document(settings: Settings, lang: str) -> Json:
    """The document, its words in one language."""
    return _document(settings.max_files, lang)


@lru_cache(8)
def _document(max_files: int, lang: str) -> Json:
    tell = words.LANGUAGES[lang].__getitem__
    check, repair = of_check(max_files), REPAIR
    answer = _ref("CheckAnswer")
    return {
        "openapi": "3.1.0",
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "info": {
            "title": f"bimikit: {tell('api.title')}",
            "version": bimikit.__version__,
            "description": tell("api.description"),
        },
        "servers": [{"url": "/"}],
        "paths": {
            "/api/v1/check": {
                "post": {
                    **_named("check", tell),
                    "parameters": [_parameter(LANGUAGE, tell)],
                    "requestBody": _body("CheckRequest", check, tell, dict(_EXAMPLE)),
                    "responses": _responses(answer, (*_OF_BODY, *_OF_ANY, *_OF_LIVE), tell),
                }
            },
            "/api/v1/domain/{name}": {
                "get": {
                    **_named("domain", tell),
                    "parameters": [
                        {
                            "name": "name",
                            "in": "path",
                            "required": True,
                            "description": tell("api.field.domain"),
                            "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST_FIELD},
                            "example": "example.com",
                        },
                        *(_parameter(field, tell) for field in DOMAIN),
                    ],
                    "responses": _responses(answer, (404, 422, *_OF_ANY, *_OF_LIVE), tell),
                }
            },
            "/api/v1/repair": {
                "post": {
                    **_named("repair", tell),
                    "parameters": [_parameter(LANGUAGE, tell)],
                    "requestBody": _body(
                        "RepairRequest",
                        repair,
                        tell,
                        {"file": {"name": "logo.svg", "content": _LOGO}, "title": "Example"},
                    ),
                    "responses": _responses(_ref("RepairAnswer"), (*_OF_BODY, *_OF_ANY), tell),
                }
            },
            "/api/v1/openapi.json": {
                "get": {
                    "operationId": "document",
                    "summary": tell("api.op.document"),
                    "parameters": [_parameter(LANGUAGE, tell)],
                    "responses": _responses({"type": "object"}, (422, 500), tell),
                }
            },
        },
        "components": {
            "schemas": {
                "CheckRequest": _request(check, tell),
                "RepairRequest": _request(repair, tell),
                "File": _file(tell),
                "CheckAnswer": _check_answer(tell),
                "RepairAnswer": _repair_answer(tell),
                "Problem": _problem(tell),
                **_published(),
            }
        },
    }  # fmt: skip


def operations(told: Json) -> tuple[Operation, ...]:
    """What can be asked, taken from a document."""
    return tuple(_operations(told))


def _operations(told: Json) -> Iterator[Operation]:
    schemas = told["components"]["schemas"]
    for path, methods in told["paths"].items():
        for method, about in methods.items():
            body = about.get("requestBody", {}).get("content", {}).get(JSON, {})
            asked = schemas.get(_name(body.get("schema", {})), {})
            given = schemas.get(_name(about["responses"]["200"]["content"][JSON]["schema"]), {})
            needed = asked.get("required", ())
            yield Operation(
                method.upper(),
                path,
                about,
                tuple((name, entry, name in needed) for name, entry in asked.get("properties", {}).items()),
                tuple((name, entry) for name, entry in given.get("properties", {}).items()),
                body.get("example"),
            )


def _name(schema: Json) -> str:
    return str(schema.get("$ref", "")).rpartition("/")[2]


def _ref(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def _named(name: str, tell: Any) -> Json:
    return {"operationId": name, "summary": tell(f"api.op.{name}"), "description": tell(f"api.op.{name}.about")}


def _parameter(field: Field, tell: Any) -> Json:
    about = tell(f"api.field.{field.name}")
    return {"name": field.name, "in": "query", "required": False, "description": about, "schema": _in_form(field)}


def _body(name: str, fields: Iterable[Field], tell: Any, example: Any) -> Json:
    fields = tuple(fields)
    form = {
        "type": "object",
        "properties": {
            field.name: {"description": tell(f"api.field.{field.name}"), **_in_form(field)} for field in fields
        },
        "required": [field.name for field in fields if field.required],
        "additionalProperties": False,
    }
    return {"required": True, "content": {JSON: {"schema": _ref(name), "example": example}, FORM: {"schema": form}}}


def _request(fields: Iterable[Field], tell: Any) -> Json:
    fields = tuple(fields)
    return {
        "type": "object",
        "properties": {
            field.name: {"description": tell(f"api.field.{field.name}"), **_in_json(field)} for field in fields
        },
        "required": [field.name for field in fields if field.required],
        "additionalProperties": False,
    }


def _in_json(field: Field) -> Json:
    match field.kind:
        case "text":
            return {"type": "string", "maxLength": field.most}
        case "flag":
            return {"type": "boolean", "default": field.default}
        case "choice":
            return {"type": "string", "enum": list(field.choices)}
        case "choices":
            return {"type": "array", "items": {"type": "string", "enum": list(field.choices)}}
        case "file":
            return _ref("File")
        case "files":
            return {"type": "array", "items": _ref("File"), "maxItems": field.most}


def _in_form(field: Field) -> Json:
    binary = {"type": "string", "contentMediaType": "application/octet-stream"}
    match field.kind:
        case "flag":
            return {"type": "string", "enum": ["yes", "no"], "default": "yes" if field.default else "no"}
        case "file":
            return binary
        case "files":
            return {"type": "array", "items": binary, "maxItems": field.most}
        case _:
            return _in_json(field)


def _file(tell: Any) -> Json:
    return {
        "type": "object",
        "properties": {
            "name": {"type": "string", "maxLength": LONGEST_FIELD, "description": tell("api.field.name")},
            "content": {
                "type": "string",
                "contentEncoding": "base64",
                "pattern": BASE64,
                "description": tell("api.field.content"),
            },
        },
        "required": ["content"],
        "additionalProperties": False,
    }


def _responses(answer: Json, others: Iterable[int], tell: Any) -> Json:
    told: Json = {"200": {"description": tell("api.response.200"), "content": {JSON: {"schema": answer}}}}
    for status in sorted({405, *others}):
        entry: Json = {
            "description": tell(f"api.response.{status}"),
            "content": {"application/problem+json": {"schema": _ref("Problem")}},
        }
        if status in _RETRIED:
            entry["headers"] = {"Retry-After": {"required": True, "schema": {"type": "integer", "minimum": 1}}}
        if status == HTTPStatus.METHOD_NOT_ALLOWED:
            entry["headers"] = {"Allow": {"required": True, "schema": {"type": "string"}}}
        told[str(status)] = entry
    return told


def _check_answer(tell: Any) -> Json:
    texts = {"type": "array", "items": {"type": "string"}}
    record: Json = {
        "report": {"type": "integer", "minimum": 0},
        "name": {"type": "string"},
        "type": {"type": "string", "const": "TXT"},
        "value": {"type": "string"},
        "zone": {"type": "string"},
        "published": {"type": "boolean"},
        "first": texts,
        "stricter": {"type": "boolean"},
    }
    fields: Json = {
        "schema_version": {"type": "integer", "const": 1},
        "reports": _many(_ref("Report")),
        "files": _many(texts),
        "publish": {"type": "array", "items": _closed({
            name: {"description": tell(f"api.answer.publish.{name}"), **entry} for name, entry in record.items()
        })},
        "appearance": _many({"oneOf": [_ref("Report"), {"type": "null"}]}),
    }  # fmt: skip
    told = {
        name: {"description": tell(f"api.answer.{name}"), **entry} if name != "schema_version" else entry
        for name, entry in fields.items()
    }
    return _closed(told, without=("appearance",))


def _many(entry: Json) -> Json:
    return {"type": "array", "items": entry, "minItems": 1, "maxItems": MOST_SUBJECTS}


def _closed(properties: Json, without: Iterable[str] = ()) -> Json:
    required = [name for name in properties if name not in without]
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def _repair_answer(tell: Any) -> Json:
    repair = _published()["Repair"]
    content = {"description": tell("api.answer.content"), "type": ["string", "null"], "pattern": BASE64}
    told = {
        name: {**entry, "description": tell(f"api.answer.repair.{name}")} if "description" in entry else entry
        for name, entry in repair["properties"].items()
    }
    return {
        **repair,
        "description": tell("api.answer.repair"),
        "properties": {**told, "content": content},
        "required": [*repair["required"], "content"],
    }


def _problem(tell: Any) -> Json:
    fields: Json = {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string", "minLength": 1},
        "status": {"type": "integer", "enum": sorted({int(status) for status in PROBLEMS.values()})},
        "detail": {"type": "string", "minLength": 1},
        "problem": {"type": "string", "enum": list(PROBLEMS)},
        "field": {"type": "string", "minLength": 1},
    }
    told = {
        name: {"description": tell(f"api.problem.{name}"), **entry} if name != "status" else entry
        for name, entry in fields.items()
    }
    return _closed(told, without=("field",))


@lru_cache(1)
def _published() -> Json:
    """The schemas that bimikit publishes, under names of their own."""
    reports, repairs = bimikit.report_schema()["$defs"], bimikit.repair_schema()["$defs"]
    del repairs["reports"]
    own = {f"report-1.json#/$defs/{name}": _component(name) for name in reports}
    found = _renamed(reports, {f"#/$defs/{name}": _component(name) for name in reports})
    found |= _renamed(repairs, {**own, **{f"#/$defs/{name}": _component(name, "repair") for name in repairs}})
    return {name: schema for name, schema in found.items() if not name.endswith("Envelope")}


def _component(name: str, of: str = "") -> str:
    parts = name.split("_") if name == of or not of else (of, *name.split("_"))
    return "".join(part.capitalize() for part in parts)


def _renamed(definitions: Json, names: Mapping[str, str]) -> Json:
    text = re.sub(
        r'"\$ref": "([^"]+)"',
        lambda match: json.dumps(_ref(names[match[1]]))[1:-1],
        json.dumps(definitions),
    )
    return {names[f"#/$defs/{name}"]: schema for name, schema in json.loads(text).items()}
