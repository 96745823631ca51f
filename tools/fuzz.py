"""Throws broken, hostile and merely odd files at `check_svg` and watches what must always hold.

Mutations work on bytes and on the tokens of the text. A file that breaks a combination of rules not seen before joins
the pool, which leads the search deeper without instrumentation. Equal seeds give equal runs.

``python tools/fuzz.py --executions 1000000 --jobs 2``; with atheris installed, ``--atheris`` hands `one` to it instead.
"""

from __future__ import annotations

import argparse
import gzip
import re
import sys
import time
import zlib
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from pathlib import Path
from random import Random

from bimikit.engine import CRASHED
from bimikit.findings import Finding, Location, Report
from bimikit.locale import LANGUAGES
from bimikit.svg.check import check_svg, decode
from tools import seeds as odd
from tools.mutants import builtin_seeds, mutants
from tools.pairs import systematic
from tools.stretched import STRETCHED
from tools.text_mutations import encode

AT = datetime(2026, 1, 1, tzinfo=UTC)
SLOWEST = 3.0
"""Seconds of processor time for one file on a slow machine, with coverage; what gets out of hand takes far longer."""
SAMPLED = 64
"""One file in so many is judged twice, and its report written and read back."""
CHUNK = 20_000
"""Executions between two lines of progress."""
MOST_IN_POOL = 5_000
LONGEST = 20_000
"""Bytes: longer files slow the search down and break little more; the limits have tests of their own."""
STRETCHED_TO = 1_000_000
"""Bytes: what is quadratic shows, and what is linear stays below the limit by far."""
KINDS_OF_CRASH = 10
"""After so many different ones a run ends."""


class Broken(AssertionError):
    """Something that must always hold, doesn't."""


def one(data: bytes) -> Report:
    """Judge a file, and look whether everything holds that must.

    Args:
        data: Any bytes at all.

    Returns:
        The report.

    Raises:
        Broken: It doesn't hold.
    """
    started = time.process_time()
    report = check_svg(data, at=AT)
    took = time.process_time() - started
    if took > SLOWEST:
        raise Broken(f"took {took:.1f} s")
    starts: list[int] = []
    text = ""
    for finding in report.findings:
        if finding.rule == CRASHED:
            raise Broken(f"the check {finding.params['check']} crashed: {finding.params['problem']}")
        _has_words(finding)
        for place in finding.locations:
            if place.line is None:
                continue
            if not starts:
                text = decode(data)
                starts = [0, *(end.end() for end in _LINE_END.finditer(text))]
            _is_there(text, starts, finding.rule, place)
    if zlib.crc32(data) % SAMPLED == 0:
        if check_svg(data, at=AT) != report:
            raise Broken("a second run differs")
        for lang in LANGUAGES:
            if Report.from_json(report.to_json(lang).encode()) != report:
                raise Broken("the report can't be written and read back")
    return report


_LINE_END = re.compile(r"\r\n?|\n")
_worded: set[tuple[str, tuple[str, ...]]] = set()


def _has_words(finding: Finding) -> None:
    """The catalogue's texts fit the finding's parameters; looked at once for each set of them."""
    key = (finding.rule, tuple(finding.params))
    if key in _worded:
        return
    for lang in LANGUAGES:
        finding.wording(lang)
    _worded.add(key)


def _is_there(text: str, starts: Sequence[int], rule: str, place: Location) -> None:
    """A location is within the text, and what stands there is what it names."""

    def broken(what: str) -> Broken:
        return Broken(f"{what}: {rule} at {place}")

    line, column, length = place.line or 0, place.column or 0, place.length or 0
    if not 1 <= line <= len(starts):
        raise broken("no such line")
    offset = starts[line - 1] + column - 1
    end = starts[line] if line < len(starts) else len(text) + 1
    if column < 1 or offset >= end:
        raise broken("no such column")
    if length < 1 or offset + length > len(text) + 1:
        raise broken(f"{length} characters don't fit")
    if place.attribute is not None:
        if not text.startswith(place.attribute, offset):
            tag = text.rfind("<", 0, offset)
            if tag < 0 or not re.search(rf"\s{re.escape(place.attribute)}\s*=", text[tag:offset]):
                raise broken("that isn't the attribute")
    elif place.element is not None and rule not in _INSIDE_ELEMENTS:
        name = place.element.rpartition("/")[2].partition("[")[0].rstrip("…")
        if not text.startswith(f"<{name}", offset):
            raise broken("that isn't the element")


