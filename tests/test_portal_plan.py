"""The plan as a page of the portal: off until it is asked for, for those who may read it, and always as its files are."""

from __future__ import annotations

import os
import re
import shutil
import socket
import threading
import time
from base64 import b64encode
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from aggregate_reports import BEGIN, feedback, row
from browsing import browser, violations
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from msgspec.structs import replace
from plan_world import scanned
from portal_world import PATIENCE, form, portal, served, until
from support import ROOT

import bimikit
from bimikit.aggregate.store import Store
from bimikit.cli import main
from bimikit.planning import plan_body, plan_inputs, plan_style
from bimikit.portfolio.row import Sending
from bimikit.portfolio.sinks import format_of, open_sink
from webapp import planning
from webapp.problems import Problem
from webapp.security import HEADERS
from webapp.settings import read_settings

DOMAINS = ("example.com", "kaori.example")
RECORDS = {
    "_dmarc.example.com": "v=DMARC1; p=none; rua=mailto:dmarc@example.com",
    "_dmarc.kaori.example": "v=DMARC1; p=reject; rua=mailto:dmarc@example.com",
}
INVENTORY = """\
[inventory]
organization = "Kaori Tea"
scan = "scan.jsonl"
store = "reports.sqlite"
decisions = "decisions.toml"
reports-to = ["mailto:dmarc@example.com"]

[[domain]]
name = "example.com"
goal = "logo"
logo = "https://www.example.com/logo.svg"

[[domain]]
name = "kaori.example"
goal = "enforced"
"""
TOKEN = "s3cret & セ"  # noqa: S105
TITLES = {"en": "The road to the logo", "ja": "ロゴ"}


def basic(password: str, name: str = "anybody") -> dict[str, str]:
    """The header a browser sends for a name and a password."""
    return {"Authorization": f"Basic {b64encode(f'{name}:{password}'.encode()).decode()}"}


def bearer(token: str) -> dict[str, str]:
    """The header that a program sends, in the bytes of UTF-8."""
    return {"Authorization": f"Bearer {token}".encode().decode("latin-1")}


