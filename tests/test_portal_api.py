"""The HTTP API: each endpoint, each error, both languages; and the OpenAPI document held against what really happens.

Live checks ask a name server on loopback, and whatever they would fetch goes to a proxy that nobody listens at: nothing
leaves this computer.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import re
from base64 import b64decode, b64encode
from collections.abc import Iterator
from html import unescape
from typing import Any

import jsonschema
import pytest
import schemathesis
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings
from schemathesis import GenerationMode
from schemathesis import checks as schema_checks
from schemathesis.specs.openapi import checks as openapi_checks
from support import AT

import bimikit
from bimikit import FetchPolicy, Report
from bimikit.testing import LOGO, MarkCA, Web, Zone
from webapp import create_app
from webapp.fields import KINDS as CHANGES
from webapp.openapi import document
from webapp.problems import KINDS, PROBLEMS, Problem
from webapp.settings import Settings
from webapp.words import LANGUAGES

DMARC = "v=DMARC1; p=reject; rua=mailto:d@example.com"
CA = MarkCA(at=AT)
PEM = CA.issue("example.com").pem
UNREPAIRED = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 50"><rect width="100" height="50" style="fill:#fff"/><path d="M9 9h40v30z"/></svg>'
NO_RATES = {"check": 0, "live": 0, "repair": 0}
NOWHERE = FetchPolicy(proxy="http://127.0.0.1:9", timeout=1)


@pytest.fixture(scope="module")
def zone() -> Iterator[Zone]:
    with Zone() as zone:
        yield zone


@pytest.fixture(scope="module")
def app(zone: Zone) -> Iterator[Flask]:
    app = create_app(
        {
            "AT": AT,
            "TRUST": CA.trust,
            "RESOLVER": f"{zone.address}:{zone.port}",
            "DNS_TIMEOUT": 1.0,
            "POLICY": NOWHERE,
            "RATES": NO_RATES,
            "WORKERS": 2,
        }
    )
    yield app
    app.extensions["bimikit"].close()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture(scope="module")
def contract(app: Flask) -> dict[str, Any]:
    told: dict[str, Any] = app.test_client().get("/api/v1/openapi.json").get_json()
    return told


def base64(data: bytes) -> str:
    return b64encode(data).decode()


def file(name: str, data: bytes) -> dict[str, str]:
    return {"name": name, "content": base64(data)}


def valid(contract: dict[str, Any], schema: str, told: Any) -> None:
    schemas = {"$ref": f"#/components/schemas/{schema}", "components": contract["components"]}
    jsonschema.Draft202012Validator(schemas).validate(told)


# checks


def test_a_logo_is_checked(client: FlaskClient, contract: dict[str, Any]) -> None:
    answer = client.post("/api/v1/check", json={"files": [file("logo.svg", LOGO)]})
    assert (answer.status_code, answer.content_type) == (200, "application/json")
    told = answer.get_json()
    valid(contract, "CheckAnswer", told)
    assert list(told) == ["schema_version", "reports", "files", "publish"]
    assert (told["files"], told["publish"]) == ([["logo.svg"]], [])
    (report,) = told["reports"]
    assert Report.from_dict(report) == bimikit.check_svg(LOGO, name="logo.svg", at=AT)


PLAN = {
    "domain": "example.com",
    "dmarc": DMARC,
    "record": "v=BIMI1; l=https://www.example.com/logo.svg; a=https://www.example.com/vmc.pem",
}


def test_a_publication_is_checked_and_what_to_publish_is_told(client: FlaskClient, contract: dict[str, Any]) -> None:
    files = [file("logo.svg", LOGO), file("vmc.pem", PEM)]
    told = client.post("/api/v1/check", json={**PLAN, "files": files, "look_up": False}).get_json()
    valid(contract, "CheckAnswer", told)
    assert told["reports"][0]["verdicts"]["gmail"] == "ready"
    assert told["publish"] == [
        {
            "report": 0,
            "name": "_dmarc.example.com",
            "type": "TXT",
            "value": DMARC,
            "zone": f'_dmarc.example.com. 3600 IN TXT "{DMARC}"',
            "published": False,
            "first": [],
            "stricter": True,
        },
        {
            "report": 0,
            "name": "default._bimi.example.com",
            "type": "TXT",
            "value": PLAN["record"],
            "zone": f'default._bimi.example.com. 3600 IN TXT "{PLAN["record"]}"',
            "published": False,
            "first": ["https://www.example.com/logo.svg", "https://www.example.com/vmc.pem"],
            "stricter": False,
        },
    ]


def test_a_form_comes_to_the_same_answer_as_json(client: FlaskClient) -> None:
    files = [file("logo.svg", LOGO), file("vmc.pem", PEM)]
    asked = client.post("/api/v1/check", json={**PLAN, "files": files, "look_up": False, "draw": True})
    form = {
        **PLAN,
        "files": [(io.BytesIO(LOGO), "logo.svg"), (io.BytesIO(PEM), "vmc.pem"), (io.BytesIO(b""), "")],
        "look_up": "no",
        "draw": "yes",
        "selector": "",
    }
    assert client.post("/api/v1/check", data=form).get_json() == asked.get_json()


def test_a_record_is_made_of_addresses(client: FlaskClient) -> None:
    asked = {"domain": "example.com", "logo_url": "https://www.example.com/logo.svg", "look_up": False}
    told = client.post("/api/v1/check", json=asked).get_json()
    records = told["reports"][0]["facts"]["records"]
    assert records == {"default._bimi.example.com": ["v=BIMI1; l=https://www.example.com/logo.svg; a="]}


def test_several_files_are_told_apart(client: FlaskClient, contract: dict[str, Any]) -> None:
    files = [file("logo.svg", LOGO), file("logo.svg", gzip.compress(LOGO)), file("vmc.pem", PEM)]
    told = client.post("/api/v1/check", json={"files": files}).get_json()
    valid(contract, "CheckAnswer", told)
    assert told["files"] == [["logo.svg"], ["logo.svg (2)"], ["logo.svg", "vmc.pem"], ["logo.svg (2)", "vmc.pem"]]
    assert [report["kind"] for report in told["reports"]] == ["svg", "svg", "certificate", "certificate"]


def test_the_look_of_logos_is_judged_when_it_is_wished(client: FlaskClient, contract: dict[str, Any]) -> None:
    broken = b"%PDF-1.7"
    files = [file("logo.svg", LOGO), file("logo.pdf", broken)]
    told = client.post("/api/v1/check", json={"files": files, "draw": True}).get_json()
    valid(contract, "CheckAnswer", told)
    assert told["appearance"][0] == bimikit.check_appearance(LOGO, name="logo.svg", at=AT).to_dict()
    assert len(told["appearance"]) == 2


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_words_come_in_the_language_that_is_asked_for(client: FlaskClient, lang: str) -> None:
    asked = {"files": [file("logo.svg", b"<svg/>")]}
    expected = bimikit.check_svg(b"<svg/>", name="logo.svg", at=AT).to_dict(lang)["findings"]
    other = {"en": "ja", "ja": "en"}[lang]
    client.set_cookie("lang", other)
    for answer in (
        client.post("/api/v1/check", json={**asked, "lang": lang}, headers={"Accept-Language": other}),
        client.post(f"/api/v1/check?lang={lang}", json=asked, headers={"Accept-Language": other}),
        client.post("/api/v1/check", json=asked, headers={"Accept-Language": f"{lang}-JP, de;q=0.9"}),
        client.post("/api/v1/check", data={"files": (io.BytesIO(b"<svg/>"), "logo.svg"), "lang": lang}),
    ):
        assert answer.get_json()["reports"][0]["findings"] == expected
        assert answer.headers["Content-Language"] == lang
        assert "Set-Cookie" not in answer.headers


def test_a_language_that_nobody_prefers_is_english(client: FlaskClient) -> None:
    answer = client.post("/api/v1/check", json={}, headers={"Accept-Language": "de"})
    assert answer.headers["Content-Language"] == "en"


# live


def test_a_domain_is_checked_live(contract: dict[str, Any]) -> None:
    with Web(["www.example.com"]) as web, Zone() as zone:
        urls = (web.http_url("/i.crl", host="crl.example.net"), web.http_url("/r.crl", host="crl.example.net"))
        ca = MarkCA(at=AT, crl_urls=urls)
        policy = FetchPolicy(allow_networks=("127.0.0.0/8",), ca_bundle=web.ca_bundle, timeout=2)
        web.put("/logo.svg", LOGO)
        web.put("/vmc.pem", ca.issue("example.com").pem)
        web.put("/i.crl", ca.crl())
        web.put("/r.crl", ca.crl(of="root"))
        record = f"v=BIMI1; l={web.url('/logo.svg')}; a={web.url('/vmc.pem')}"
        zone.add("_dmarc.example.com", "TXT", DMARC)
        zone.add("default._bimi.example.com", "TXT", record)
        for host in ("www.example.com", "crl.example.net"):
            zone.add(host, "A", "127.0.0.1")
        resolver = f"{zone.address}:{zone.port}"
        app = create_app({"AT": AT, "TRUST": ca.trust, "RESOLVER": resolver, "POLICY": policy, "RATES": NO_RATES})
        client = app.test_client()
        for answer in (
            client.get("/api/v1/domain/example.com?lang=ja"),
            client.get("/api/v1/domain/News@Example.com?selector=default&lang=ja"),
            client.post("/api/v1/check", json={"domain": "example.com", "lang": "ja"}),
            client.post("/api/v1/check", json={"domain": "example.com", "lang": "ja", "look_up": False}),
        ):
            told = answer.get_json()
            assert answer.status_code == 200
            valid(contract, "CheckAnswer", told)
            assert (told["reports"][0]["kind"], told["files"], told["publish"]) == ("domain", [[]], [])
            assert told["reports"][0]["verdicts"]["gmail"] == "ready"
        planned = {"domain": "example.com", "dmarc": "v=DMARC1; p=quarantine", "record": record, "draw": True}
        told = client.post("/api/v1/check", json=planned).get_json()
        valid(contract, "CheckAnswer", told)
        assert told["reports"][0]["kind"] == "publication"
        assert [(one["name"], one["published"]) for one in told["publish"]] == [
            ("_dmarc.example.com", False),
            ("default._bimi.example.com", True),
        ]
        assert told["appearance"][0]["kind"] == "appearance"
        app.extensions["bimikit"].close()


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("typed", ["exa mple", "localhost", "127.0.0.1", "a..example"])
@pytest.mark.parametrize("planned", [{}, {"dmarc": DMARC, "look_up": False}], ids=["live", "planned"])
def test_what_is_no_domain_is_a_problem(
    client: FlaskClient, contract: dict[str, Any], typed: str, planned: dict[str, Any], lang: str
) -> None:
    header = {"Accept-Language": lang}
    answers = [client.post(CHECK, json={"domain": typed, **planned}, headers=header)]
    if not planned:
        answers.append(client.get(f"/api/v1/domain/{typed.replace(' ', '%20')}", headers=header))
    for answer in answers:
        problem_holds(contract, answer, "domain-invalid", lang)
        assert answer.get_json(force=True)["field"] == "domain"


# repairs


def test_a_logo_is_repaired(client: FlaskClient, contract: dict[str, Any]) -> None:
    asked = {"file": file("logo.svg", UNREPAIRED), "title": "Acme", "desc": " A sail\n on waves ", "lang": "ja"}
    answer = client.post("/api/v1/repair", json=asked)
    told = answer.get_json()
    assert answer.status_code == 200
    valid(contract, "RepairAnswer", told)
    content = b64decode(told.pop("content"))
    expected = bimikit.repair_svg(UNREPAIRED, title="Acme", desc="A sail on waves", name="logo.svg", at=AT)
    assert content == expected.svg
    assert told == json.loads(expected.to_json("ja"))
    assert told["ok"]
    assert told["svg"]["sha256"] == hashlib.sha256(content).hexdigest()


def test_a_form_repairs_the_same(client: FlaskClient) -> None:
    wishes: dict[str, Any] = {"title": "Acme", "background": "#ff0000", "allow": ["text", "crop"]}
    asked = client.post("/api/v1/repair", json={**wishes, "file": file("logo.svg", UNREPAIRED), "square": False})
    form = {**wishes, "file": (io.BytesIO(UNREPAIRED), "logo.svg"), "square": "no", "fonts": (io.BytesIO(b""), "")}
    answer = client.post("/api/v1/repair", data=form)
    assert answer.status_code == 200
    assert answer.get_json() == asked.get_json()


def test_a_font_is_taken_into_account(client: FlaskClient) -> None:
    text = UNREPAIRED.replace(b"<path", b'<text x="9" y="30" font-family="None such">A</text><path')
    asked = {"file": file("logo.svg", text), "allow": ["text"], "fonts": [file("font.ttf", b"no font")]}
    answer = client.post("/api/v1/repair", json=asked)
    assert answer.status_code == 200
    assert not answer.get_json()["ok"]


def test_what_can_not_be_read_is_not_repaired(client: FlaskClient, contract: dict[str, Any]) -> None:
    told = client.post("/api/v1/repair", json={"file": file("logo.svg", b"%PDF-1.7")}).get_json()
    valid(contract, "RepairAnswer", told)
    assert (told["content"], told["ok"]) == (None, False)


# errors

CHECK, REPAIR = "/api/v1/check", "/api/v1/repair"
F = file("logo.svg", LOGO)
WRONG_JSON: dict[str, tuple[str, Any, str, str]] = {
    "nothing": (CHECK, {}, "nothing-given", ""),
    "a field that was mistyped": (CHECK, {"domian": "example.com"}, "field-unknown", "domian"),
    "a field of another case": (CHECK, {"Domain": "example.com"}, "field-unknown", "Domain"),
    "a field that isn't known": (CHECK, {"zzz": 1}, "field-unknown", "zzz"),
    "a field with signs": (CHECK, {"\u202e\x00/": 1}, "field-unknown", "\ufffd\ufffd|"),
    "an option of the library": (REPAIR, {"file": F, "limits": {}}, "field-unknown", "limits"),
    "a field of a file that was mistyped": (CHECK, {"files": [{"nmae": "x", "content": ""}]}, "field-unknown", "files.nmae"),
    "a number for a text": (CHECK, {"domain": 7}, "text-expected", "domain"),
    "null for a text": (CHECK, {"domain": None}, "text-expected", "domain"),
    "a list for a text": (CHECK, {"dmarc": ["v=DMARC1"]}, "text-expected", "dmarc"),
    "half a character": (CHECK, {"domain": "\ud800"}, "text-expected", "domain"),
    "a text for a flag": (CHECK, {"domain": "example.com", "look_up": "yes"}, "flag-expected", "look_up"),
    "a number for a flag": (CHECK, {"draw": 1}, "flag-expected", "draw"),
    "a language there is not": (CHECK, {"lang": "fr"}, "choice-expected", "lang"),
    "no language": (CHECK, {"lang": None}, "choice-expected", "lang"),
    "one file for several": (CHECK, {"files": F}, "files-expected", "files"),
    "a text for a file": (CHECK, {"files": ["logo.svg"]}, "files-expected", "files"),
    "a file without content": (CHECK, {"files": [{"name": "logo.svg"}]}, "files-expected", "files"),
    "a number for a name": (CHECK, {"files": [{"name": 7, "content": ""}]}, "files-expected", "files"),
    "no Base64": (CHECK, {"files": [{"name": "x", "content": "<svg/>"}]}, "files-expected", "files"),
    "Base64 of a URL": (CHECK, {"files": [{"name": "x", "content": "_-8="}]}, "files-expected", "files"),
    "Base64 that is cut": (CHECK, {"files": [{"name": "x", "content": "QUJ"}]}, "files-expected", "files"),
    "Base64 with blanks": (CHECK, {"files": [{"name": "x", "content": "QU JD"}]}, "files-expected", "files"),
    "an empty file": (CHECK, {"files": [{"name": "x.svg", "content": ""}]}, "file-empty", "files"),
    "an empty file without a name": (CHECK, {"files": [{"content": ""}]}, "file-empty", "files"),
    "too many files": (CHECK, {"files": [F] * 9}, "too-many-files", "files"),
    "too many pairs": (CHECK, {"files": [F] * 4 + [file("x.pem", PEM)] * 3}, "too-many-pairs", "files"),
    "a long text": (CHECK, {"domain": "x" * 2049}, "text-too-long", "domain"),
    "a long record": (CHECK, {"domain": "example.com", "dmarc": "x" * 20_001}, "text-too-long", "dmarc"),
    "records without a domain": (CHECK, {"dmarc": DMARC}, "domain-needed", "domain"),
    "a record in a wrong place": (CHECK, {"domain": "example.com", "record": "@ TXT v=BIMI1"}, "record-misplaced", "record"),
    "no record": (CHECK, {"domain": "example.com", "record": "; none"}, "record-unreadable", "record"),
    "a record twice": (CHECK, {**PLAN, "logo_url": "https://example.com/l.svg"}, "record-twice", "record"),
    "an address of plain HTTP": (CHECK, {"domain": "example.com", "logo_url": "http://example.com/l.svg"}, "address-not-https", "logo_url"),
    "no logo": (REPAIR, {}, "logo-missing", "file"),
    "a list for a logo": (REPAIR, {"file": [F]}, "file-expected", "file"),
    "an empty logo": (REPAIR, {"file": file("logo.svg", b"")}, "file-empty", "file"),
    "no colour": (REPAIR, {"file": F, "background": "none"}, "background-invalid", "background"),
    "a colour one sees through": (REPAIR, {"file": F, "background": "#ffffff80"}, "background-invalid", "background"),
    "a title that can't be shown": (REPAIR, {"file": F, "title": "A\u202eB"}, "text-unprintable", "title"),
    "a title that shows nothing": (REPAIR, {"file": F, "title": "\u00ad"}, "text-unprintable", "title"),
    "a description that can't be shown": (REPAIR, {"file": F, "desc": "A\x07B"}, "text-unprintable", "desc"),
    "a long title": (REPAIR, {"file": F, "title": "x" * 501}, "text-too-long", "title"),
    "a kind of change there is not": (REPAIR, {"file": F, "allow": ["everything"]}, "choices-expected", "allow"),
    "a text for kinds of changes": (REPAIR, {"file": F, "allow": "text"}, "choices-expected", "allow"),
    "too many fonts": (REPAIR, {"file": F, "fonts": [F] * 5}, "too-many-files", "fonts"),
}  # fmt: skip


@pytest.mark.parametrize("lang", ["en", "ja"])
@pytest.mark.parametrize(("path", "asked", "name", "field"), WRONG_JSON.values(), ids=WRONG_JSON)
def test_json_that_makes_no_sense_is_told(
    client: FlaskClient, contract: dict[str, Any], path: str, asked: Any, name: str, field: str, lang: str
) -> None:
    answer = client.post(path, json=asked, headers={"Accept-Language": lang})
    told = answer.get_json()
    assert (told["problem"], told.get("field", "")) == (name, field)
    problem_holds(contract, answer, name, lang)


def problem_holds(contract: dict[str, Any], answer: Any, name: str, lang: str = "en") -> None:
    told = json.loads(answer.get_data())
    valid(contract, "Problem", told)
    assert answer.content_type == "application/problem+json"
    assert answer.headers["Content-Language"] == lang
    assert (told["problem"], told["status"], answer.status_code) == (name, int(PROBLEMS[name]), int(PROBLEMS[name]))
    assert told["type"] == f"/api#{name}"
    assert told["title"] == LANGUAGES[lang].get(f"problem.{name}.program", LANGUAGES[lang][f"problem.{name}"])
    assert "{" not in told["detail"]
    assert set(told) - {"field"} == {"type", "title", "status", "detail", "problem"}


def multipart(*parts: tuple[str, str, bytes | None]) -> dict[str, Any]:
    lines = b""
    for name, filename, data in parts:
        lines += b'--x\r\nContent-Disposition: form-data; name="%s"' % name.encode()
        lines += b'; filename="%s"' % filename.encode() if filename else b""
        lines += b"\r\n\r\n" + (data or b"") + b"\r\n"
    return {"data": lines + b"--x--\r\n", "content_type": "multipart/form-data; boundary=x"}


L = ("files", "logo.svg", LOGO)
WRONG_FORM: dict[str, tuple[str, dict[str, Any], str, str]] = {
    "nothing": (CHECK, multipart(), "nothing-given", ""),
    "a field that was mistyped": (CHECK, multipart(L, ("dmrac", "", b"x")), "field-unknown", "dmrac"),
    "a file that was mistyped": (CHECK, multipart(("file", "logo.svg", LOGO)), "field-unknown", "file"),
    "a field twice": (CHECK, multipart(("domain", "", b"a.example"), ("domain", "", b"b.example")), "field-twice", "domain"),
    "a file for a text": (CHECK, multipart(("domain", "x.txt", b"example.com")), "text-expected", "domain"),
    "a text for a file": (CHECK, multipart(("files", "", LOGO)), "files-expected", "files"),
    "neither yes nor no": (CHECK, multipart(L, ("look_up", "", b"on")), "flag-expected", "look_up"),
    "a language there is not": (CHECK, multipart(L, ("lang", "", b"fr")), "choice-expected", "lang"),
    "an empty file": (CHECK, multipart(("files", "logo.svg", b"")), "file-empty", "files"),
    "too many files": (CHECK, multipart(*[L] * 9), "too-many-files", "files"),
    "too many parts": (CHECK, multipart(*[("domain", "", b"x")] * 200), "too-large", ""),
    "two logos": (REPAIR, multipart(("file", "a.svg", LOGO), ("file", "b.svg", LOGO)), "field-twice", "file"),
    "a text for a logo": (REPAIR, multipart(("file", "", LOGO)), "file-expected", "file"),
    "no logo": (REPAIR, multipart(("title", "", b"x")), "logo-missing", "file"),
    "a kind of change there is not": (REPAIR, multipart(("file", "a.svg", LOGO), ("allow", "", b"x")), "choices-expected", "allow"),
    "no boundary": (CHECK, {"data": b"x", "content_type": "multipart/form-data"}, "nothing-given", ""),
    "no parts": (CHECK, {"data": b"x", "content_type": "multipart/form-data; boundary=x"}, "nothing-given", ""),
    "no JSON": (CHECK, {"data": b"{", "content_type": "application/json"}, "malformed", ""),
    "nothing of JSON": (CHECK, {"data": b"", "content_type": "application/json"}, "malformed", ""),
    "a list of JSON": (CHECK, {"data": b"[]", "content_type": "application/json"}, "malformed", ""),
    "no UTF-8": (CHECK, {"data": b'{"domain": "\xff"}', "content_type": "application/json"}, "malformed", ""),
    "UTF-16": (CHECK, {"data": '{"domain": "x"}'.encode("utf-16"), "content_type": "application/json"}, "malformed", ""),
    "no number": (CHECK, {"data": b'{"draw": NaN}', "content_type": "application/json"}, "malformed", ""),
    "an endless number": (CHECK, {"data": b'{"draw": ' + b"9" * 9999 + b"}", "content_type": "application/json"}, "malformed", ""),
    "deep JSON": (CHECK, {"data": b'{"draw": ' + b"[" * 100_000 + b"}", "content_type": "application/json"}, "malformed", ""),
    "a key twice": (CHECK, {"data": b'{"draw": true, "draw": true}', "content_type": "application/json"}, "field-twice", "draw"),
    "an old form": (CHECK, {"data": {"domain": "example.com"}, "content_type": "application/x-www-form-urlencoded"}, "media-type", ""),
    "a text": (CHECK, {"data": b"{}", "content_type": "text/plain"}, "media-type", ""),
    "no type": (CHECK, {"data": b"{}"}, "media-type", ""),
    "a query": (f"{CHECK}?domain=example.com", {"json": {}}, "field-unknown", "domain"),
}  # fmt: skip


@pytest.mark.parametrize(("path", "asked", "name", "field"), WRONG_FORM.values(), ids=WRONG_FORM)
def test_a_body_that_makes_no_sense_is_told(
    client: FlaskClient, contract: dict[str, Any], path: str, asked: dict[str, Any], name: str, field: str
) -> None:
    answer = client.post(path, **asked)
    problem_holds(contract, answer, name)
    assert json.loads(answer.get_data()).get("field", "") == field


@pytest.mark.parametrize(
    ("path", "name", "field"),
    [
        ("/api/v1/domain/example.com?selctor=x", "field-unknown", "selctor"),
        ("/api/v1/domain/example.com?lang=de", "choice-expected", "lang"),
        ("/api/v1/domain/example.com?selector=a&selector=b", "field-twice", "selector"),
        ("/api/v1/domain/" + "x" * 3000, "text-too-long", "domain"),
        ("/api/v1/domain/%20", "nothing-given", ""),
        ("/api/v1/openapi.json?x=1", "field-unknown", "x"),
        ("/api/v1/domain/", "not-found", ""),
        ("/api/v1/domain/a%2Fb", "not-found", ""),
        ("/api/v1/", "not-found", ""),
        ("/api/v2/check", "not-found", ""),
    ],
)
def test_an_address_that_makes_no_sense_is_told(
    client: FlaskClient, contract: dict[str, Any], path: str, name: str, field: str
) -> None:
    answer = client.get(path)
    if path.startswith("/api/v1/"):
        problem_holds(contract, answer, name)
        assert answer.get_json(force=True).get("field", "") == field
    else:
        assert (answer.status_code, answer.mimetype) == (404, "text/html")


@pytest.mark.parametrize("lang", ["en", "ja"])
@pytest.mark.parametrize("kind", ["application/json", "multipart/form-data; boundary=x"])
def test_a_body_over_the_bound_is_refused(app: Flask, contract: dict[str, Any], kind: str, lang: str) -> None:
    answer = app.test_client().post(
        CHECK, data=b"x" * (9 * 1024 * 1024), content_type=kind, headers={"Accept-Language": lang}
    )
    problem_holds(contract, answer, "too-large", lang)


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", CHECK, {"POST", "OPTIONS"}),
        ("DELETE", REPAIR, {"POST", "OPTIONS"}),
        ("PUT", "/api/v1/domain/example.com", {"GET", "HEAD", "OPTIONS"}),
        ("TRACE", "/api/v1/openapi.json", {"GET", "HEAD", "OPTIONS"}),
    ],
)
def test_a_method_there_is_not_is_told_with_those_there_are(
    client: FlaskClient, contract: dict[str, Any], method: str, path: str, allowed: set[str]
) -> None:
    answer = client.open(path, method=method)
    problem_holds(contract, answer, "method")
    assert set(answer.headers["Allow"].split(", ")) == allowed


def test_no_other_site_is_let_in(client: FlaskClient, contract: dict[str, Any]) -> None:
    origin = {"Origin": "https://other.example"}
    asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}
    preflight = client.options(CHECK, headers={**origin, **asked})
    answers = [
        preflight,
        client.get("/api/v1/openapi.json", headers=origin),
        client.post(CHECK, json={}, headers=origin),
        client.post(CHECK, json={}, headers={"Sec-Fetch-Site": "cross-site"}),
    ]
    for answer in answers:
        assert not [name for name in answer.headers.keys() if name.lower().startswith("access-control")]  # noqa: SIM118
    for answer in answers[2:]:
        problem_holds(contract, answer, "cross-site")
    assert preflight.status_code == 200
    assert not preflight.get_data()


def test_too_many_requests_are_told_when_to_come_back(zone: Zone, contract: dict[str, Any]) -> None:
    resolver = f"{zone.address}:{zone.port}"
    app = create_app({"RATES": {"check": 3, "live": 1, "repair": 1}, "RESOLVER": resolver, "POLICY": NOWHERE, "AT": AT})
    client = app.test_client()
    assert client.get("/api/v1/domain/none.example").status_code == 200
    answers = [
        client.get("/api/v1/domain/none.example"),
        client.post(REPAIR, json={}),
        client.post(REPAIR, json={}),
        client.post(CHECK, json={}),
        client.post(CHECK, json={}),
    ]
    assert [answer.status_code for answer in answers] == [429, 422, 429, 422, 429]
    for answer in answers[::2]:
        problem_holds(contract, answer, "too-often")
        assert 1 <= int(answer.headers["Retry-After"]) <= 60
        assert answer.headers["Retry-After"] in json.loads(answer.get_data())["detail"]
    app.extensions["bimikit"].close()


def test_live_checks_can_be_turned_off(contract: dict[str, Any]) -> None:
    app = create_app({"LIVE": False, "RATES": NO_RATES})
    for answer in (
        app.test_client().get("/api/v1/domain/example.com"),
        app.test_client().post(CHECK, json={"domain": "example.com", "dmarc": DMARC}),
    ):
        problem_holds(contract, answer, "live-off")


@pytest.mark.parametrize(
    ("problem", "retry_after"),
    [
        (Problem("busy", seconds=5), "5"),
        (Problem("too-slow"), None),
        (Problem("no-resolver"), None),
        (RuntimeError("secret"), None),
    ],
    ids=str,
)
def test_what_goes_wrong_behind_it_is_told_without_details(
    client: FlaskClient, contract: dict[str, Any], problem: Exception, retry_after: str | None, monkeypatch: Any
) -> None:
    def broken(*_args: Any, **_named: Any) -> None:
        raise problem

    monkeypatch.setattr("webapp.portal.Portal.judge", broken)
    answer = client.post(CHECK, json={"files": [F]})
    problem_holds(contract, answer, problem.name if isinstance(problem, Problem) else "failed")
    assert answer.headers.get("Retry-After") == retry_after
    assert b"secret" not in answer.get_data()


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("lang", ["en", "ja"])
def test_every_problem_has_words_for_all_it_tells(app: Flask, name: str, lang: str) -> None:
    params = {param: 7 if param in ("most", "seconds") else f"<{param}>" for param in KINDS[name].params}
    with app.test_request_context(headers={"Accept-Language": lang}):
        from webapp import words

        problem = Problem(name, "", **params)
        title, what = words.problem_title(problem), words.problem_what(problem)
    assert title
    assert not [text for text in (title, what) if "{" in text or "}" in text]
    assert all(str(value) in what for value in params.values())
    assert title.endswith(".") is False
    assert what.endswith((".", "?") if lang == "en" else "。")
    assert problem.status == PROBLEMS[name]


@pytest.mark.parametrize(
    ("lang", "asked", "name", "told"),
    [
        ("en", {"json": {"domian": "x"}}, "field-unknown", "There is no field “domian”. Did you mean “domain”?"),
        (
            "ja",
            {"json": {"domian": "x"}},
            "field-unknown",
            "「domian」という項目はありません。「domain」のことでしょうか。",
        ),
        ("en", {"json": {"logo": "x"}}, "field-unknown", "There is no field “logo”. Did you mean “files”?"),
        ("en", {"json": {"Certificate": "x"}}, "field-unknown", "Did you mean “files”?"),
        ("en", {"json": {"logo_ur": "x"}}, "field-unknown", "Did you mean “logo_url”?"),
        ("en", {"data": b'{"draw": true,\n  }'}, "malformed", "at line 2, column 3."),
        ("ja", {"data": b'{"draw": true,\n  }'}, "malformed", "JSONの2行目、3文字目"),
        ("en", {"data": b'{\n"domain": "\xe3\x81\x82\xff"}'}, "malformed", "at line 2, column 13."),
        ("en", {"data": b""}, "malformed", "at line 1, column 1."),
        ("en", {"data": b"[]"}, "malformed", "has to be an object"),
        ("ja", {"data": b"[]"}, "malformed", "オブジェクトにしてください"),
    ],
)
def test_a_body_that_makes_no_sense_is_told_with_what_is_wrong_in_it(
    client: FlaskClient, lang: str, asked: dict[str, Any], name: str, told: str
) -> None:
    answer = client.post(CHECK, **{"content_type": "application/json", **asked}, headers={"Accept-Language": lang})
    found = json.loads(answer.get_data())
    assert found["problem"] == name
    assert told in found["detail"]


@pytest.mark.parametrize(("lang", "word"), [("en", "page"), ("ja", "ページ")])
@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_programs_hear_nothing_of_pages(client: FlaskClient, method: str, lang: str, word: str) -> None:
    path = CHECK if method == "DELETE" else "/api/v1/nothing"
    found = json.loads(client.open(path, method=method, headers={"Accept-Language": lang}).get_data())
    assert found["status"] in (404, 405)
    assert word not in f"{found['title']} {found['detail']}"


def test_no_two_problems_have_the_same_title(app: Flask) -> None:
    from webapp import words

    for lang in ("en", "ja"):
        with app.test_request_context(headers={"Accept-Language": lang}):
            titles = [words.problem_title(Problem(name), to_program=True) for name in KINDS]
        assert len(set(titles)) == len(titles)


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_the_page_gives_curl_records_in_the_form_that_leaves_them_whole(client: FlaskClient, lang: str) -> None:
    page = client.get(f"/api?lang={lang}").get_data(as_text=True)
    (example,) = re.findall(r"<section aria-labelledby=\"try\">.*?</section>", page, re.DOTALL)
    told = unescape(example)
    assert not re.findall(r"(?<!--)-F '?(?:dmarc|record)=", told)
    assert re.findall(r"--form-string '(dmarc|record)=v=", told) == ["dmarc", "record"]
    with client.application.test_request_context(headers={"Accept-Language": lang}):
        from webapp import words

        assert words.word("api.try.records") in told


# the document


def test_the_document_says_that_its_paths_are_those_of_this_server(contract: dict[str, Any]) -> None:
    assert contract["servers"] == [{"url": "/"}]


def test_the_answer_of_a_repair_is_told_in_the_language_of_the_document(client: FlaskClient) -> None:
    told = client.get("/api/v1/openapi.json?lang=ja").get_json()["components"]["schemas"]["RepairAnswer"]
    texts = [entry["description"] for entry in told["properties"].values() if "description" in entry]
    assert len(texts) > 10
    assert not [text for text in texts if text.isascii()]


def test_the_document_is_openapi_and_its_schemas_are_sound(contract: dict[str, Any]) -> None:
    assert contract["openapi"] == "3.1.0"
    for schema in contract["components"]["schemas"].values():
        jsonschema.Draft202012Validator.check_schema(schema)
    text = json.dumps(contract)
    names = set(contract["components"]["schemas"])
    used = {part.partition('"')[0] for part in text.split("#/components/schemas/")[1:]}
    assert used <= names
    assert '"#/$defs' not in text
    assert "report-1.json" not in text


def test_the_document_tells_the_bounds_that_hold(contract: dict[str, Any]) -> None:
    schemas = contract["components"]["schemas"]
    fields = schemas["CheckRequest"]["properties"]
    assert (fields["files"]["maxItems"], fields["domain"]["maxLength"], fields["dmarc"]["maxLength"]) == (
        8,
        2048,
        20_000,
    )
    assert schemas["RepairRequest"]["properties"]["allow"]["items"]["enum"] == list(CHANGES)
    assert set(schemas["Problem"]["properties"]["problem"]["enum"]) == set(KINDS)
    other = create_app({"MAX_FILES": 3}).test_client().get("/api/v1/openapi.json").get_json()
    assert other["components"]["schemas"]["CheckRequest"]["properties"]["files"]["maxItems"] == 3


def test_the_reports_of_the_document_are_those_that_are_published(contract: dict[str, Any]) -> None:
    published = bimikit.report_schema()["$defs"]["report"]
    assert contract["components"]["schemas"]["Report"]["required"] == published["required"]
    report = bimikit.check_svg(b"<svg/>", at=AT).to_dict()
    valid(contract, "Report", report)
    with pytest.raises(jsonschema.ValidationError):
        valid(contract, "Report", {**report, "findings": [{}]})


def test_the_examples_of_the_document_are_valid_and_work(client: FlaskClient, contract: dict[str, Any]) -> None:
    for path in (CHECK, REPAIR):
        body = contract["paths"][path]["post"]["requestBody"]["content"]["application/json"]
        valid(contract, body["schema"]["$ref"].rpartition("/")[2], body["example"])
        assert client.post(path, json=body["example"]).status_code == 200


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_the_page_tells_of_every_operation_field_and_problem(
    client: FlaskClient, contract: dict[str, Any], lang: str
) -> None:
    answer = client.get(f"/api?lang={lang}")
    page = answer.get_data(as_text=True)
    assert (answer.status_code, answer.mimetype) == (200, "text/html")
    assert f'<html lang="{lang}"' in page
    for path in contract["paths"]:
        assert path in page
    for name in (
        *contract["components"]["schemas"]["CheckRequest"]["properties"],
        *contract["components"]["schemas"]["RepairRequest"]["properties"],
    ):
        assert f">{name}</code>" in page
    for name in KINDS:
        assert f'id="{name}"' in page
        title = LANGUAGES[lang].get(f"problem.{name}.program", LANGUAGES[lang][f"problem.{name}"])
        assert title in page
    assert "style=" not in page
    assert "<script>" not in page
    for address in ("http://", "https://"):
        assert not [part for part in page.split(f'="{address}')[1:] if not part.startswith("localhost")]


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_the_document_speaks_the_language_that_is_asked_for(client: FlaskClient, lang: str) -> None:
    for told in (
        client.get(f"/api/v1/openapi.json?lang={lang}").get_json(),
        client.get("/api/v1/openapi.json", headers={"Accept-Language": lang}).get_json(),
    ):
        assert told["info"]["description"] == LANGUAGES[lang]["api.description"]
        assert (
            told["components"]["schemas"]["CheckRequest"]["properties"]["domain"]["description"]
            == LANGUAGES[lang]["api.field.domain"]
        )


# the document against what really happens

SEMANTIC = {
    "nothing-given", "domain-needed", "domain-invalid", "domains-differ", "selectors-differ", "file-empty", "too-many-pairs",
    "too-many-records", "record-unreadable", "record-misplaced", "record-twice", "address-not-https", "address-needed",
    "background-invalid", "text-unprintable", "not-found", "too-slow",
}  # fmt: skip
"""Problems of requests that a schema can't forbid."""


