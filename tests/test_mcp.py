"""`bimikit mcp`: a real client of the protocol starts the command, and has the checks made."""

from __future__ import annotations

import asyncio
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from typing import Any

import jsonschema
import pytest
from mcp import Client, StdioServerParameters
from mcp.types import CallToolResult, TextContent
from support import AT, ROOT
from test_domain import World

import bimikit
from bimikit.config import Network, Trust, load
from bimikit.mcp_server import server
from bimikit.mcp_threads import AT_ONCE, MOST, Busy, Threads, TooLong
from bimikit.output.command_line import PARAMETERS, REPAIR
from bimikit.testing import LOGO, MarkCA, Web, Zone

CA = MarkCA(at=AT)
UNTITLED = LOGO.replace(b"<title>Acme</title>", b"")
OFFLINE = {"check_svg", "check_certificate", "check_publication", "check_expiry", "repair_svg", "explain_rule"}
TOOLS = OFFLINE | {"check_domain", "verify_publication", "check_hosted_expiry"}
DMARC = "v=DMARC1; p=reject; rua=mailto:d@example.com"


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


def command_for(folder: Path) -> StdioServerParameters:
    return StdioServerParameters(
        command=sys.executable, args=["-m", "bimikit", "mcp", "--folder", str(folder), "--no-live"]
    )


def test_an_assistant_starts_the_command_and_has_a_logo_judged(folder: Path) -> None:
    async def talk() -> None:
        async with Client(command_for(folder)) as client:
            tools = (await client.list_tools()).tools
            assert {tool.name for tool in tools} == OFFLINE
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


@pytest.mark.parametrize(
    ("text", "logo", "ok"),
    [
        ("select = ['cert.']", "untitled.svg", False),
        ("select = ['svg.desc']", "untitled.svg", True),
        ("require = ['revocation']", "logo.svg", True),
    ],
)
def test_tools_follow_a_configuration_as_the_command_line_does(folder: Path, text: str, logo: str, ok: bool) -> None:
    (folder / "bimikit.toml").write_text(text, encoding="utf-8")
    told = asked(server(folder, load(folder)), "check_svg", logo=logo).structured_content
    assert told is not None
    assert (told["ok"], told["complete"]) == (ok, True)


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
        ("repair_svg", {"logo": "logo.svg", "output": "no\0.svg"}, "can't be written"),
        ("repair_svg", {"logo": "logo.svg", "output": "a" * 300 + ".svg"}, "File name too long"),
        ("repair_svg", {"logo": "logo.svg", "background": "no colour"}, "colour"),
        ("repair_svg", {"logo": "logo.svg", "allow": ["everything"]}, "everything"),
        ("explain_rule", {"rule": "svg.titel"}, "there is no rule 'svg.titel'. Did you mean 'svg.title"),
        ("check_svg", {"logo": ""}, "logo is empty: give the path of an SVG file, or the SVG text itself"),
        ("check_publication", {"domain": "a.example", "logo": ""}, "logo is empty"),
        ("check_publication", {"domain": "a.example", "dmarc": "dns/a.zone"}, "'dns/a.zone' is a path, not a record"),
        ("check_publication", {"domain": "a.example", "record": "logo.svg"}, "'logo.svg' is a path, not a record"),
        ("check_publication", {"dmarc": "v=DMARC1; p=none"}, "for which domain"),
        ("check_publication", {}, "names no publications"),
        ("verify_publication", {}, "names no publications"),
        ("check_expiry", {}, "names no publications"),
        ("check_certificate", {"certificate": "vmc.pem", "at": "soon"}, "'soon' is no date"),
        ("check_certificate", {"certificate": "vmc.pem", "at": "2028-01-01T09:00"}, "with its zone"),
        ("check_svg", {"logo": "logo.svg", "providers": ["gmial"]}, "Did you mean 'gmail'?"),
        ("check_certificates", {}, "no tool 'check_certificates'. Did you mean 'check_certificate'?"),
    ],
)
def test_what_cannot_be_done_is_an_error_in_words(folder: Path, tool: str, arguments: Any, says: str) -> None:
    (folder / "link.svg").symlink_to("/etc/passwd")
    if arguments.get("output") == "../out.svg":
        arguments = {**arguments, "logo": "untitled.svg"}
    result = asked(server(folder), tool, **arguments)
    assert result.is_error
    assert says in words(result)