def write_scan(folder: Path, *domains: str) -> None:
    """The rows of a scan, as a new file in the place of the one that may be there."""
    path = folder / "scan.new.jsonl"
    path.unlink(missing_ok=True)
    sink = open_sink(path, format_of(path.name))
    for number, domain in enumerate(domains, 1):
        found = replace(scanned(domain, RECORDS), number=number, sending=Sending("none"))
        sink.write([replace(found, at="2026-11-28T00:00:00Z")])
    sink.close()
    path.replace(folder / "scan.jsonl")


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of a company."""
    folder = tmp_path_factory.mktemp("company")
    with Store.open(folder / "reports.sqlite") as store:
        for number, domain in enumerate(DOMAINS):
            store.add(feedback([row(count=200, header_from=domain)], f"r{number}", domain=domain, begin=BEGIN))
    write_scan(folder, *DOMAINS)
    (folder / "inventory.toml").write_text(INVENTORY)
    (folder / "decisions.toml").write_text("")
    return folder


@pytest.fixture
def files(company: Path, tmp_path: Path) -> Path:
    """The same, to be changed."""
    return Path(shutil.copytree(company, tmp_path / "internal" / "company"))


@pytest.fixture(scope="module")
def app(company: Path) -> Iterator[Flask]:
    """A portal that shows the plan to this computer."""
    with portal(PLAN=str(company / "inventory.toml")) as made:
        yield made


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def plans(app: Flask) -> planning.Plans:
    found: planning.Plans = app.extensions["bimikit"].plans
    return found


# off and on


def test_without_the_setting_there_is_no_such_page_and_no_link_to_one() -> None:
    with portal() as app:
        client = app.test_client()
        for method in ("GET", "HEAD", "POST", "OPTIONS"):
            assert client.open("/plan", method=method).status_code == 404
        assert client.get("/plan/style.css").status_code == 404
        unknown = client.get("/no-such-page").text
        assert client.get("/plan").text.replace("/plan", "") == unknown.replace("/no-such-page", "")
        for path in ("/", "/plan", "/api"):
            assert "/plan" not in re.findall(r'href="([^"?]*)', client.get(path).text) or path == "/plan"
        assert app.extensions["bimikit"].plans is None


@pytest.mark.parametrize(("lang", "link"), [("en", "The plan"), ("ja", "計画")])
def test_with_it_pages_lead_to_the_plan_in_the_readers_language(client: FlaskClient, lang: str, link: str) -> None:
    home = client.get("/", headers={"Accept-Language": lang}).text
    assert f'<a href="/plan">{link}</a>' in home
    page = client.get("/plan", headers={"Accept-Language": lang})
    assert (page.status_code, page.mimetype) == (200, "text/html")
    assert f'<html lang="{lang}">' in page.text
    assert "Kaori Tea" in page.text
    assert TITLES[lang] in page.text
    for domain in DOMAINS:
        assert domain in page.text


def test_the_plan_is_the_one_that_the_library_makes(client: FlaskClient, company: Path) -> None:
    plan = bimikit.plan_of(company / "inventory.toml")
    assert plan_body(plan, lang="en") in client.get("/plan?lang=en").text
    assert plan_body(plan, lang="ja") in client.get("/plan?lang=ja").text


def test_the_language_somebody_switched_to_is_kept(app: Flask) -> None:
    client = app.test_client()
    client.get("/plan?lang=ja")
    assert '<html lang="ja">' in client.get("/plan").text


# read-only


def test_it_can_only_be_read(client: FlaskClient) -> None:
    head = client.head("/plan")
    assert (head.status_code, head.data) == (200, b"")
    for method in ("POST", "PUT", "PATCH", "DELETE", "OPTIONS"):
        answer = client.open("/plan", method=method)
        assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD"), method


def test_viewing_leaves_the_files_as_they_are(files: Path) -> None:
    def contents() -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in sorted(files.iterdir())}

    before = contents()
    with portal(PLAN=str(files / "inventory.toml")) as app:
        assert app.test_client().get("/plan").status_code == 200
    assert contents() == before


def test_it_is_kept_by_nobody_but_known_again(client: FlaskClient) -> None:
    first = client.get("/plan?lang=en")
    assert first.headers["Cache-Control"] == "no-store"
    etag = first.headers["ETag"]
    again = client.get("/plan?lang=en", headers={"If-None-Match": etag})
    assert (again.status_code, again.data) == (304, b"")
    assert client.get("/plan?lang=ja", headers={"If-None-Match": etag}).status_code == 200


def test_the_page_may_do_nothing_but_be_styled(client: FlaskClient) -> None:
    answer = client.get("/plan")
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'self';")
    assert "script-src" not in policy
    assert not re.search(r"<script|<style|\sstyle=|\son\w+=", answer.text)
    for name in HEADERS.keys() - {"Content-Security-Policy"}:
        assert answer.headers[name] == HEADERS[name]


def test_its_style_sheet_is_the_plans_own(client: FlaskClient) -> None:
    (address,) = re.findall(r'href="(/plan/style.css[^"]*)"', client.get("/plan").text)
    answer = client.get(address, environ_base={"REMOTE_ADDR": "192.0.2.1"})  # it tells nothing of anybody
    assert (answer.status_code, answer.mimetype, answer.text) == (200, "text/css", plan_style())
    assert answer.headers["Cache-Control"] == "public, max-age=3600"
    again = client.get(address, headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


# made anew, and only then


def test_it_is_made_once_until_a_file_changes(files: Path) -> None:
    with portal(PLAN=str(files / "inventory.toml")) as app:
        client = app.test_client()
        for lang in ("en", "ja", "en"):
            assert client.get(f"/plan?lang={lang}").status_code == 200
        assert plans(app).made == 1

        inventory = files / "inventory.toml"
        inventory.write_text(INVENTORY.replace("Kaori Tea", "Hoshino Tea"))
        assert "Hoshino Tea" in client.get("/plan").text
        assert plans(app).made == 2

        write_scan(files, "example.com")
        client.get("/plan")
        assert plans(app).made == 3

        with Store.open(files / "reports.sqlite") as store:
            store.add(feedback([row(count=54_321, header_from="example.com")], "later", domain="example.com"))
            assert "54,521" in client.get("/plan?lang=en").text  # 200 more were there; still in the store's log
        assert "54,521" in client.get("/plan?lang=en").text
        made = plans(app).made
        client.get("/plan")
        assert plans(app).made == made

        (files / "decisions.toml").write_text("# nothing yet\n")
        client.get("/plan")
        assert plans(app).made == made + 1


def test_many_readers_have_it_made_once(files: Path) -> None:
    with portal(PLAN=str(files / "inventory.toml")) as app:
        answers: list[int] = []

        def read() -> None:
            answers.append(app.test_client().get("/plan").status_code)

        readers = [threading.Thread(target=read) for _ in range(planning.MOST_WAITING)]
        for reader in readers:
            reader.start()
        for reader in readers:
            reader.join(PATIENCE)
        assert answers == [200] * planning.MOST_WAITING
        assert plans(app).made == 1


def test_a_slow_one_blocks_nobody_and_few_wait_for_it(files: Path) -> None:
    """The database takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"postgresql://127.0.0.1:{silent.getsockname()[1]}/reports"
        (files / "inventory.toml").write_text(INVENTORY.replace("reports.sqlite", url))
        with portal(PLAN=str(files / "inventory.toml"), REQUEST_SECONDS=5) as app:
            waiting = [
                threading.Thread(target=app.test_client().get, args=("/plan",)) for _ in range(planning.MOST_WAITING)
            ]
            for reader in waiting:
                reader.start()
            until(lambda: plans(app)._waiting == planning.MOST_WAITING)
            client = app.test_client()
            begun = time.monotonic()
            answer = client.get("/plan?lang=en")
            assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
            assert "The plan is being made" in answer.text
            assert time.monotonic() - begun < 4  # at once: nobody waited
            assert client.post("/check", **form(dmarc="v=DMARC1; p=none", domain="example.com")).status_code == 200
            assert plans(app).made == 0
            for reader in waiting:
                reader.join(PATIENCE)
    assert not [thread for thread in waiting if thread.is_alive()]


