"""The portal follows a configuration as the command line does: what counts of it, what wins over it, what is wrong."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from portal_world import NO_RATES, portal
from support import AT
from test_config import written
from test_domain import World
from test_portal_pages import headline, read

from bimikit.cli import main
from bimikit.config import ConfigError, load
from bimikit.locale import words_of
from bimikit.testing import LOGO, MarkCA, Web, Zone
from webapp import create_app
from webapp.settings import Settings, read_settings

CA, OTHER = MarkCA(at=AT), MarkCA(at=AT - timedelta(days=400))
OTHER_LOG = Ed25519PrivateKey.generate().public_key()
EN, JA = (words_of("cli_words", lang) for lang in ("en", "ja"))
NETWORK = """
[network]
resolver = "192.0.2.53"
dns-timeout = 1.5
timeout = 2.5
allow-networks = ["10.0.0.0/8"]
proxy = "http://proxy.example:3128"
"""
OF_REPOSITORIES = """
select = ["cert."]
providers = ["gmail"]
days-left = 9
require = ["revocation"]

[[publications]]
domain = "example.com"
logo = "not/here"
"""


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder without a configuration, and an environment that says nothing."""
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    monkeypatch.setenv("LC_ALL", "C")
    for name in os.environ:
        if name.startswith("BIMIKIT_PORTAL_"):
            monkeypatch.delenv(name)


def set_up(settings: Settings) -> dict[str, Any]:
    """What a configuration can say."""
    policy = settings.policy
    return {
        "resolver": settings.resolver,
        "dns-timeout": settings.dns_timeout,
        "timeout": policy.timeout,
        "allow-networks": policy.allow_networks,
        "proxy": policy.proxy,
        "lang": settings.lang,
    }


USUAL = set_up(Settings())
OF_FILE = {
    "resolver": "192.0.2.53",
    "dns-timeout": 1.5,
    "timeout": 2.5,
    "allow-networks": ("10.0.0.0/8",),
    "proxy": "http://proxy.example:3128",
}


@pytest.mark.parametrize(
    ("text", "environment", "code", "differs"),
    [
        ("", {}, {}, {}),
        (NETWORK, {}, {}, OF_FILE),
        ("lang = 'ja'", {}, {}, {"lang": "ja"}),
        ("lang = 'ja'", {"LANG": "en"}, {}, {}),
        ("lang = 'ja'", {}, {"LANG": "en"}, {}),
        (NETWORK, {"RESOLVER": "192.0.2.1"}, {}, {**OF_FILE, "resolver": "192.0.2.1"}),
        (NETWORK, {"RESOLVER": "192.0.2.1"}, {"RESOLVER": "192.0.2.2"}, {**OF_FILE, "resolver": "192.0.2.2"}),
        (NETWORK, {"DNS_TIMEOUT": "3"}, {}, {**OF_FILE, "dns-timeout": 3.0}),
        (NETWORK, {"TIMEOUT": "4"}, {}, {**OF_FILE, "timeout": 4.0}),
        (NETWORK, {"TIMEOUT": "4"}, {"TIMEOUT": 5}, {**OF_FILE, "timeout": 5}),
        (NETWORK, {"TIMEOUT": ""}, {}, OF_FILE),
        (NETWORK, {"ALLOW_NETWORKS": "10.1.0.0/16, 10.2.0.0/16"}, {},
         {**OF_FILE, "allow-networks": ("10.1.0.0/16", "10.2.0.0/16")}),
        (NETWORK, {}, {"ALLOW_NETWORKS": ["10.1.0.0/16"]}, {**OF_FILE, "allow-networks": ("10.1.0.0/16",)}),
        (NETWORK, {"PROXY": "http://192.0.2.9:1"}, {}, {**OF_FILE, "proxy": "http://192.0.2.9:1"}),
        (OF_REPOSITORIES, {}, {}, {}),
    ],
)  # fmt: skip
def test_what_is_set_wins_over_the_file_and_the_file_over_what_is_usual(
    tmp_path: Path, text: str, environment: dict[str, str], code: dict[str, Any], differs: dict[str, Any]
) -> None:
    file = written(tmp_path / "etc", text)
    variables = {f"BIMIKIT_PORTAL_{name}": value for name, value in environment.items()}
    by_code = read_settings({"CONFIG": str(file), **code}, variables)
    by_environment = read_settings(code, {"BIMIKIT_PORTAL_CONFIG": str(file), **variables})
    by_object = read_settings({"CONFIG": load(file), **code}, variables)
    for settings in (by_code, by_environment, by_object):
        assert set_up(settings) == {**USUAL, **differs}
        assert settings.trust is None


def test_a_file_named_in_code_is_followed_rather_than_that_of_the_environment(tmp_path: Path) -> None:
    one, other = written(tmp_path / "one", "lang = 'ja'"), written(tmp_path / "other", NETWORK)
    settings = read_settings({"CONFIG": one}, {"BIMIKIT_PORTAL_CONFIG": str(other)})
    assert set_up(settings) == {**USUAL, "lang": "ja"}