@pytest.mark.parametrize(
    ("arguments", "english", "japanese"),
    [
        ({"background": "mauvish"}, "'mauvish' is no opaque colour", "'mauvish'は不透明な色ではありません"),
        ({"title": " "}, "the title is empty", "タイトルが空です"),
        ({"desc": "a\x07b"}, "the description has characters", "説明に、表示できない文字があります"),
        ({"allow": ["txt"]}, "Did you mean 'text'?", "変更の種類'txt'はありません"),
    ],
)
def test_what_no_repair_can_follow_is_told_in_the_language_asked_for(
    folder: Path, arguments: dict[str, Any], english: str, japanese: str
) -> None:
    for lang, expected in (("en", english), ("ja", japanese)):
        result = asked(server(folder), "repair_svg", logo="untitled.svg", lang=lang, **arguments)
        assert result.is_error
        assert expected in words(result)


@pytest.mark.parametrize(
    "output",
    ["bimikit.toml", "pyproject.toml", "new", "new.svgz", "zone.svg", "link.svg", "out.svg", "logo.svg", "fifo.svg"],
)
def test_nothing_but_a_new_svg_file_is_written(folder: Path, output: str) -> None:
    outside = folder.parent / f"{folder.name}-outside.svg"
    folder.joinpath("b.toml").write_text("[[publications]]\ndomain = 'example.com'\nzone = 'zone.svg'\n")
    folder.joinpath("link.svg").symlink_to("new.toml")
    folder.joinpath("out.svg").symlink_to(outside)
    os.mkfifo(folder / "fifo.svg")
    before = sorted(folder.iterdir())
    result = asked(server(folder, load(folder / "b.toml")), "repair_svg", logo="untitled.svg", output=output)
    assert result.is_error
    assert sorted(folder.iterdir()) == before
    assert (folder / "logo.svg").read_bytes() == LOGO
    assert not outside.exists()


def test_the_logo_that_the_configuration_lacks_may_be_written(folder: Path) -> None:
    folder.joinpath("bimikit.toml").write_text("[[publications]]\ndomain = 'example.com'\nlogo = 'new.svg'\n")
    assert not asked(server(folder, load(folder)), "repair_svg", logo="untitled.svg", output="new.svg").is_error
    assert (folder / "new.svg").exists()


HOSTILE = {
    "fifo": "no regular file",
    "directory": "Is a directory",
    "device": "outside",
    "circle": "Too many levels of symbolic links",
    "link": "outside",
    "nu\0l": "null",
    "logo.svg/x": "Not a directory",
    "a/" * 5000: "File name too long",
}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files")
def test_no_file_stops_the_server(folder: Path) -> None:
    os.mkfifo(folder / "fifo")
    (folder / "directory").mkdir()
    (folder / "device").symlink_to("/dev/zero")
    (folder / "circle").symlink_to("circle")
    (folder / "link").symlink_to("/etc/passwd")
    with (folder / "huge.svg").open("wb") as huge:
        huge.truncate(8 << 30)

    async def talk() -> None:
        async with Client(command_for(folder)) as client:

            async def call(tool: str, **arguments: Any) -> CallToolResult:
                result = await client.call_tool(tool, arguments)
                assert isinstance(result, CallToolResult)
                return result

            for name, says in HOSTILE.items():
                for tool, arguments in (
                    ("check_svg", {"logo": name}),
                    ("check_certificate", {"certificate": "vmc.pem", "crls": [name]}),
                    ("check_publication", {"domain": "example.com", "certificate": name}),
                    ("check_expiry", {"certificates": [name]}),
                    ("repair_svg", {"logo": "logo.svg", "fonts": [name]}),
                ):
                    result = await call(tool, **arguments)
                    assert result.is_error, (tool, name)
                    assert says in words(result), (tool, name)
            large = await call("check_svg", logo="huge.svg")
            assert large.structured_content is not None
            assert not large.structured_content["ok"]
            many = await asyncio.gather(
                *(call("check_publication", crls=["fifo"]) for _ in range(45)),
                *(call("check_svg", logo="logo.svg") for _ in range(60)),
            )
            assert [one.is_error for one in many] == [True] * 45 + [False] * 60
            begun = time.monotonic()
            assert not (await call("explain_rule", rule="svg.title-missing")).is_error
            assert time.monotonic() - begun < 2

    asyncio.run(talk())


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such names")
def test_a_name_that_utf_8_lacks_ends_no_server(tmp_path: Path) -> None:
    folder = tmp_path / os.fsdecode(b"\xff")
    folder.mkdir()
    (folder / "bimikit.toml").write_text("[[publications]]\ndomain = 'example.com'\nlogo = 'logo.svg'\n")
    (folder / "logo.svg").write_bytes(LOGO)

    async def talk() -> None:
        async with Client(command_for(folder)) as client:
            for tool, arguments, says in (
                ("check_svg", {"logo": "../logo.svg"}, "\\udcff"),
                ("check_publication", {}, "example.com"),
            ):
                result = await client.call_tool(tool, arguments)
                assert isinstance(result, CallToolResult)
                assert says in words(result)

    asyncio.run(talk())