def test_what_may_have_changed_unseen_is_made_anew_after_a_while(files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = "postgresql://127.0.0.1:1/reports"
    (files / "inventory.toml").write_text(INVENTORY.replace("reports.sqlite", url))
    with portal(PLAN=str(files / "inventory.toml")) as app:
        client = app.test_client()
        for made in (1, 1):
            client.get("/plan")
            assert plans(app).made == made
        monkeypatch.setattr(planning, "UNSURE_SECONDS", 0.0)
        client.get("/plan")
        assert plans(app).made == 2


def test_while_it_is_made_anew_others_read_the_one_before(files: Path) -> None:
    inventory = files / "inventory.toml"
    keeper = planning.Plans(inventory, 60.0, 2 * 1024**3)
    try:
        before = keeper.body("en", PATIENCE)
        os.utime(inventory, ns=(1, 1))
        with pytest.raises(Problem) as told:
            keeper.body("en", 0.0)  # it begins, and this reader doesn't wait
        assert told.value.name == "plan-coming"
        assert keeper.body("en", 0.0) == before
        until(lambda: keeper.made == 2)
    finally:
        keeper.close()


def test_what_takes_too_long_is_ended_and_told(files: Path) -> None:
    with portal(PLAN=str(files / "inventory.toml"), PLAN_SECONDS=0.001) as app:
        answer = app.test_client().get("/plan?lang=en")
        assert answer.status_code == 503
        assert "took too long" in answer.text
        assert app.test_client().get("/").status_code == 200


def test_what_nobody_foresaw_is_a_page_that_tells_nothing(files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_inventory: Path) -> planning.Made:
        raise RuntimeError("secret")

    with portal(PLAN=str(files / "inventory.toml")) as app:
        monkeypatch.setattr(planning, "make", broken)
        answer = app.test_client().get("/plan")
        assert (answer.status_code, "secret" in answer.text, "<main" in answer.text) == (500, False, True)
        assert app.test_client().get("/plan").status_code == 500
        assert plans(app).made == 1


# what is broken


def broken_inventories() -> list[tuple[str, str, str]]:
    """A text of the inventory, and a part of what is told in each language."""
    url = "postgresql://reader:hunter2@127.0.0.1:1/reports?password=hunter2"
    return [
        (INVENTORY.replace("goal =", "gaol ="), "gaol", "gaol"),
        (INVENTORY.replace('name = "example.com"', "name ="), "inventory.toml", "inventory.toml"),
        (INVENTORY.replace("scan.jsonl", "no-scan.jsonl"), "no-scan.jsonl", "no-scan.jsonl"),
        (INVENTORY.replace("decisions.toml", "no-decisions.toml"), "no-decisions.toml", "no-decisions.toml"),
        (INVENTORY.replace("reports.sqlite", "no-reports.sqlite"), "no-reports.sqlite", "no-reports.sqlite"),
        (INVENTORY.replace("reports.sqlite", "inventory.toml"), "inventory.toml", "inventory.toml"),
        (INVENTORY.replace("reports.sqlite", url), "127.0.0.1", "127.0.0.1"),
        (INVENTORY.replace("reports.sqlite", "mysql://reader:hunter2@db/reports"), "mysql", "mysql"),
        (INVENTORY.replace("scan.jsonl", "/srv/internal/scan.jsonl"), "scan.jsonl", "scan.jsonl"),
        (re.sub(r"(?m)^(scan|store|decisions) .*\n", "", INVENTORY), "date", "日付"),
        ("", "", ""),
    ]


@pytest.mark.parametrize(("text", "en", "ja"), broken_inventories())
def test_what_is_broken_is_told_without_a_path_or_a_password(files: Path, text: str, en: str, ja: str) -> None:
    (files / "inventory.toml").write_text(text)
    with portal(PLAN=str(files / "inventory.toml")) as app:
        client = app.test_client()
        for lang, part, heading in (
            ("en", en, "The plan can’t be made at the moment"),
            ("ja", ja, "今は計画を作成できません"),
        ):
            answer = client.get("/plan", headers={"Accept-Language": lang})
            assert answer.status_code == 503
            assert dict(answer.headers).items() >= HEADERS.items()
            assert answer.headers["Cache-Control"] == "no-store"
            assert heading in answer.text
            assert part in answer.text
            for leak in ("hunter2", str(files), str(files.parent), "internal", "Traceback", str(ROOT)):
                assert leak not in answer.text
        assert plans(app).made == 1
        (files / "inventory.toml").write_text(INVENTORY)
        assert client.get("/plan").status_code == 200


def test_files_that_were_changed_into_nonsense_are_told(files: Path) -> None:
    with portal(PLAN=str(files / "inventory.toml")) as app:
        client = app.test_client()
        assert client.get("/plan").status_code == 200
        for name, nonsense in (
            ("scan.jsonl", b"\xff{}\n"),
            ("decisions.toml", b"= 1"),
            ("reports.sqlite", b"\0" * 999),
        ):
            kept = (files / name).read_bytes()
            (files / name).write_bytes(nonsense)
            answer = client.get("/plan?lang=en")
            assert answer.status_code == 503, name
            assert name in answer.text
            assert str(files) not in answer.text
            (files / name).write_bytes(kept)
        assert client.get("/plan").status_code == 200
        (files / "inventory.toml").unlink()
        assert client.get("/plan").status_code == 503


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        ("/srv/x/in.toml, line 3: no", "in.toml, line 3: no"),
        ("can't read /home/me/a b.toml", "can't read a b.toml"),
        ("see https://www.example.com/a/logo.svg", "see https://www.example.com/a/logo.svg"),
        ("postgresql://me:p@ss/w@db/x is down", "postgresql://…@db/x is down"),
        ("host=db password='a b' user=me", "host=db password=… user=me"),
        (r"C:\Users\me\in.toml: no", "in.toml: no"),
        ("Permission denied: '/var/lib/x/y.sqlite'", "Permission denied: 'y.sqlite'"),
    ],
)
def test_where_files_are_and_what_is_secret_is_left_out(told: str, shown: str) -> None:
    assert planning.showable(told, [Path("/home/me/a b.toml")]) == shown