_INSIDE_ELEMENTS = frozenset({"svg.text-misplaced"})
"""Rules whose place is what an element holds."""

Mutation = Callable[[bytes, Random, Sequence[bytes]], bytes]
"""Makes a new file of an old one; the pool is there to take from."""

_SNIPPETS = tuple(
    text.encode("utf-8", "surrogatepass")
    for text in dict.fromkeys(
        (
            *(*odd.TEXTS, *odd.PADS, *odd.ODD_VALUES, *odd.DOCTYPES, *odd.DECLARATIONS, *odd.NAMESPACES),
            *(f"<{name}/>" for name in odd.ELEMENT_NAMES),
            *(f"<{name}>" for name in odd.ELEMENT_NAMES),
            *(f"</{name}>" for name in odd.ELEMENT_NAMES),
            *(f' {name}="{odd.VALID.get(name, "1")}"' for name in odd.ATTRIBUTE_NAMES),
            *(
                "<g>" * 60,
                "<use href='#a'/>" * 9,
                "</svg>",
                "<svg>",
                "\r",
                "\r\n",
                "'",
                '"',
                "=",
                "/>",
                ">",
                "<!--",
                "-->",
            ),
        )
    )
)
_VALUES = tuple(
    value.encode("utf-8", "surrogatepass")
    for value in dict.fromkeys(
        (
            *(*odd.ODD_VALUES, *odd.IDS, *odd.LANGUAGES, *odd.ASPECTS, *odd.VALID.values()),
            *(word for words in odd.WORDS.values() for word in words),
            *(
                "M0 0" + "a1 1 0 011 1" * 20,
                "M" + "0 " * 99,
                "1e38",
                "9" * 60,
                "-0",
                "1" + "0" * 40,
                "matrix(1 0 0 1 0 0)",
            ),
            *(
                "url(#a) url(#b)",
                "rgb(" + "1," * 50,
                "rotate(" * 9,
                "hsl(1e9,1%,1%)",
                "rgb(1e9,-1,.)",
                "#" * 9,
                "url(#a",
            ),
        )
    )
)


def change_byte(data: bytes, random: Random, _pool: Sequence[bytes]) -> bytes:
    """Another byte in place of one."""
    at = random.randrange(len(data))
    return b"%b%c%b" % (
        data[:at],
        random.choice((random.randrange(256), data[at] ^ 0x20, data[at] ^ 1)),
        data[at + 1 :],
    )


def cut(data: bytes, random: Random, _pool: Sequence[bytes]) -> bytes:
    """Lose some bytes."""
    at = random.randrange(len(data))
    return data[:at] + data[at + random.choice((1, 1, 2, 4, 16, 64)) :]


def truncate(data: bytes, random: Random, _pool: Sequence[bytes]) -> bytes:
    """Lose the end."""
    return data[: random.randrange(len(data)) + 1]


def repeat(data: bytes, random: Random, _pool: Sequence[bytes]) -> bytes:
    """Some bytes more often."""
    at = random.randrange(len(data))
    piece = data[at : at + random.choice((1, 4, 16, 64))]
    return data[:at] + piece * random.choice((2, 2, 2, 3, 40)) + data[at:]


def insert(data: bytes, random: Random, _pool: Sequence[bytes]) -> bytes:
    """Something from the dictionary, anywhere."""
    at = random.randrange(len(data) + 1)
    return data[:at] + random.choice(_SNIPPETS) + data[at:]


