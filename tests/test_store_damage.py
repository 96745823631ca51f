"""Stores that were edited, cut or made by somebody else: every way of reading one says so, and none fails otherwise."""
# ruff: noqa: S608 - nobody else's text is in these statements

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest
from aggregate_reports import feedback, generated, row
from click.testing import CliRunner

from bimikit.aggregate.schema import TABLES
from bimikit.aggregate.store import Store
from bimikit.aggregate.store_errors import StoreError
from bimikit.cli import main
from bimikit.locale import words_of
from webapp import planning

INVENTORY = '[inventory]\nstore = "{store}"\n[[domain]]\nname = "example.com"\n'
HUGE = 10**15
DAMAGES = {
    "JSON that ends too early": ("UPDATE bimikit_outcome SET signatures = '{'", "value"),
    "JSON of another kind": ("UPDATE bimikit_outcome SET signatures = '7'", "value"),
    "JSON with other fields": ("UPDATE bimikit_outcome SET envelopes = '[{\"domain\": 7}]'", "value"),
    "JSON nested without end": (f"UPDATE bimikit_outcome SET comments = '{'[' * 5000}'", "value"),
    "complaints that are none": ("UPDATE bimikit_report SET errors = 'null'", "value"),
    "a begin too late": (f"UPDATE bimikit_report SET begin_at = {HUGE}", "value"),
    "an end too late": (f"UPDATE bimikit_report SET end_at = {HUGE}", "value"),
    "no such day": ("UPDATE bimikit_report SET day = 0", "value"),
    "a day too late": (f"UPDATE bimikit_report SET day = {HUGE}", "value"),
    "fewer messages than none": ("UPDATE bimikit_fact SET messages = -1000000", "value"),
    "no version": ("DELETE FROM bimikit_schema", "tables"),
    "a version before the first": ("UPDATE bimikit_schema SET version = 0", "value"),
    "a later version": ("UPDATE bimikit_schema SET version = 9", "newer"),
    "a column less": ("ALTER TABLE bimikit_outcome DROP COLUMN spf", "tables"),
    "a column of another name": ("ALTER TABLE bimikit_report RENAME COLUMN begin_at TO begins_at", "tables"),
    "a table less": ("DROP TABLE bimikit_fact", "tables"),
}
"""What happened to a store, and what is told of it."""
OF_SQLITE = {
    "text for a begin": ("UPDATE bimikit_report SET begin_at = 'yesterday'", "value"),
    "text for a day": ("UPDATE bimikit_report SET day = 'Monday'", "value"),
    "text for messages": ("UPDATE bimikit_fact SET messages = 'many'", "value"),
    "text for messages of a report": ("UPDATE bimikit_report SET messages = 'many'", "value"),
    "text for yes or no": ("UPDATE bimikit_outcome SET dkim = 'perhaps'", "value"),
    "half a message": ("UPDATE bimikit_fact SET messages = 0.5", "value"),
    "text for a version": ("UPDATE bimikit_schema SET version = 'first'", "value"),
    "bytes for text": ("UPDATE bimikit_report SET reporter = x'00ff'", "value"),
    "bytes for an address": ("UPDATE bimikit_fact SET source_ip = x'00ff'", "value"),
    "text that is no UTF-8": ("UPDATE bimikit_outcome SET header_from = CAST(x'ff80' AS TEXT)", "damaged"),
    **{
        f"nothing for {column}": (f"UPDATE bimikit_{table} SET {column} = NULL", "value")
        for table, column in (
            ("report", "reporter"), ("report", "p"), ("report", "errors"), ("report", "day"),
            ("outcome", "header_from"), ("outcome", "signatures"), ("outcome", "dkim"), ("outcome", "reasons"),
            ("fact", "source_ip"), ("fact", "messages"),
        )
    },
}  # fmt: skip
"""What PostgreSQL would not let happen."""
READERS = {
    "reports": ("reports", "--store", "{store}", "-f", "json"),
    "reports of one domain": ("reports", "--store", "{store}", "--domain", "example.com", "-f", "csv"),
    "plan": ("plan", "{inventory}"),
}


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sound") / "store.sqlite"
    _fill(str(path))
    return path