def answers_as_the_document_says(ctx: Any, response: Any, case: Any) -> None:
    """A problem is told as one, and one that the schema rules out is never told of a request that it allows."""
    if response.status_code < 400:
        return
    told = response.json()
    assert told["status"] == response.status_code == PROBLEMS[told["problem"]]
    assert response.status_code < 500, told
    if case.meta is not None and case.meta.generation.mode.is_positive:
        assert told["problem"] in SEMANTIC, told


CHECKS = [
    schema_checks.not_a_server_error,
    openapi_checks.status_code_conformance,
    openapi_checks.content_type_conformance,
    openapi_checks.response_headers_conformance,
    openapi_checks.response_schema_conformance,
    openapi_checks.negative_data_rejection,
    openapi_checks.unsupported_method,
    openapi_checks.allow_header_conformance,
    answers_as_the_document_says,
]


class StandIn:
    """Passes on to the application, which there is only once a test runs."""

    app: Any = None

    def __call__(self, environ: Any, start_response: Any) -> Any:
        return self.app(environ, start_response)


stand_in = StandIn()
described = schemathesis.openapi.from_dict(document(Settings(), "en"))
described.config.generation.update(modes=list(GenerationMode), with_security_parameters=False)
described.config.seed = 7
described.app = stand_in


@described.parametrize()
@settings(max_examples=25, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
def test_what_is_generated_is_answered_as_the_document_says(case: Any, app: Flask) -> None:
    stand_in.app = app
    case.call_and_validate(checks=CHECKS)


@pytest.mark.parametrize("path", ["/api/v1/check", "/api/v1/repair"])
@pytest.mark.parametrize("disposition", ["form-data", "form-data; filename=a"])
def test_a_part_without_a_name_is_told(client: FlaskClient, path: str, disposition: str) -> None:
    body = f"--B\r\nContent-Disposition: {disposition}\r\n\r\nx\r\n--B--\r\n".encode()
    response = client.post(path, data=body, content_type="multipart/form-data; boundary=B")
    assert response.status_code in (400, 422)
    assert response.content_type == "application/problem+json"