def insert_before_tag(data: bytes, random: Random, _pool: Sequence[bytes]) -> bytes:
    """Something from the dictionary, between tags."""
    at = max(data.find(b"<", random.randrange(len(data))), 0)
    return data[:at] + random.choice(_SNIPPETS) + data[at:]


def insert_attribute(data: bytes, random: Random, _pool: Sequence[bytes]) -> bytes:
    """An attribute with any value, into some tag."""
    at = _TAG_NAME_END(data, random.randrange(len(data)))
    if at is None:
        return data
    attribute = b' %b="%b"' % (random.choice(_ATTRIBUTES), random.choice(_VALUES))
    return data[: at.end()] + attribute + data[at.end() :]


_TAG_NAME_END = re.compile(rb"<[A-Za-z:]+").search
_ATTRIBUTES = tuple(name.encode() for name in odd.ATTRIBUTE_NAMES)


def change_value(data: bytes, random: Random, _pool: Sequence[bytes]) -> bytes:
    """Another value in place of an attribute's, or joined to it."""
    found = _QUOTED(data, random.randrange(len(data)))
    if found is None:
        return data
    value = random.choice(_VALUES)
    keep = random.choice((b"", b"", found[1]))
    return b"%b%b%b%b" % (data[: found.start(1)], keep, value, data[found.end(1) :])


_QUOTED = re.compile(rb"""=["']([^"'<]*)""").search


def change_number(data: bytes, random: Random, _pool: Sequence[bytes]) -> bytes:
    """Another number."""
    found = _NUMBER(data, random.randrange(len(data)))
    if found is None:
        return data
    return data[: found.start()] + random.choice(_NUMBERS) + data[found.end() :]


_NUMBER = re.compile(rb"[0-9]+").search
_NUMBERS = (
    b"0",
    b"1",
    b"-1",
    b"1e39",
    b"1e-400",
    b".",
    b"1.",
    b"00",
    b"1e",
    b"9" * 400,
    b"1e999",
    b"0.0000001",
    b"4294967296",
)


def splice(data: bytes, random: Random, pool: Sequence[bytes]) -> bytes:
    """The beginning of one file and the end of another, cut at tags."""
    other = random.choice(pool)
    cut_here, cut_there = data.find(b"<", random.randrange(len(data))), other.find(b"<", random.randrange(len(other)))
    return data[:cut_here] + other[cut_there:]


def graft(data: bytes, random: Random, pool: Sequence[bytes]) -> bytes:
    """A piece of another file, at a tag."""
    other = random.choice(pool)
    start = other.find(b"<", random.randrange(len(other)))
    at = data.find(b"<", random.randrange(len(data)))
    return data[:at] + other[start : start + random.choice((20, 80, 300))] + data[at:]


def transcode(data: bytes, random: Random, _pool: Sequence[bytes]) -> bytes:
    """Another encoding, rightly declared or not."""
    return encode(data.decode("utf-8", "replace"), random)


def compress(data: bytes, random: Random, _pool: Sequence[bytes]) -> bytes:
    """gzip, whole or damaged."""
    packed = gzip.compress(data, 1, mtime=0)
    return random.choice((packed, packed, packed[:-4], packed + b"x", packed + packed))


MUTATIONS: tuple[tuple[Mutation, int], ...] = (
    (change_byte, 8),
    (cut, 6),
    (truncate, 1),
    (repeat, 4),
    (insert, 6),
    (insert_before_tag, 10),
    (insert_attribute, 14),
    (change_value, 16),
    (change_number, 6),
    (splice, 4),
    (graft, 6),
    (transcode, 2),
    (compress, 1),
)
"""What can be done to a file, and how often it is."""

_MUTATIONS = tuple(mutation for mutation, _weight in MUTATIONS)
_CUMULATED = tuple(sum(weight for _mutation, weight in MUTATIONS[: index + 1]) for index in range(len(MUTATIONS)))