def trusting(folder: Path) -> Path:
    """A configuration that trusts one authority; the files of another are beside it."""
    (folder / "ca").mkdir(parents=True)
    other_log = OTHER_LOG.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    files = {"root": CA.root_pem, "log": CA.log_pem, "root 2": OTHER.root_pem, "log 2": other_log}
    for name, data in files.items():
        (folder / "ca" / f"{name}.pem").write_bytes(data)
    return written(folder, "[trust]\nroots = ['ca/root.pem']\nct-logs = ['ca/log.pem']")


@pytest.mark.parametrize("way", ["code", "environment"])
def test_further_roots_and_logs_are_trusted_beside_those_of_the_file(tmp_path: Path, way: str) -> None:
    file = trusting(tmp_path / "etc")
    more = {"ROOTS": [file.parent / "ca/root 2.pem"], "CT_LOGS": [file.parent / "ca/log 2.pem"]}
    text = {f"BIMIKIT_PORTAL_{name}": os.pathsep.join(map(str, paths)) for name, paths in more.items()}
    alone = read_settings({"CONFIG": file}, {}).trust
    both = read_settings({"CONFIG": file, **more}, {}) if way == "code" else read_settings({"CONFIG": file}, text)
    without = read_settings(more, {}) if way == "code" else read_settings({}, text)
    assert alone is not None
    assert both.trust is not None
    assert without.trust is not None
    trusted = [[root.der for root in store.roots] for store in (alone, both.trust, without.trust)]
    first, second = CA.trust.roots[0].der, OTHER.trust.roots[0].der
    assert [first in one for one in trusted] == [True, True, False]
    assert [second in one for one in trusted] == [False, True, True]
    log = OTHER_LOG.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    keys = [[one.key for one in store.ct_logs] for store in (alone, both.trust, without.trust)]
    assert [log in one for one in keys] == [False, True, True]


# what is wrong


def asked(*arguments: str, **environment: str) -> Result:
    """The command; nothing can listen at this address, so that it ends."""
    return CliRunner().invoke(main, ["portal", "--host", "192.0.2.1", "--port", "0", *arguments], env=environment)


MISTAKES = [
    ("selct = []", "selct: there is no such key. Did you mean select?"),
    ("[network]\nresolver = 'here'", "network.resolver: 'here' is no address of a resolver"),
    ("[network]\nallow-networks = ['x']", "network: 'x' does not appear"),
    ("[network]\nproxy = 'x'", "network: proxy must be"),
    ("providers = ['gmial']", "providers: no such mailbox provider"),  # though it doesn't count here
    ("lang = 'fr'", "lang: "),
    ("lang = [", "it is not valid TOML"),
    ("[trust]\nroots = ['no.pem']", "trust.roots[0]: no.pem can't be used: No such file or directory"),
    ("[trust]\nct-logs = ['bimikit.toml']", "trust.ct-logs[0]: bimikit.toml can't be used: a log's key must be"),
    ("[network]\nca-bundle = 'no.pem'", "network.ca-bundle: no.pem can't be used: No such file or directory"),
    ("[network]\nca-bundle = 'bimikit.toml'", "network.ca-bundle: bimikit.toml can't be used: "),
]


@pytest.mark.parametrize(("text", "says"), MISTAKES)
def test_a_mistake_in_the_file_ends_the_start_with_file_and_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, says: str
) -> None:
    file = written(tmp_path / "etc", text)
    with pytest.raises(ConfigError) as caught:
        create_app({"CONFIG": file})
    assert str(caught.value).startswith(f"{file}: {says}")
    for lang in ("en", "ja"):
        done = asked("--config", str(file), "--lang", lang)
        assert (done.exit_code, done.stderr) == (2, f"bimikit: {' '.join(caught.value.told(lang).split())}\n")
    assert asked(BIMIKIT_PORTAL_CONFIG=str(file)).stderr == asked("--config", str(file)).stderr
    monkeypatch.setenv("BIMIKIT_PORTAL_CONFIG", str(file))
    with pytest.raises(ConfigError):
        create_app()


