"""What must hold for any file at all: a short run of tools/fuzz.py, and hypothesis beside it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bimikit.svg.check import check_svg
from tools.fuzz import Fuzzer, one
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


def test_fuzzed_files():
    fuzzer = Fuzzer(1)
    for _ in range(4_000):
        data = fuzzer.next()
        fuzzer.learn(data, one(data))


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