# who may read it


@pytest.mark.parametrize(
    ("config", "peer", "headers", "status"),
    [
        ({}, "127.0.0.1", {}, 200),
        ({}, "::1", {}, 200),
        ({}, "192.0.2.1", {}, 403),
        ({}, "192.0.2.1", basic(""), 403),
        ({}, "127.0.0.1", {"X-Forwarded-For": "192.0.2.1"}, 403),
        ({}, "127.0.0.1", {"Via": "1.1 proxy"}, 403),
        ({}, "127.0.0.1", {"X-Forwarded-Proto": "https"}, 403),
        ({}, "127.0.0.1", {"CF-Connecting-IP": "192.0.2.1"}, 403),
        ({}, "127.0.0.1", {"Host": "evil.example"}, 403),
        ({"TRUSTED_PROXIES": 1}, "127.0.0.1", {}, 403),
        ({"TRUSTED_PROXIES": 1}, "192.0.2.1", {"X-Forwarded-For": "127.0.0.1"}, 403),
        ({"PLAN_TOKEN": TOKEN}, "127.0.0.1", {}, 401),
        ({"PLAN_TOKEN": TOKEN}, "192.0.2.1", basic(TOKEN), 200),
        ({"PLAN_TOKEN": TOKEN}, "192.0.2.1", basic(TOKEN, ""), 200),
        ({"PLAN_TOKEN": TOKEN, "TRUSTED_PROXIES": 1}, "192.0.2.1", basic(TOKEN), 200),
        ({"PLAN_TOKEN": TOKEN}, "192.0.2.1", basic(TOKEN[:-1]), 401),
        ({"PLAN_TOKEN": TOKEN}, "192.0.2.1", basic("", TOKEN), 401),
        ({"PLAN_TOKEN": TOKEN}, "192.0.2.1", {"Authorization": "Basic !"}, 401),
        ({"PLAN_TOKEN": TOKEN}, "192.0.2.1", {"Authorization": "Digest username=x"}, 401),
        ({"PLAN_TOKEN": "plain"}, "192.0.2.1", {"Authorization": "Bearer plain"}, 200),
        ({"PLAN_TOKEN": TOKEN}, "192.0.2.1", bearer(TOKEN), 200),
        ({"PLAN_TOKEN": TOKEN}, "192.0.2.1", bearer(TOKEN[:-1]), 401),
        ({"PLAN_TOKEN": "ö=1, b=2"}, "192.0.2.1", bearer("ö=1, b=2"), 200),
        ({"PLAN_TOKEN": "ö"}, "192.0.2.1", {"Authorization": "Bearer ö"}, 401),
        ({"PLAN_TOKEN": "plain"}, "192.0.2.1", {"Authorization": "bearer plain"}, 200),
        ({"PLAN_TOKEN": "plain"}, "192.0.2.1", {"Authorization": "Bearer plai"}, 401),
        ({"PLAN_TOKEN": "plain"}, "192.0.2.1", {"Authorization": "Bearer"}, 401),
        ({"PLAN_TOKEN": "plain", "METRICS_TOKEN": "other"}, "192.0.2.1", {"Authorization": "Bearer other"}, 401),
    ],
)
def test_it_is_for_this_computer_or_who_has_the_token(
    company: Path, config: dict[str, Any], peer: str, headers: dict[str, str], status: int
) -> None:
    with portal(PLAN=str(company / "inventory.toml"), **config) as app:
        answer = app.test_client().get("/plan?lang=en", headers=headers, environ_base={"REMOTE_ADDR": peer})
        assert plans(app).made == (status == 200)  # nobody makes work who may not read
    assert answer.status_code == status
    assert ("Kaori Tea" in answer.text) is (status == 200)
    assert ("WWW-Authenticate" in answer.headers) is (status == 401)
    assert answer.headers["Cache-Control"] == "no-store"
    if status != 200:
        assert dict(answer.headers).items() >= HEADERS.items()
        assert '<h1 id="problem-title"' in answer.text


