"""Path data, points, numbers, transforms and colours: fast test and slow walk agree, and places are right."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bimikit.svg import batches, numbers, paths, profile
from bimikit.svg.colours import read_colour, read_paint

PIECES = st.sampled_from(
    [*"MmLlHhVvCcSsQqTtAaZz", *"01.,-+e ", "12", "1.5", ".5", "-.5", "1e1", "1e-2", "\n", "  ", " ,", "x", "_"]
)
PATHS = st.lists(PIECES, max_size=16).map(lambda pieces: "M0 0" + "".join(pieces))


NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?")
JOINT = re.compile(r"[ \t\r\n]+,?[ \t\r\n]*|,[ \t\r\n]*")
COUNTS = {"m": "nn", "l": "nn", "h": "n", "v": "n", "c": "n" * 6, "s": "n" * 4, "q": "n" * 4, "t": "nn", "a": "nnnffnn"}


def reference(data: str) -> bool:
    """Whether path data is drawn to its end; a plain recursive reading, written apart from the code under test."""

    def blank(at: int) -> int:
        while at < len(data) and data[at] in " \t\r\n":
            at += 1
        return at

    def group(at: int, kinds: str) -> int | None:
        """The end of one group of numbers that begins right here."""
        for position, kind in enumerate(kinds):
            if position and (joint := JOINT.match(data, at)):
                at = joint.end()
            found = (NUMBER if kind == "n" else re.compile("[01]")).match(data, at)
            if found is None:
                return None
            at = found.end()
        return at

    at, first = blank(0), True
    while at < len(data):
        command = data[at].lower()
        if command not in "mlhvcsqtaz" or (first and command != "m"):
            return False
        first = False
        at = blank(at + 1)
        if command == "z":
            continue
        end = group(at, COUNTS[command])
        if end is None:
            return False
        while True:
            joint = JOINT.match(data, end)
            start = joint.end() if joint else end
            if NUMBER.match(data, start) is None:
                break
            following = group(start, COUNTS[command])
            if following is None:
                return False
            end = following
        at = blank(end)
    return True


@settings(max_examples=3000, deadline=None, derandomize=True)
@given(PATHS)
def test_path_data_is_accepted_exactly_when_a_plain_reading_draws_it_to_its_end(data: str) -> None:
    trouble = paths.path_trouble(data)
    small = not re.search(r"[eE][+-]?\d{2}", data)
    if small:
        assert (trouble is None) == reference(data)
        assert batches.paths_match([data]) == reference(data)
    if trouble is not None:
        assert 0 <= trouble[1] < len(data)


@settings(max_examples=700, deadline=None, derandomize=True)
@given(PATHS)
def test_short_and_long_path_data_are_read_the_same(data: str) -> None:
    longer = f"{'M0 0' * (paths.SHORT // 4)} {data}"
    paths._walked = 0  # as in a process that has judged nothing yet
    short, long = paths.path_trouble(f"M0 0 {data}"), paths.path_trouble(longer)
    assert paths.paths_fine([f"M0 0 {data}"]) == (short is None)
    assert (short is None) == (long is None) == paths.paths_fine([longer])
    assert paths.paths_fine([f"M0 0 {data}"]) == (short is None)
    if short is not None and long is not None:
        assert (short[0], short[1] - 5) == (long[0], long[1] - paths.SHORT - 1)
        assert (short[2]["reason"], short[2]["near"]) == (long[2]["reason"], long[2]["near"])


@settings(max_examples=500, deadline=None, derandomize=True)
@given(st.lists(PATHS, min_size=1, max_size=4))
def test_a_batch_is_fine_exactly_when_each_of_its_paths_is(listed: list[str]) -> None:
    assert batches.paths_match(listed) == all(batches.paths_match([path]) for path in listed)


@settings(max_examples=1500, deadline=None, derandomize=True)
@given(st.lists(st.sampled_from([*"01.,- \n", "12", "1.5", "a"]), max_size=12).map("".join))
def test_points_are_fine_exactly_when_the_walk_finds_nothing(value: str) -> None:
    assert batches.points_match([value]) == (not list(paths.points(value)))


@pytest.mark.parametrize(
    ("data", "place", "reason"),
    [
        ("L1 1", 0, "no-move"),
        ("M1 1 X", 5, "command"),
        ("M1 1L2,,3", 7, "number-expected"),
        ("m1-2.5.5z", 8, "number-expected"),
        ("M1 1L2", 5, "ends-early"),
        ("M1 1,", 4, "command"),
        ("M1 1z,", 5, "command"),
        ("M0 0a1 1 0 2 0 3 3", 11, "arc-flag"),
        ("M1e99 0", 1, "too-large"),
        (f"M0 {'1' * 31}e9", 3, "too-large"),
        (f"M0 0l-{'9' * 39} 1z", 6, "too-large"),
    ],
)
def test_a_paths_trouble_is_where_drawing_stops(data: str, place: int, reason: str) -> None:
    trouble = paths.path_trouble(data)
    assert trouble is not None
    assert trouble[1] == place
    assert trouble[2]["reason"] == f"@path.{reason}"


@pytest.mark.parametrize(
    ("number", "fine"),
    [
        ("1" * 38, True),
        ("9" * 39, False),
        (f"{'1' * 29}e9", True),
        (f"{'3' * 30}e9", True),
        (f"{'4' * 30}e9", False),
        (f"{'1' * 31}e9", False),
        (f"{'0' * 60}1e9", True),
        (f"0.{'1' * 60}e9", True),
        (f"{'9' * 38}.5e1", False),
        ("9" * 100_000, False),
    ],
    ids=lambda value: str(value)[-12:],
)
@pytest.mark.parametrize("sign", ["", "-"])
def test_no_number_beyond_what_renderers_hold_passes_in_a_list(number: str, sign: str, fine: bool) -> None:
    lists = numbers.number_list()
    for listed in (f"{sign}{number} 1", f"1,{sign}{number}", f"1 {sign}{number} 1"):
        assert (not list(lists(listed))) is fine
    pair = f"1 {sign}{number}"
    assert (not list(paths.points(pair))) is fine
    assert (paths.path_trouble(f"M{pair}") is None) is fine
    if not fine:  # what is fine may be walked all the same
        for match in (batches.points_match, batches.numbers_match):
            assert not match([pair if match is batches.points_match else f"{sign}{number}"])
        assert not batches.paths_match(["M1 1z", f"M{pair}"])


@pytest.mark.parametrize(
    ("value", "functions"),
    [
        ("translate(1,2)", [("translate", (1, 2))]),
        (" scale(2) , rotate(45 1 1)skewX(-.5)", [("scale", (2,)), ("rotate", (45, 1, 1)), ("skewX", (-0.5,))]),
        ("none", []),
        ("", []),
    ],
)
def test_transforms_are_read(value: str, functions: list[object]) -> None:
    assert numbers.read_transform(value) == (functions, None)


@pytest.mark.parametrize(
    ("text", "rgba", "rule"),
    [
        ("#fff", (255, 255, 255, 255), ""),
        ("#A1b2C3", (161, 178, 195, 255), ""),
        (" Red ", (255, 0, 0, 255), ""),
        ("rgb(255, 0,0)", (255, 0, 0, 255), ""),
        ("rgb(100%,0%,50%)", (255, 0, 128, 255), ""),
        ("rgb(300,-5,0)", (255, 0, 0, 255), ""),
        ("orange", (255, 165, 0, 255), "svg.colour-name"),
        ("transparent", (0, 0, 0, 0), "svg.colour-name"),
        ("#f008", (255, 0, 0, 136), "svg.colour-syntax"),
        ("rgba(255,0,0,.5)", (255, 0, 0, 128), "svg.colour-syntax"),
        ("rgb(255 0 0 / 50%)", (255, 0, 0, 128), "svg.colour-syntax"),
        ("hsl(120,100%,50%)", (0, 255, 0, 255), "svg.colour-syntax"),
    ],
)
def test_colours_are_read(text: str, rgba: tuple[int, ...], rule: str) -> None:
    colour = read_colour(text)
    assert colour is not None
    assert (colour.rgba, colour.rule) == (rgba, rule)


@pytest.mark.parametrize(
    "text",
    ["", "#12", "#1234567", "bluish", "rgb(1,2)", "rgb(1,2%,3)", "rgb(1/2 3)", "hsl(1,2,3)", "rgb(1\u00a02 3)", "red blue"],
)  # fmt: skip
def test_what_no_renderer_reads_is_no_colour(text: str) -> None:
    assert read_colour(text) is None
    assert read_paint(text) is None


@settings(max_examples=500, deadline=None, derandomize=True)
@given(st.text(max_size=80))
def test_no_value_makes_a_reader_fail(text: str) -> None:
    read_paint(text)
    numbers.read_transform(text)
    numbers.read_view_box(text)
    for element in profile.ELEMENTS.values():
        for kind in {*element.attributes.values()}:
            assert kind.fine([text]) <= (not any(kind.walk(text)) or kind is profile.PATH)


def test_the_names_expat_takes_are_the_names_of_xml() -> None:
    assert profile.is_nc_name("レイヤー_1")
    assert profile.is_nc_name("é.b-c")
    for name in ("", "1a", "a b", "a:b", "レイヤー１", "a\u00d7b", "😀"):
        assert not profile.is_nc_name(name), name


def test_the_profile_has_the_elements_of_the_schema() -> None:
    assert len(profile.ELEMENTS) == 20
    assert "style" not in profile.ELEMENTS["path"].attributes
    assert "opacity" not in {name for element in profile.ELEMENTS.values() for name in element.attributes}
    assert profile.ELEMENTS["metadata"].attributes == {}
    assert not any("xlink:href" in element.attributes for element in profile.ELEMENTS.values())
