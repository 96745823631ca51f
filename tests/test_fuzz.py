"""What must hold for any input at all: a short run of every target of tools/fuzz.py, and hypothesis beside it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bimikit.svg.check import check_svg
from tools import fuzz
from tools.fuzzing import engine
from tools.fuzzing.engine import Fuzzer, Target, attempt, failure_of, interrupted, search, shrink, words
from tools.fuzzing.svg import one
from tools.fuzzing.targets import TARGETS
from tools.mutants import builtin_seeds, mutants
from tools.seeds import ELEMENT_NAMES, SEEDS, VALID
from tools.stretched import STRETCHED, Stretched

some = settings(deadline=None, derandomize=True, max_examples=300)


def test_the_seeds_conform():
    assert all(check_svg(seed).ok for seed in SEEDS)


def test_the_seeds_have_every_element_of_the_profile():
    names = {name for name in ELEMENT_NAMES if any(f"<{name}".encode() in seed for seed in SEEDS)}
    assert len(names) >= 20


def test_equal_seeds_give_equal_mutants():
    assert list(mutants(SEEDS, 200, 7)) == list(mutants(SEEDS, 200, 7))
    assert list(mutants(SEEDS, 200, 7)) != list(mutants(SEEDS, 200, 8))


@pytest.mark.parametrize("name", TARGETS)
def test_fuzzed_input(name: str):
    fuzzer = Fuzzer(TARGETS[name], 1)
    with interrupted() as restart:
        for _ in range(4_000 if name == "svg" else 120):
            data = fuzzer.next()
            restart()
            fuzzer.learn(data, attempt(fuzzer.target, data))
    assert fuzzer.seen


@pytest.mark.parametrize("name", TARGETS)
def test_equal_seeds_give_equal_runs(name: str):
    first, second = Fuzzer(TARGETS[name], 3), Fuzzer(TARGETS[name], 3)
    assert [first.next() for _ in range(20)] == [second.next() for _ in range(20)]


def _fragile(data: bytes) -> bool:
    """Breaks on one pair of bytes that mutations must put together."""
    assert b"<>" not in data
    return b"<" in data


FRAGILE = Target("fragile", "", lambda _: [b"some text in which < stands, and > too"], _fragile, words("<", ">"))


def test_what_breaks_is_found_made_small_and_kept_with_what_repeats_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    search(FRAGILE, executions=5_000, seconds=30, seed=1, folder=tmp_path / "fragile")
    (crash,) = (tmp_path / "fragile" / "crashes").iterdir()
    assert shrink(FRAGILE, crash.read_bytes(), failure_of(FRAGILE, crash.read_bytes())) == b"<>"
    assert not (tmp_path / "fragile" / "current").exists()
    assert any((tmp_path / "fragile" / "corpus").iterdir())
    monkeypatch.setattr(fuzz, "TARGETS", {"fragile": FRAGILE})
    assert fuzz._told("fragile", crash).endswith(f"-m tools.fuzz --target fragile --repeat {crash}")
    assert crash.read_bytes() == b"<>"


def test_what_takes_for_ever_is_interrupted(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(engine, "ENDLESS", 0.2)

    def endless(_data: bytes) -> None:
        while True:
            pass

    with interrupted() as restart:
        restart()
        with pytest.raises(engine.Broken, match="for ever"):
            endless(b"")


def test_mutants():
    for data in mutants(builtin_seeds(), 1_500, 1):
        one(data)


@pytest.mark.parametrize("stretched", STRETCHED, ids=lambda s: s.head[-20:] + s.unit)
def test_time_is_in_proportion_to_length(stretched: Stretched):
    one(stretched.document(160_000))


@some
@given(st.binary(max_size=300))
def test_any_bytes(data: bytes):
    one(data)


@some
@given(st.text(max_size=200))
def test_any_text_in_an_element(text: str):
    one(SEEDS[0].replace(b"A<", text.encode("utf-8", "surrogatepass") + b"<"))


@some
@given(st.sampled_from(sorted(VALID)), st.text(st.characters(exclude_characters='"<&'), max_size=40))
def test_any_value_of_an_attribute(name: str, value: str):
    one(SEEDS[0].replace(b"<rect ", f'<rect {name}="{value}" '.encode("utf-8", "surrogatepass")))