def test_nobody_guesses_the_token_fast(company: Path) -> None:
    with portal(PLAN=str(company / "inventory.toml"), PLAN_TOKEN=TOKEN, RATES={"check": 3}) as app:
        client = app.test_client()
        tried = [client.get("/plan", headers=basic(f"guess {number}")).status_code for number in range(5)]
        assert tried == [401, 401, 401, 429, 429]
        assert client.get("/plan", headers=basic(TOKEN)).status_code == 429


# settings


def test_an_inventory_that_is_not_there_ends_the_start(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"plan: there is no inventory .*none\.toml"):
        read_settings({"PLAN": str(tmp_path / "none.toml")}, {})
    done = CliRunner().invoke(main, ["portal", "--plan", str(tmp_path / "none.toml")])
    assert done.exit_code == 2


def test_options_and_the_environment_set_it(company: Path) -> None:
    inventory = str(company / "inventory.toml")
    for found in (
        read_settings({}, {"BIMIKIT_PORTAL_PLAN": inventory, "BIMIKIT_PORTAL_PLAN_TOKEN": TOKEN}),
        read_settings({"PLAN": inventory, "PLAN_TOKEN": TOKEN}, {}),
    ):
        assert (found.plan, found.plan_token) == (inventory, TOKEN)


# the library beside it