def _fill(place: str, reports: int = 12) -> None:
    with Store.open(place) as store:
        for one in generated(reports):
            store.add(one)


def damage(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        # as a table of another's making, which asks for nothing to be there
        connection.execute("PRAGMA writable_schema=ON")
        connection.execute("UPDATE sqlite_master SET sql = replace(sql, ' NOT NULL', '')")
        connection.execute("PRAGMA writable_schema=RESET")
        connection.execute(statement)


def assert_told(place: str, shown: str, problem: str, folder: Path) -> None:
    """That each reader tells of a problem with a store."""
    inventory = folder / "inventory.toml"
    inventory.write_text(INVENTORY.format(store=place))
    words = {lang: words_of("store_words", lang) for lang in ("en", "ja")}
    for name, arguments in READERS.items():
        given = [one.format(store=place, inventory=inventory) for one in arguments]
        for lang, of in words.items():
            done = CliRunner().invoke(main, [*given, "--lang", lang])
            assert (done.exit_code, done.stdout) == (2, ""), (name, done.exception, done.output)
            assert shown in done.stderr, name
            assert of[problem].partition("{")[0] in done.stderr, (name, done.stderr)
    made = planning.make(inventory)
    for lang, of in words.items():
        assert of[problem].partition("{")[0] in made.faults[lang]


@pytest.mark.parametrize("name", [*DAMAGES, *OF_SQLITE])
def test_what_a_store_cannot_hold_is_told_by_every_reader(name: str, sound: Path, tmp_path: Path) -> None:
    statement, problem = {**DAMAGES, **OF_SQLITE}[name]
    path = Path(shutil.copy(sound, tmp_path / "store.sqlite"))
    damage(path, statement)
    assert_told(str(path), str(path), problem, tmp_path)


def test_postgresql_too(postgresql: str, tmp_path: Path) -> None:
    place = f"{postgresql}/postgres"
    for statement, problem in DAMAGES.values():
        with psycopg.connect(place, autocommit=True) as connection:
            for table in TABLES.tables:
                connection.execute(f"DROP TABLE IF EXISTS {table}".encode())
        _fill(place)
        with psycopg.connect(place, autocommit=True) as connection:
            connection.execute(statement.encode())
        assert_told(place, place.replace("bimikit@", ""), problem, tmp_path)


@pytest.mark.parametrize("begin", [str(-HUGE), "NULL"])
def test_a_begin_before_all_days_is_told_by_who_asks_for_all_days(begin: str, sound: Path, tmp_path: Path) -> None:
    path = Path(shutil.copy(sound, tmp_path / "store.sqlite"))
    damage(path, f"UPDATE bimikit_report SET begin_at = {begin}")
    done = CliRunner().invoke(main, ["reports", "--store", str(path), "--lang", "en"])
    assert (done.exit_code, done.stdout) == (2, "")
    assert words_of("store_words", "en")["value"].format(column="begin_at") in done.stderr


@pytest.mark.parametrize("share", [0.1, 0.3, 0.5, 0.7, 0.9])
def test_a_file_that_was_cut_is_told_by_every_reader(share: float, tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    _fill(str(path), 60)
    os.truncate(path, int(path.stat().st_size * share) // 512 * 512)
    assert_told(str(path), str(path), "damaged", tmp_path)


@pytest.mark.parametrize("name", ["a column less", "a table less", "no version", "a version before the first"])
def test_nothing_is_written_to_a_damaged_store(name: str, sound: Path, tmp_path: Path) -> None:
    statement, problem = DAMAGES[name]
    path = Path(shutil.copy(sound, tmp_path / "store.sqlite"))
    damage(path, statement)
    # told by opening it, or by adding
    new: dict[str, Any] = {"reporter": "new.example", "domain": "new.example"}
    with pytest.raises(StoreError) as told, Store.open(path) as store:
        store.add(feedback([row(comments=("new",))], "new", **new))
    assert told.value.problem == problem