class Fuzzer:
    """An endless, repeatable stream of files, led by what they break.

    Attributes:
        pool: The files that mutations start from.
        seen: The combinations of rules that were broken so far.
    """

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        seeds = builtin_seeds()
        pool = (*seeds, *islice(systematic(), seed % 7, None, 40), *mutants(seeds, 400, seed))
        self.pool = [data for data in pool if data]
        self.seen: set[frozenset[str]] = set()

    def next(self) -> bytes:
        """Another file."""
        random = self.random
        data = random.choice(self.pool)
        for mutation in random.choices(_MUTATIONS, cum_weights=_CUMULATED, k=random.choice((1, 1, 2, 3, 5))):
            data = mutation(data, random, self.pool) or b"<"
        return data[:LONGEST]

    def learn(self, data: bytes, report: Report) -> None:
        """Keep a file that broke a new combination of rules."""
        signature = frozenset([finding.rule for finding in report.findings])
        if signature in self.seen:
            return
        self.seen.add(signature)
        if len(self.pool) < MOST_IN_POOL:
            self.pool.append(data)
        else:
            self.pool[self.random.randrange(len(self.pool))] = data


def failure_of(data: bytes) -> str:
    """What kind of thing goes wrong with a file; empty when nothing does."""
    try:
        one(data)
    except Exception as problem:
        return re.sub(r"[0-9]+", "…", f"{type(problem).__name__} {problem}".partition(":")[0])
    return ""


def shrink(data: bytes, kind: str) -> bytes:
    """A smaller file that fails in the same way."""
    size = len(data) // 2
    while size:
        at = 0
        while at < len(data):
            smaller = data[:at] + data[at + size :]
            if failure_of(smaller) == kind:
                data = smaller
            else:
                at += size
        size //= 2
    return data


def run(job: int, *, executions: int, seed: int, folder: Path) -> list[Path]:
    """One process's share.

    Returns:
        The files with which something went wrong, one for each kind of failure.
    """
    fuzzer = Fuzzer(seed * 1_000 + job)
    crashers: dict[str, Path] = {}
    started = time.monotonic()
    for count in range(1, executions + 1):
        data = fuzzer.next()
        try:
            fuzzer.learn(data, one(data))
        except Exception as problem:
            kind = failure_of(data)
            if kind and kind not in crashers:
                small = shrink(data, kind)
                crashers[kind] = folder / f"crash-{zlib.crc32(small):08x}.svg"
                crashers[kind].write_bytes(small)
                print(f"job {job}: {crashers[kind]}: {problem!r:.300}", flush=True)
            if len(crashers) >= KINDS_OF_CRASH:
                break
        if count % CHUNK == 0 or count == executions:
            speed = count / (time.monotonic() - started)
            print(
                f"job {job}: {count:,} of {executions:,}, {speed:,.0f}/s, {len(fuzzer.seen):,} combinations", flush=True
            )
    return list(crashers.values())


def main() -> int:
    """Fuzz, and tell by the exit status whether everything held."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--executions", type=int, default=200_000, help="in all jobs together")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--out", type=Path, default=Path(), help="folder for files that break something")
    parser.add_argument("--atheris", action="store_true", help="let atheris drive; further arguments are its own")
    options, rest = parser.parse_known_args()
    if options.atheris:
        import atheris

        atheris.Setup([sys.argv[0], *rest], one)
        atheris.Fuzz()
        return 0
    slow = [stretched for stretched in STRETCHED if failure_of(stretched.document(STRETCHED_TO))]
    for stretched in slow:
        print(f"{failure_of(stretched.document(STRETCHED_TO))}: {stretched.head[-60:]!r} and many {stretched.unit!r}")
    share = partial(run, executions=options.executions // options.jobs, seed=options.seed, folder=options.out)
    with ProcessPoolExecutor(options.jobs) as pool:
        crashers = [path for paths in pool.map(share, range(options.jobs)) for path in paths]
    print(f"{len(crashers)} kinds of failure" if crashers else "everything else held" if slow else "everything held")
    return 1 if crashers or slow else 0


if __name__ == "__main__":
    sys.exit(main())
