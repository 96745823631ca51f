"""`bimikit mcp`: a real client of the protocol starts the command, and has the checks made."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from mcp import Client, StdioServerParameters
from mcp.types import CallToolResult, TextContent
from support import AT
from test_domain import World

import bimikit
from bimikit.config import load
from bimikit.mcp_server import server
from bimikit.testing import LOGO, MarkCA, Web, Zone

CA = MarkCA(at=AT)
UNTITLED = LOGO.replace(b"<title>Acme</title>", b"")
TOOLS = {"check_svg", "check_certificate", "check_publication", "check_domain", "repair_svg", "explain_rule"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "logo.svg").write_bytes(LOGO)
    (tmp_path / "untitled.svg").write_bytes(UNTITLED)
    (tmp_path / "vmc.pem").write_bytes(CA.issue("example.com").pem)
    (tmp_path / "root.pem").write_bytes(CA.root_pem)
    (tmp_path / "log.pem").write_bytes(CA.log_pem)
    (tmp_path / "bimikit.toml").write_text("[trust]\nroots = ['root.pem']\nct-logs = ['log.pem']")
    return tmp_path


def asked(target: Any, tool: str, **arguments: Any) -> CallToolResult:
    async def ask() -> CallToolResult:
        async with Client(target) as client:
            result = await client.call_tool(tool, arguments)
            assert isinstance(result, CallToolResult)
            return result

    return asyncio.run(ask())


def words(result: CallToolResult) -> str:
    first = result.content[0]
    assert isinstance(first, TextContent)
    return first.text


def test_an_assistant_starts_the_command_and_has_a_logo_judged(folder: Path) -> None:
    command = [sys.executable, "-m", "bimikit", "mcp", "--folder", str(folder), "--no-live"]
    target = StdioServerParameters(command=command[0], args=command[1:])

    async def talk() -> None:
        async with Client(target) as client:
            tools = (await client.list_tools()).tools
            assert {tool.name for tool in tools} == TOOLS - {"check_domain"}
            assert all(tool.description and tool.input_schema["properties"] for tool in tools)
            result = await client.call_tool("check_svg", {"logo": "untitled.svg"})
            assert isinstance(result, CallToolResult)
            assert "svg.title-missing" in words(result)

    asyncio.run(talk())


def test_the_answer_is_the_report_in_words_and_as_json(folder: Path) -> None:
    for lang in ("en", "ja"):
        result = asked(server(folder), "check_svg", logo="untitled.svg", lang=lang)
        report = bimikit.check_svg(UNTITLED, name="untitled.svg")
        told = result.structured_content
        assert told is not None
        jsonschema.validate(told, bimikit.report_schema())
        assert told["findings"] == report.to_dict(lang)["findings"]
        assert words(result) == bimikit.render_report(report, lang=lang, sources={"untitled.svg": UNTITLED})
    assert asked(server(folder), "check_svg", logo=LOGO.decode()).structured_content["ok"]  # type: ignore[index]


def test_a_certificate_and_a_plan_are_judged_with_the_configured_trust(folder: Path) -> None:
    made = server(folder, load(folder))
    told = asked(made, "check_certificate", certificate="vmc.pem", domain="example.com", logo="logo.svg")
    assert told.structured_content is not None
    assert told.structured_content["facts"]["logo"] == "identical"
    assert told.structured_content["facts"]["trusted_root"] is not None
    plan = {"dmarc": "v=DMARC1; p=none", "record": "v=BIMI1; l=https://www.example.com/logo.svg; a="}
    told = asked(made, "check_publication", domain="example.com", logo="logo.svg", **plan)
    assert told.structured_content is not None
    assert told.structured_content["verdicts"]["gmail"] == "blocked"


def test_a_logo_is_repaired_and_written_once(folder: Path) -> None:
    made = server(folder)
    result = asked(made, "repair_svg", logo="untitled.svg", title="Acme", output="fixed.svg")
    assert result.structured_content is not None
    jsonschema.validate(result.structured_content, bimikit.repair_schema())
    assert bimikit.check_svg((folder / "fixed.svg").read_bytes()).ok
    assert asked(made, "repair_svg", logo="untitled.svg", output="logo.svg").is_error
    assert (folder / "logo.svg").read_bytes() == LOGO
    inline = asked(made, "repair_svg", logo=UNTITLED.decode(), title="Acme")
    assert isinstance(inline.content[1], TextContent)
    assert bimikit.check_svg(inline.content[1].text.encode()).ok


@pytest.mark.parametrize(
    ("tool", "arguments", "says"),
    [
        ("check_svg", {"logo": "../secret.svg"}, "outside"),
        ("check_svg", {"logo": "/etc/passwd"}, "outside"),
        ("check_svg", {"logo": "link.svg"}, "outside"),
        ("check_svg", {"logo": "no.svg"}, "No such file"),
        ("check_svg", {"logo": "no\0.svg"}, "can't be read"),
        ("check_certificate", {"certificate": "vmc.pem", "crls": ["../x.crl"]}, "outside"),
        ("repair_svg", {"logo": "logo.svg", "output": "../out.svg"}, "outside"),
        ("repair_svg", {"logo": "logo.svg", "background": "no colour"}, "colour"),
        ("repair_svg", {"logo": "logo.svg", "allow": ["everything"]}, "everything"),
        ("explain_rule", {"rule": "svg.no-such-rule"}, "no rule"),
    ],
)
def test_what_cannot_be_done_is_an_error_in_words(folder: Path, tool: str, arguments: Any, says: str) -> None:
    (folder / "link.svg").symlink_to("/etc/passwd")
    if arguments.get("output") == "../out.svg":
        arguments = {**arguments, "logo": "untitled.svg"}
    result = asked(server(folder), tool, **arguments)
    assert result.is_error
    assert says in words(result)


def test_a_rule_is_explained(folder: Path) -> None:
    assert "svg.title-missing" in words(asked(server(folder), "explain_rule", rule="svg.title-missing"))
    several = words(asked(server(folder), "explain_rule", rule="svg.title", lang="ja"))
    assert several.count("svg.title-") >= 4


@pytest.fixture
def world() -> Iterator[World]:
    with Web(("www.example.com",)) as web, Zone() as zone:
        yield World(web, zone)


def test_a_domain_is_asked_for_live_as_configured(world: World, folder: Path) -> None:
    (folder / "root.pem").write_bytes(world.ca.root_pem)
    (folder / "log.pem").write_bytes(world.ca.log_pem)
    (folder / "bimikit.toml").write_text(
        f"[trust]\nroots = ['root.pem']\nct-logs = ['log.pem']\n[network]\nresolver = '127.0.0.1:{world.zone.port}'\n"
        f"allow-networks = ['127.0.0.0/8']\nca-bundle = {str(world.web.ca_bundle)!r}\n"
    )
    told = asked(server(folder, load(folder)), "check_domain", domain="example.com").structured_content
    assert told is not None
    assert told["facts"]["certificate"]["trusted_root"] is not None
    assert told["facts"]["indicator"]["sight"] == "seen"