@pytest.mark.parametrize("text", [text for text, _says in MISTAKES[:7]])
def test_other_commands_tell_the_same_mistake_in_the_same_words(tmp_path: Path, text: str) -> None:
    file = written(tmp_path / "etc", text)
    (tmp_path / "logo.svg").write_bytes(LOGO)
    other = CliRunner().invoke(main, ["svg", str(tmp_path / "logo.svg"), "--config", str(file)])
    mine = asked("--config", str(file))
    assert (mine.exit_code, mine.stderr) == (other.exit_code, other.stderr) == (2, mine.stderr)


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("DNS_TIMEOUT", "0", "dns_timeout must be above 0"),
        ("DNS_TIMEOUT", "nan", "dns_timeout must be above 0"),
        ("PLAN_TOKEN", " ", "plan_token must neither begin nor end with a blank"),
        ("METRICS_TOKEN", "secret ", "metrics_token must neither begin nor end with a blank"),
        ("TIMEOUT", "soon", "BIMIKIT_PORTAL_TIMEOUT='soon' makes no sense"),
        ("TIMEOUT", "0", "timeout must be a number of seconds above 0"),
        ("LANG", "fr", "BIMIKIT_PORTAL_LANG='fr' makes no sense"),
        ("CA_BUNDLE", "no.pem", "ca_bundle: no.pem can't be used: No such file"),
        ("ROOTS", "no.pem", "roots: no.pem can't be used: No such file"),
        ("CT_LOGS", "no.pem", "ct_logs: no.pem can't be used: No such file"),
    ],
)
def test_a_variable_that_makes_no_sense_is_told(
    name: str, value: str, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"BIMIKIT_PORTAL_{name}", value)
    with pytest.raises(ValueError, match=r"\S") as caught:
        create_app()
    assert str(caught.value).startswith(says)
    done = asked()
    assert done.exit_code == 2
    assert isinstance(done.exception, SystemExit)
    assert "can't be served" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "en", "ja"),
    [
        (["--resolver", "me"], "no IP address", "IPアドレスではありません"),
        (["--dns-timeout", "0"], "must be above 0", "0より大きく"),
        (["--timeout", "nan"], "must be above 0", "0より大きく"),
        (["--roots", __file__], f"--roots: {__file__}: ", f"{__file__}："),
    ],
)
def test_an_option_that_makes_no_sense_is_told_as_by_other_commands(arguments: list[str], en: str, ja: str) -> None:
    for lang, says in (("en", en), ("ja", ja)):
        done = asked("--lang", lang, *arguments)
        assert done.exit_code == 2
        assert says in " ".join(done.stderr.split())


# where it is found


def test_a_configuration_that_nobody_named_is_not_followed_and_the_command_says_so(tmp_path: Path) -> None:
    assert asked().stderr.startswith("bimikit: the portal can't be served at 192.0.2.1")
    file = written(tmp_path / "here", f"lang = 'ja'\n{NETWORK}")
    assert set_up(read_settings(None, {})) == USUAL
    with portal() as app:
        assert set_up(app.extensions["bimikit"].settings) == USUAL
    first, second = asked().stderr.splitlines()
    assert first == f"bimikit: {EN['portal.not-followed'].format(file=file)}"
    assert second.startswith("bimikit: the portal can't be served")
    (alone,) = asked("--config", str(file)).stderr.splitlines()
    assert alone.startswith(
        f"bimikit: {JA['portal.no-address'].partition('{reason}')[0].format(host='192.0.2.1', port=0)}"
    )
    written(tmp_path / "here", "nonsense")  # a mistake in what isn't followed is nobody's concern
    assert asked().exit_code == 2


# what comes of it


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with Web(("www.example.com",)) as web, Zone() as zone:
        yield World(web, zone)


def test_live_checks_ask_and_trust_as_the_file_says(world: World, tmp_path: Path) -> None:
    network = (
        f"[network]\nresolver = '127.0.0.1:{world.zone.port}'\ndns-timeout = 2\ntimeout = 2\n"
        f"ca-bundle = '{world.web.ca_bundle}'\n"
    )
    trust = "[trust]\nroots = ['root.pem']\nct-logs = ['log.pem']\n"
    allowed = "allow-networks = ['127.0.0.0/8']\n"
    (tmp_path / "root.pem").write_bytes(world.ca.root_pem)
    (tmp_path / "log.pem").write_bytes(world.ca.log_pem)
    told = {}
    for name, text in {
        "all": network + allowed + trust,
        "nobody": network + allowed,
        "nowhere": network + trust,
    }.items():
        with portal(CONFIG=written(tmp_path, text, f"{name}.toml")) as app:
            answer = app.test_client().post("/check", data={"domain": "example.com", "look_up": "yes"})
        told[name] = headline(read(answer))
    assert told["all"] == "Ready to show"
    assert "Ready to show" not in (told["nobody"], told["nowhere"])


def test_the_language_of_the_file_is_for_those_who_ask_for_none_that_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BIMIKIT_PORTAL_CONFIG", str(written(tmp_path / "etc", "lang = 'ja'")))
    with portal(RATES=NO_RATES) as app:
        client = app.test_client()

        def langs(header: dict[str, str], **query: str) -> tuple[str, str]:
            page = client.get("/", headers=header, query_string=query)
            problem = client.post("/api/v1/check", json={}, headers=header, query_string=query)
            return read(page).get("lang"), problem.headers["Content-Language"]

        assert langs({}) == ("ja", "ja")
        assert langs({"Accept-Language": "de, fr;q=0.5"}) == ("ja", "ja")
        assert langs({"Accept-Language": "en-GB"}) == ("en", "en")
        assert langs({"Accept-Language": "de"}, lang="en") == ("en", "en")
