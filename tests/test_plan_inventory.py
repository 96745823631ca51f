"""The inventory: what it may say, and that whatever is wrong with it is told with its line, all of it at once."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bimikit import BimikitError
from bimikit.plan import Inventory, InventoryError, Listed, read_inventory
from bimikit.plan.inventory import MAX_BYTES
from bimikit.plan.lines import lines_of

WHOLE = """\
# ours
[inventory]
organization = "Kaori Tea"
scan = "scan.jsonl"
store = "postgresql://dmarc@db.example/dmarc"
decisions = "decisions.toml"
reports-to = [
  "mailto:dmarc@kaori.example",  # ours
  "mailto:x@vendor.example",
  "mailto:dmarc@kaori.example",
]

[[domain]]
name = "Kaori.Example."
goal = "logo"
owner = "Marketing"
logo = "https://www.kaori.example/logo.svg"
certificate = "https://www.kaori.example/vmc.pem"
selector = "spring"
dkim = ["s1", "s2"]
note = '''
[[domain]]
name = "not this one"
'''

[[domain]]
name = "香り.example"

[[domain]]
name = "old.example"
goal = "locked"
declines = true
"""


def test_an_inventory_says_which_domains_there_are_and_where_the_rest_is() -> None:
    found = read_inventory(WHOLE.encode())
    assert found == Inventory(
        organization="Kaori Tea",
        scan="scan.jsonl",
        store="postgresql://dmarc@db.example/dmarc",
        decisions="decisions.toml",
        reports_to=("mailto:dmarc@kaori.example", "mailto:x@vendor.example"),
        domains=(
            Listed(
                name="kaori.example", goal="logo", owner="Marketing", logo="https://www.kaori.example/logo.svg",
                certificate="https://www.kaori.example/vmc.pem", selector="spring", dkim=("s1", "s2"),
                note='[[domain]]\nname = "not this one"\n', line=13,
            ),
            Listed(name=found.domains[1].name, line=26),
            Listed(name="old.example", goal="locked", declines=True, line=29),
        ),
    )  # fmt: skip
    assert found.domains[1].name.startswith("xn--")


@pytest.mark.parametrize("start", [b"\xef\xbb\xbf", b""])
@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_it_is_read_as_editors_write_it(start: bytes, end: bytes) -> None:
    data = start + b'[[domain]]\nname = "a.example"\n'.replace(b"\n", end)
    assert read_inventory(data) == Inventory(domains=(Listed(name="a.example", line=1),))


HEAD = '[[domain]]\nname = "a.example"\n'
LONG = f"{'.'.join(['a' * 60] * 3)}.{'b' * 49}.example"
FAULTS: dict[str, tuple[str, list[tuple[int, str, str]], str, str]] = {
    "no domains": ('[inventory]\norganization = "x"\n', [(0, "", "no-domains")], "[[domain]]", "[[domain]]"),
    "an unknown table": (f"{HEAD}[inventry]\nx = 1\n", [(3, "inventry", "unknown-key")], "Did you mean inventory?", "inventory"),
    "an unknown key": (f"{HEAD}gaol = 1\n", [(3, "domain[0].gaol", "unknown-key")], "Did you mean goal?", "goal"),
    "an underscore": (f"[inventory]\nreports_to = []\n{HEAD}", [(2, "inventory.reports_to", "unknown-key")], "reports-to?", "reports-to"),
    "no table": (f'inventory = "x"\n{HEAD}', [(1, "inventory", "must-be.table")], "[inventory]", "[inventory]"),
    "no tables": ('domain = "a.example"\n', [(1, "domain", "must-be.tables")], "[[domain]]", "[[domain]]"),
    "one table": ('[domain]\nname = "a.example"\n', [(1, "domain", "must-be.tables")], "[[domain]]", "[[domain]]"),
    "no name": ('[[domain]]\ngoal = "logo"\n', [(1, "domain[0]", "missing-name")], 'name = "example.com"', "name"),
    "a number": (f"{HEAD}owner = 7\n", [(3, "domain[0].owner", "must-be.text")], "in quotes", "引用符"),
    "a list that is none": (f'{HEAD}dkim = "s1"\n', [(3, "domain[0].dkim", "must-be.list")], '["s1"]', '["s1"]'),
    "a list of numbers": (f"{HEAD}dkim = [1]\n", [(3, "domain[0].dkim", "must-be.list")], '["s1"]', '["s1"]'),
    "a flag in quotes": (f'{HEAD}declines = "true"\n', [(3, "domain[0].declines", "must-be.flag")], "true or false", "true"),
    "a date in quotes": (
        f'{HEAD}monitored-since = "2026-06-01"\n', [(3, "domain[0].monitored-since", "must-be.date")], "2026-06-01", "日付",
    ),
    "a time in place of a date": (
        f"{HEAD}monitored-since = 2026-06-01T00:00:00Z\n", [(3, "domain[0].monitored-since", "must-be.date")], "without",
        "日付",
    ),
    "no domain name": ('[[domain]]\nname = "kaori"\n', [(2, "domain[0].name", "no-domain")], "top level", "ドメイン"),
    "letters that can't be written": ('[[domain]]\nname = "xn--\\u3002.example"\n', [(2, "domain[0].name", "no-domain")], "domain name", "ドメイン"),
    "twice": (f'{HEAD}\n[[domain]]\nname = "A.example"\n', [(5, "domain[1].name", "twice")], "in line 1", "1行目"),
    "no goal": (f'{HEAD}goal = "live"\n', [(3, "domain[0].goal", "no-goal")], '"logo", "enforced", "locked"', '"locked"'),
    "no web address": (f'{HEAD}goal = "logo"\nlogo = "logo.svg"\n', [(4, "domain[0].logo", "no-url")], "https://", "https://"),
    "http": (f'{HEAD}goal = "logo"\nlogo = "http://a.example/l.svg"\n', [(4, "domain[0].logo", "no-url")], "other than https", "https"),
    "a semicolon": (f'{HEAD}goal = "logo"\nlogo = "https://a.example/;l.svg"\n', [(4, "domain[0].logo", "no-url")], "semicolon", "セミコロン"),
    "a picture": (f'{HEAD}goal = "logo"\nlogo = "https://a.example/l.png"\n', [(4, "domain[0].logo", "no-url")], ".svg or .svgz", ".svgz"),
    "a certificate at an address": (
        f'{HEAD}goal = "logo"\nlogo = "https://a.example/l.svg"\ncertificate = "https://192.0.2.1/v.pem"\n',
        [(5, "domain[0].certificate", "no-url")], "full domain name", "ドメイン",
    ),
    "a certificate alone": (f'{HEAD}goal = "logo"\ncertificate = "https://a.example/v.pem"\n', [(4, "domain[0].certificate", "certificate-without-logo")], "add logo", "logo"),
    "a logo of a closed domain": (f'{HEAD}goal = "locked"\nlogo = "https://a.example/l.svg"\n', [(4, "domain[0].logo", "goal-without-logo")], '"locked"', "locked"),
    "a logo without a goal": (f'{HEAD}logo = "https://a.example/l.svg"\n', [(3, "domain[0].logo", "goal-without-logo")], '"enforced"', "enforced"),
    "a logo that is declined": (f'{HEAD}goal = "logo"\ndeclines = true\n', [(4, "domain[0].declines", "declines-logo")], "both", "両立"),
    "a selector": (f'{HEAD}selector = "a b"\n', [(3, "domain[0].selector", "no-selector")], "'a b'", "a b"),
    "a DKIM selector": (f'{HEAD}dkim = ["s1", "-"]\n', [(3, "domain[0].dkim[1]", "no-selector")], "'-'", "-"),
    "an address without mailto": (f'[inventory]\nreports-to = ["d@a.example"]\n{HEAD}', [(2, "inventory.reports-to[0]", "no-mailto")], "mailto:", "mailto:"),
    "a dotted key": (f'inventory.reports-to = ["d@a.example"]\n{HEAD}', [(1, "inventory.reports-to[0]", "no-mailto")], "mailto:", "mailto:"),
    "an address with a comma": (f'[inventory]\nreports-to = ["mailto:a,b@a.example"]\n{HEAD}', [(2, "inventory.reports-to[0]", "no-address")], "%2C", "%2C"),
    "an address with a limit": (f'[inventory]\nreports-to = ["mailto:a@a.example!5m"]\n{HEAD}', [(2, "inventory.reports-to[0]", "no-address")], "%21", "%21"),
    "an address nowhere": (f'[inventory]\nreports-to = ["mailto:a@a"]\n{HEAD}', [(2, "inventory.reports-to[0]", "no-address")], "'mailto:a@a'", "mailto:a@a"),
    "a web address": ('[[domain]]\nname = "https://www.a.example/shop"\n', [(2, "domain[0].name", "address-for-domain")], 'name = "a.example"', 'name = "a.example"'),
    "a mail address": ('[[domain]]\nname = "news@a.example"\n', [(2, "domain[0].name", "address-for-domain")], 'name = "a.example"', 'name = "a.example"'),
    "a port": ('[[domain]]\nname = "a.example:25"\n', [(2, "domain[0].name", "address-for-domain")], 'name = "a.example"', 'name = "a.example"'),
    "a name that is too long": (f'[[domain]]\nname = "{LONG}"\n', [(2, "domain[0].name", "no-domain")], "253", "253"),
    "a name too long for its selector": (
        f'[[domain]]\nname = "{LONG[2:]}"\nselector = "{"s" * 30}"\n', [(2, "domain[0].name", "no-domain")], "253", "253",
    ),
    "settings of a database": (f'[inventory]\nstore = "host=h password=x"\n{HEAD}', [(2, "inventory.store", "no-store")], "postgresql://", "postgresql://"),
    "a store with two @": (f'[inventory]\nstore = "postgresql://u:p@x?w@h/d"\n{HEAD}', [(2, "inventory.store", "store-login")], "%40", "%40"),
    "a long text": (f'{HEAD}note = "{"x" * 1001}"\n', [(3, "domain[0].note", "too-long")], "1000 characters", "1000文字"),
    "several at once": (
        f'{HEAD}goal = "x"\n[[domain]]\nowner = "y"\n[[domain]]\nname = "b"\n[other]\n',
        [(3, "domain[0].goal", "no-goal"), (4, "domain[1]", "missing-name"), (7, "domain[2].name", "no-domain"), (8, "other", "unknown-key")],
        "line 7", "7行目",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "faults", "english", "japanese"), FAULTS.values(), ids=list(FAULTS))
def test_what_is_wrong_is_told_with_its_line(
    text: str, faults: list[tuple[int, str, str]], english: str, japanese: str
) -> None:
    with pytest.raises(InventoryError) as raised:
        read_inventory(text.encode(), "my.toml")
    error = raised.value
    assert [(one.line, one.key, one.problem) for one in (error, *error.others)] == faults
    assert english in str(error)
    assert japanese in error.told("ja")
    for told in (str(error), error.told("ja")):
        lines = told.splitlines()
        assert len(lines) == len(faults)
        assert all(line.startswith("my.toml") and "{" not in line for line in lines)
    assert pickle.loads(pickle.dumps(error)).told("ja") == error.told("ja")  # noqa: S301


@pytest.mark.parametrize(
    "line",
    [
        '[inventory]\nstore = "host=h password=hunter2"',
        "[inventory]\nstore = \"host=h password='hunter2 x'\"",
        '[inventory]\nstore = "postgresql://u:hunt@er2@h/d"',
        '[inventory]\nstore = "postgresql://u:hunter2@x?y@h/d"',
        '[inventory]\nreports-to = ["https://u:hunter2@h;/"]',
        '[inventory]\nreports-to = ["https://u:hunter2/@@h;/?password=hunter2"]',
        '[[domain]]\nname = "https://u:hunter2@a.example/"',
        '[[domain]]\nname = "u:hunter2@a.example"',
        '[[domain]]\nname = "b.example"\ngoal = "logo"\nlogo = "https://u:hunter2@a.example/l.svg"',
        '[[domain]]\nname = "b.example"\ngoal = "logo"\nlogo = "http://a.example/l.svg?token=hunter2"',
        '[[domain]]\nname = "b.example"\ngoal = "password=hunter2"',
    ],
)
def test_no_complaint_shows_a_password(line: str) -> None:
    with pytest.raises(InventoryError) as raised:
        read_inventory(f"{line}\n{HEAD}".encode())
    for told in (str(raised.value), raised.value.told("ja"), repr(raised.value)):
        assert "hunter2" not in told
        assert "er2" not in told


@pytest.mark.parametrize(
    "store", ["x.sqlite", "data/user=me/x.sqlite", "sqlite:////a@b/c@d", "postgresql://u:p%40@h/d"]
)
def test_what_names_a_store_is_taken(store: str) -> None:
    assert read_inventory(f'[inventory]\nstore = "{store}"\n{HEAD}'.encode()).store == store


def test_of_very_many_faults_the_first_are_told() -> None:
    text = "".join(f'[[domain]]\nname = "x{number}"\n' for number in range(500))
    with pytest.raises(InventoryError) as raised:
        read_inventory(text.encode())
    assert len(raised.value.others) == 20
    assert raised.value.others[-1].problem == "more-faults"


NO_TOML = {
    "no TOML": b"[[domain]\n",
    "a key twice": b'[inventory]\nscan = "a"\nscan = "b"\n',
    "UTF-16": "x".encode("utf-16"),
    "no UTF-8": b'[inventory]\norganization = "\xff"\n',
    "deep": b"x = " + b"[" * 100_000,
    "a deep key": b"a." * 100_000 + b"a = 1\n",
    "a long number": b"x = " + b"9" * 10_000 + b"\n",
    "nothing": b"",
    "too large": b"#" * (MAX_BYTES + 1),
}


@pytest.mark.parametrize("data", NO_TOML.values(), ids=list(NO_TOML))
def test_what_is_no_inventory_ends_in_words(data: bytes) -> None:
    with pytest.raises(BimikitError) as raised:
        read_inventory(data, "my.toml")
    for lang in ("en", "ja"):
        assert raised.value.told(lang).startswith("my.toml")


@settings(max_examples=300, deadline=None, derandomize=True)
@given(
    st.one_of(st.binary(max_size=200), st.text(st.sampled_from("[]domain=\"\n.'x#{},1"), max_size=80).map(str.encode))
)
def test_nothing_but_words_comes_of_any_file(data: bytes) -> None:
    told = ""
    try:
        read_inventory(data)
    except BimikitError as error:
        told = error.told("ja")
    assert "{" not in told or b"{" in data


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.lists(st.sampled_from([
    "# [[domain]]", "", 'note = "[[domain]]"', "note = '# x'", 'note = """\n[[domain]]\n# "x" \n"""', "note = '''\n[x]\n'''",
    "dkim = [\n  's1', # ]\n  's2',\n]", "dkim = ['[', ']']", "declines = true # ' \"",
]), max_size=6))  # fmt: skip
def test_lines_are_those_of_the_file_whatever_stands_between(between: list[str]) -> None:
    text = "\n".join(["[inventory]", *(part for part in between if part[:1] == "#"), "[[domain]]"])
    for number, part in enumerate(part for part in between if part[:1] != "#"):
        text += f"\n[[domain]]\n{part}\n 'name' = \"{number}.example\""
    found = lines_of(text)
    lines = text.split("\n")
    for path, line in found.items():
        if path[-1] == "name":
            assert lines[line - 1].startswith(" 'name' = ")
        if path[0] == "domain" and len(path) == 2:
            assert lines[line - 1] == "[[domain]]"
    names = [path for path in found if path[-1] == "name"]
    assert names == [("domain", number, "name") for number in range(1, len(names) + 1)]
    assert len(names) == sum(part[:1] != "#" for part in between)


def test_an_inventory_of_many_domains_is_read_at_once() -> None:
    text = "".join(f'[[domain]]\nname = "d{number}.example"\ngoal = "locked"\n' for number in range(5000))
    assert len(read_inventory(text.encode()).domains) == 5000


def test_the_file_of_the_guide_is_one(tmp_path: Path) -> None:
    file = tmp_path / "inventory.toml"
    file.write_text(WHOLE, encoding="utf-8")
    from bimikit.plan.inputs import files_of, read_file

    declared = read_file(file)
    assert files_of(declared, tmp_path) == (tmp_path / "scan.jsonl", tmp_path / "decisions.toml")
    with pytest.raises(InventoryError, match=r"no\.toml"):
        read_file(tmp_path / "no.toml")