def test_the_library_makes_and_writes_a_plan(company: Path) -> None:
    plan = bimikit.plan_of(company / "inventory.toml")
    assert [one.domain for one in plan.domains] == list(DOMAINS)
    assert plan.as_of == date(2026, 11, 28)
    assert bimikit.plan_of(str(company / "inventory.toml"), as_of=date(2026, 12, 5)).as_of == date(2026, 12, 5)
    for kind, mark in (
        ("html", "<!DOCTYPE html>"), ("markdown", "# "), ("text", "Kaori Tea"), ("json", "{"), ("zone", ";"),
    ):  # fmt: skip
        for lang in ("en", "ja"):
            assert bimikit.render_plan(plan, kind, lang=lang).startswith(mark)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="format is one of html"):
        bimikit.render_plan(plan, "pdf")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="xx"):
        bimikit.render_plan(plan, lang="xx")


def test_the_library_tells_what_a_plan_rests_on(files: Path) -> None:
    names = ["inventory.toml", "scan.jsonl", "reports.sqlite", "decisions.toml"]
    found = plan_inputs(files / "inventory.toml")
    assert [file.name for file in found.files] == [*names, "reports.sqlite-wal", "reports.sqlite-journal"]
    assert not found.elsewhere
    (files / "inventory.toml").write_text(INVENTORY.replace("reports.sqlite", "postgresql://127.0.0.1/reports"))
    found = plan_inputs(files / "inventory.toml")
    assert ([file.name for file in found.files], found.elsewhere) == ([names[0], names[1], names[3]], True)


# in a browser


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_a_browser_shows_it_without_a_complaint(company: Path, lang: str) -> None:
    with served(PLAN=str(company / "inventory.toml"), PLAN_TOKEN=TOKEN) as one, browser() as chromium:
        context = chromium.new_context(
            locale={"en": "en-US", "ja": "ja-JP"}[lang],
            viewport={"width": 390, "height": 800},
            http_credentials={"username": "me", "password": TOKEN},
        )
        page = context.new_page()
        told: list[str] = []
        asked: list[str] = []
        page.on("console", lambda message: told.append(message.text))
        page.on("pageerror", lambda error: told.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))
        page.goto(one.url)
        for width in (320, 390):
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            lines = "[...document.querySelectorAll('header.site a')].map(one => one.getClientRects().length)"
            assert set(page.evaluate(lines)) == {1}
            assert page.evaluate("document.querySelector('.languages').getBoundingClientRect().height") < 50
        told.clear()  # the first page has tests of its own
        page.click("nav.places a")
        page.wait_for_selector(".plan h1")
        # asking for the password is the browser's own line
        assert [text for text in told if "401" not in text] == []
        assert all(url.startswith((one.url, "data:")) for url in asked)
        assert page.evaluate("document.documentElement.lang") == lang
        assert page.evaluate("getComputedStyle(document.querySelector('.portal')).display") == "flex"
        assert page.evaluate("getComputedStyle(document.querySelector('.plan .card')).borderTopWidth") == "1px"
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        assert violations(page) == []
        other = {"en": "ja", "ja": "en"}[lang]
        page.click(f".portal a[lang={other}]")
        page.wait_for_selector(f"html[lang={other}] .plan h1")
        page.click(".portal .home")
        page.wait_for_selector("nav.places")
        assert violations(page) == []
        context.close()