REQUEST = '{"jsonrpc":"2.0","id":%s,"method":"tools/call","params":{"name":"explain_rule","arguments":{"rule":"%s"}}}'
NO_MESSAGES = {
    "no JSON": ("{bad", None, -32700),
    "half a character": (REQUEST % (7, "\\ud800"), 7, -32700),
    "half a character in the id": (REQUEST % ('"\\ud800"', "svg."), None, -32700),
    "too deep": ("[" * 100_000, None, -32700),
    "no method": ('{"jsonrpc":"2.0","id":"eight"}', "eight", -32600),
    "a batch": ("[1]", None, -32600),
}


def test_what_is_no_message_is_answered_and_the_server_lives_on(folder: Path) -> None:
    opening = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "a test", "version": "1"}}
    lines = [
        *(line for line, _, _ in NO_MESSAGES.values()),
        "",
        json.dumps({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": opening}),
        json.dumps({"jsonrpc": "2.0", "method": "notifications/initialized"}),
        *(line for line, _, _ in NO_MESSAGES.values()),
        "",
        REQUEST % (2, "svg.title-missing"),
    ]
    command = command_for(folder)
    with subprocess.Popen(
        [command.command, *command.args], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write("".join(f"{line}\n" for line in lines))
        process.stdin.flush()
        answers = []
        while not answers or answers[-1]["id"] != 2:
            answers.append(json.loads(process.stdout.readline()))
        process.stdin.close()
        assert process.wait(10) == 0
    errors = [(one["id"], one["error"]["code"]) for one in answers if "error" in one]
    assert errors == [(number, code) for _, number, code in NO_MESSAGES.values()] * 2
    assert not answers[-1]["result"].get("isError")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps a folder that is in use")
def test_where_the_current_folder_is_gone_the_command_says_so(tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    script = f"import os; os.rmdir({str(gone)!r}); from bimikit.cli import main; main(['mcp'])"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=gone, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True,
        text=True, check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert done.returncode == 2, done.stderr
    assert done.stderr == "bimikit: can't read .: No such file or directory\n"


def test_the_configuration_is_read_again_for_every_call(folder: Path) -> None:
    made = server(folder, load(folder))
    assert asked(made, "check_publication").is_error
    (folder / "bimikit.toml").write_text(CONFIGURED, encoding="utf-8")
    told = asked(made, "check_publication", at="2026-11-25").structured_content
    assert told is not None
    assert len(told["reports"]) == 2
    (folder / "bimikit.toml").write_text("providers = ['gmial']", encoding="utf-8")
    result = asked(made, "check_svg", logo="logo.svg")
    assert result.is_error
    assert "gmial" in words(result)


# threads


def test_work_that_hangs_is_given_up_and_its_place_is_given_to_the_next() -> None:
    done = Event()

    async def work() -> None:
        threads = Threads(longest=0.2)
        for _ in range(2):
            hanging = [asyncio.ensure_future(threads.run(done.wait)) for _ in range(AT_ONCE)]
            waiting = asyncio.ensure_future(threads.run(done.wait))
            for one in [*hanging, waiting]:
                with pytest.raises(TooLong):
                    await one
        assert await threads.run(lambda: "answer") == "answer"

    try:
        asyncio.run(work())
    finally:
        done.set()


def test_a_cancelled_call_gives_up_its_place_until_threads_are_out() -> None:
    done = Event()

    async def work() -> None:
        threads = Threads()
        for _ in range(MOST // AT_ONCE):
            hanging = [asyncio.ensure_future(threads.run(done.wait)) for _ in range(AT_ONCE)]
            await asyncio.sleep(0.05)
            for one in hanging:
                one.cancel()
            await asyncio.wait(hanging)
        with pytest.raises(Busy):
            await threads.run(lambda: None)
        done.set()
        await asyncio.sleep(0.2)
        with pytest.raises(ZeroDivisionError):
            await threads.run(lambda: 1 // 0)
        assert await threads.run(lambda: "answer") == "answer"

    try:
        asyncio.run(work())
    finally:
        done.set()


WRONG_CALLS: dict[str, tuple[str, dict[str, Any], str, str]] = {
    "unknown": (
        "check_certificate",
        {"certificate": "vmc.pem", "crl": "a.crl"},
        "Did you mean 'crls'? It takes certificate, domain, selector, logo, crls, at, providers, lang.",
        "check_certificateに引数'crl'はありません。もしかして'crls'ですか。指定できるのはcertificate, domain,",
    ),
    "missing": (
        "check_svg",
        {},
        "check_svg needs logo. It takes logo, providers, lang.",
        "check_svgにはlogoが必要です。",
    ),
    "no text": ("check_svg", {"logo": 5}, "logo takes a text, not 5", "logoには文字列を指定してください"),
    "no list": (
        "repair_svg",
        {"logo": "logo.svg", "allow": "text"},
        "allow takes a list of texts, such as [\"…\"], not 'text'",
        'allowには["…"]のような文字列のリスト',
    ),
    "too many": (
        "check_certificate",
        {"certificate": "vmc.pem", "crls": ["a.crl"] * 13},
        'crls takes a list of texts, such as ["…"], of 12 at the most',
        "（12個まで）",
    ),
    "no flag": ("check_domain", {"domain": "a.example", "fetch": "perhaps"}, "fetch takes true or false", "true"),
    "no number": ("check_expiry", {"days": -1}, "days takes a whole number from 0 to 36500, not -1", "36500までの整数"),
}


@pytest.mark.parametrize(("tool", "arguments", "english", "japanese"), WRONG_CALLS.values(), ids=WRONG_CALLS)
def test_a_wrong_argument_is_told_in_a_sentence_in_the_language_asked_for(
    folder: Path, tool: str, arguments: dict[str, Any], english: str, japanese: str
) -> None:
    for lang, expected in (("en", english), ("ja", japanese)):
        result = asked(server(folder), tool, **arguments, lang=lang)
        assert result.is_error
        told = words(result)
        assert expected in told
        assert len(told.splitlines()) == 1
        assert "pydantic" not in told
        assert "Error executing" not in told


def test_no_language_that_is_not_there_is_taken(folder: Path) -> None:
    told = words(asked(server(folder), "check_svg", logo="logo.svg", lang="fr"))
    assert told == "lang takes one of 'en', 'ja', not 'fr'"


def listed(made: Any) -> dict[str, dict[str, Any]]:
    async def ask() -> dict[str, dict[str, Any]]:
        async with Client(made) as client:
            return {tool.name: tool.input_schema for tool in (await client.list_tools()).tools}

    return asyncio.run(ask())


def test_every_tool_forbids_what_it_does_not_know(folder: Path) -> None:
    schemas = listed(server(folder))
    assert set(schemas) == TOOLS
    for name, schema in schemas.items():
        assert schema["additionalProperties"] is False
        assert all("description" in one for one in schema["properties"].values()), name


def test_the_guide_lists_every_tool_with_its_parameters(folder: Path) -> None:
    guide = (ROOT / "docs" / "mcp.md").read_text(encoding="utf-8")
    rows = [line.split("|")[1:4] for line in guide.splitlines() if line.startswith("| `") and line.count("|") == 4]
    told = {re.findall(r"`(\w+)`", name)[0]: re.findall(r"`(\w+)`", parameters) for name, parameters, _ in rows}
    known = {name: list(schema["properties"]) for name, schema in listed(server(folder)).items()}
    assert told == {name: [one for one in parameters if one != "lang"] for name, parameters in known.items()}
    required = {
        re.findall(r"`(\w+)`", name)[0]: re.findall(r"\*\*`(\w+)`\*\*", parameters) for name, parameters, _ in rows
    }
    assert required == {name: schema.get("required", []) for name, schema in listed(server(folder)).items()}


@pytest.mark.parametrize("live", [True, False])
def test_the_instructions_name_tools_that_are_there(folder: Path, live: bool) -> None:
    async def ask() -> str:
        async with Client(server(folder, live=live)) as client:
            return client.instructions or ""

    told = asyncio.run(ask())
    there = TOOLS if live else OFFLINE
    named = set(re.findall(r"\b[a-z]+_[a-z_]+\b", told))
    assert "check_publication" in named
    assert named <= there


def test_a_certificate_is_judged_as_of_the_day_that_was_asked_about(folder: Path) -> None:
    made = server(folder, load(folder))
    ask = {"certificate": "vmc.pem", "crls": []}
    told = asked(made, "check_certificate", at="2026-11-25", **ask).structured_content
    later = asked(made, "check_certificate", at="2028-01-01", **ask).structured_content
    assert told is not None
    assert later is not None
    rules = {one["rule"] for one in later["findings"]}
    assert (told["ok"], later["ok"], "cert.expired" in rules) == (True, False, True)


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_what_helps_is_told_by_the_names_of_parameters(folder: Path, lang: str) -> None:
    logo = UNTITLED.replace(b"</svg>", b'<text x="1" y="9" font-family="Nope">A</text></svg>').decode()
    made = server(folder)
    told = "\n".join(
        words(result)
        for result in (
            asked(made, "check_certificate", certificate="vmc.pem", lang=lang),
            asked(made, "check_publication", domain="example.com", lang=lang),
            asked(made, "repair_svg", logo=logo, lang=lang),
        )
    )
    squeezed = " ".join(told.split())
    label = "with these tools" if lang == "en" else "このツールでは"
    assert f"= {label}: record" in told
    assert f"= {label}: [trust] roots" in told
    assert 'allow=["text"]' in squeezed
    assert not re.search(r"(?<![\w!<-])--[a-z]|on the command line|コマンドライン", told, re.ASCII)


def test_every_parameter_that_is_said_to_help_is_one(folder: Path) -> None:
    schemas = listed(server(folder))
    of_kind = {"certificate": "check_certificate", "publication": "check_publication", "domain": "check_domain",
               "verification": "verify_publication", REPAIR: "repair_svg", "appearance": "check_svg"}  # fmt: skip
    keys = {
        f"[{table}] {field}"
        for table, struct in (("trust", Trust), ("network", Network))
        for field in struct.__struct_encode_fields__
    }
    for (kind, _), options in PARAMETERS.items():
        for option in options:
            if option in keys or option in schemas:
                continue
            tool, _, rest = option.rpartition(": ")
            parameters = schemas[tool or of_kind[kind]]["properties"]
            assert {one.partition("=")[0] for one in rest.split(", ")} <= set(parameters), option


CONFIGURED = """
providers = ["gmail", "apple"]
[trust]
roots = ['root.pem']
ct-logs = ['log.pem']
[[publications]]
domain = "example.com"
logo = "logo.svg"
certificate = "vmc.pem"
dmarc = "v=DMARC1; p=reject"
record = "v=BIMI1; l=https://www.example.com/logo.svg; a=https://www.example.com/vmc.pem"
[[publications]]
domain = "example.net"
logo = "logo.svg"
providers = ["fastmail"]
dmarc = "v=DMARC1; p=reject"
record = "v=BIMI1; l=https://www.example.net/logo.svg"
"""


def test_without_arguments_the_publications_of_the_configuration_are_judged_for_its_providers(folder: Path) -> None:
    (folder / "bimikit.toml").write_text(CONFIGURED, encoding="utf-8")
    made = server(folder, load(folder))
    told = asked(made, "check_publication", at="2026-11-25").structured_content
    assert told is not None
    assert [set(one["verdicts"]) for one in told["reports"]] == [{"gmail", "apple"}, {"fastmail"}]
    for report in told["reports"]:
        jsonschema.validate(report, bimikit.report_schema())
    told = asked(made, "check_svg", logo="logo.svg").structured_content
    assert told is not None
    assert set(told["verdicts"]) == {"gmail", "apple"}
    told = asked(made, "check_svg", logo="logo.svg", providers=["iCloud"]).structured_content
    assert told is not None
    assert set(told["verdicts"]) == {"apple"}


def test_the_configuration_is_looked_for_in_the_folder_and_not_where_the_assistant_runs(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    (folder / "bimikit.toml").write_text(CONFIGURED + "\n", encoding="utf-8")
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    command = ["-m", "bimikit", "mcp", "--folder", str(folder), "--no-live"]
    target = StdioServerParameters(command=sys.executable, args=command, cwd=elsewhere)
    told = asked(target, "check_publication", at="2026-11-25").structured_content
    assert told is not None
    assert len(told["reports"]) == 2


def test_the_ends_of_certificate_files_are_told(folder: Path) -> None:
    (folder / "bimikit.toml").write_text(CONFIGURED, encoding="utf-8")
    made = server(folder, load(folder))
    for arguments in ({}, {"certificates": ["vmc.pem"]}):
        result = asked(made, "check_expiry", at="2026-11-25", **arguments)
        assert result.structured_content is not None
        assert result.structured_content["subject"] == "vmc.pem"
        assert result.structured_content["ok"]
        assert "example.com" in words(result)
    late = asked(made, "check_expiry", at="2026-11-25", days=400, certificates=["vmc.pem"]).structured_content
    assert late is not None
    assert not late["ok"]
    assert asked(made, "check_expiry", certificates=["../x.pem"]).is_error


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


def test_what_is_published_is_compared_and_its_certificate_watched(world: World, folder: Path) -> None:
    (folder / "root.pem").write_bytes(world.ca.root_pem)
    (folder / "log.pem").write_bytes(world.ca.log_pem)
    (folder / "vmc.pem").write_bytes(world.certificate.pem)
    record = world.record()
    (folder / "bimikit.toml").write_text(
        f"[trust]\nroots = ['root.pem']\nct-logs = ['log.pem']\n[network]\nresolver = '127.0.0.1:{world.zone.port}'\n"
        f"allow-networks = ['127.0.0.0/8']\nca-bundle = {str(world.web.ca_bundle)!r}\n"
        f"[[publications]]\ndomain = 'example.com'\nlogo = 'logo.svg'\ncertificate = 'vmc.pem'\n"
        f"dmarc = '{DMARC}'\nrecord = '{record}'\n",
        encoding="utf-8",
    )
    made = server(folder, load(folder))
    told = asked(made, "verify_publication", domain="Example.com", at="2026-11-25").structured_content
    assert told is not None
    assert (told["kind"], told["ok"]) == ("verification", True)
    (folder / "logo.svg").write_bytes(UNTITLED)
    told = asked(made, "verify_publication").structured_content
    assert told is not None
    assert not told["ok"]
    assert "Did you mean 'example.com'?" in words(asked(made, "verify_publication", domain="exmple.com"))
    for arguments in ({}, {"domains": ["example.com"]}):
        told = asked(made, "check_hosted_expiry", at="2026-11-25", **arguments).structured_content
        assert told is not None
        assert (told["kind"], told["ok"], told["subject"]) == ("expiry", True, "example.com")
