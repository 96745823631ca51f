"""The search: mutations of bytes, led by what they bring about; failures made small. Equal seeds give equal runs.

A file that brings about something not seen before joins the pool, which leads the search deeper without
instrumentation. With atheris installed (`guided`), coverage leads it instead, with the same targets and mutations.
"""

from __future__ import annotations

import re
import signal
import time
import zlib
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random

SLOWEST = 3.0
"""Seconds of processor time for one execution on a slow machine; what gets out of hand takes far longer."""
ENDLESS = 20
"""Seconds after which an execution is interrupted."""
MOST_IN_POOL = 5_000
LONGEST = 20_000
"""Bytes: longer files slow the search down and break little more; the limits have tests of their own."""
KINDS_OF_CRASH = 10
"""After so many different ones a run ends."""
MOST_SHRINKING = 4_000
"""Executions that go into making one failure small."""


class Broken(AssertionError):
    """Something that must always hold, doesn't."""


def require(holds: bool, what: str) -> None:
    """Complain where something that must always hold, doesn't.

    Raises:
        Broken: It doesn't.
    """
    if not holds:
        raise Broken(what)


Mutation = Callable[[bytes, Random, Sequence[bytes]], bytes]
"""Makes a new file of an old one, which isn't empty; the pool is there to take from."""


@dataclass(frozen=True)
class Target:
    """A parser, and what must hold of it.

    Attributes:
        name: Its name on the command line.
        about: What is held against what, in a few words.
        seeds: Files to start from, for a seed of the run.
        check: Does it, and answers with what came about: equal for files that are alike to the parser.
        mutations: What can be done to a file, and how often it is.
    """

    name: str
    about: str
    seeds: Callable[[int], Sequence[bytes]]
    check: Callable[[bytes], Hashable]
    mutations: tuple[tuple[Mutation, int], ...]


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


def splice(data: bytes, random: Random, pool: Sequence[bytes]) -> bytes:
    """The beginning of one file and the end of another."""
    other = random.choice(pool)
    return data[: random.randrange(len(data))] + other[random.randrange(len(other)) :]


def swap(data: bytes, random: Random, _pool: Sequence[bytes]) -> bytes:
    """Two pieces in each other's place."""
    first, second, third = sorted(random.randrange(len(data) + 1) for _ in range(3))
    return data[:first] + data[second:third] + data[first:second] + data[third:]


def words(*tokens: str | bytes) -> tuple[tuple[Mutation, int], ...]:
    """Mutations of bytes, and of words by a dictionary.

    Args:
        tokens: The dictionary.
    """
    known = [token if isinstance(token, bytes) else token.encode("utf-8", "surrogateescape") for token in tokens]

    def insert(data: bytes, random: Random, _pool: Sequence[bytes]) -> bytes:
        at = random.randrange(len(data) + 1)
        return data[:at] + random.choice(known) + data[at:]

    def change_word(data: bytes, random: Random, _pool: Sequence[bytes]) -> bytes:
        found = _WORD(data, random.randrange(len(data)))
        return insert(data, random, _pool) if found is None else _replaced(data, found, random.choice(known))

    return (*BYTES, (insert, 12), (change_word, 12)) if known else BYTES


_WORD = re.compile(rb"[A-Za-z0-9_-]+|[^A-Za-z0-9_\s]|\s+").search


def _replaced(data: bytes, found: re.Match[bytes], instead: bytes) -> bytes:
    return data[: found.start()] + instead + data[found.end() :]


BYTES: tuple[tuple[Mutation, int], ...] = (
    (change_byte, 8),
    (cut, 6),
    (truncate, 1),
    (repeat, 4),
    (splice, 3),
    (swap, 2),
)


def mutated(target: Target, data: bytes, random: Random, pool: Sequence[bytes]) -> bytes:
    """Another file made of one."""
    mutations, weights = zip(*target.mutations, strict=True)
    for mutation in random.choices(mutations, weights, k=random.choice((1, 1, 2, 3, 5))):
        data = mutation(data, random, pool) or b"<"
    return data[:LONGEST]


class Fuzzer:
    """An endless, repeatable stream of files, led by what they bring about.

    Attributes:
        pool: The files that mutations start from.
        seen: What came about so far.
    """

    def __init__(self, target: Target, seed: int, corpus: Sequence[bytes] = ()) -> None:
        self.target = target
        self.random = Random(seed)
        self.pool = [data for data in (*target.seeds(seed), *corpus) if data]
        self.seen: set[Hashable] = set()

    def next(self) -> bytes:
        """Another file."""
        return mutated(self.target, self.random.choice(self.pool), self.random, self.pool)

    def learn(self, data: bytes, signature: Hashable) -> bool:
        """Keep a file that brought about something new; whether it did."""
        if signature in self.seen:
            return False
        self.seen.add(signature)
        if len(self.pool) < MOST_IN_POOL:
            self.pool.append(data)
        else:
            self.pool[self.random.randrange(len(self.pool))] = data
        return True


def attempt(target: Target, data: bytes) -> Hashable:
    """Execute once.

    Raises:
        Exception: Something didn't hold.
    """
    started = time.process_time()
    signature = target.check(data)
    took = time.process_time() - started
    require(took <= SLOWEST, f"took {took:.1f} s")
    return signature


def failure_of(target: Target, data: bytes) -> str:
    """What kind of thing goes wrong with a file; empty when nothing does."""
    try:
        attempt(target, data)
    except Exception as problem:
        return kind_of(problem)
    return ""


def kind_of(problem: Exception) -> str:
    """What kind of thing went wrong: by its text or, for what nobody raised on purpose, where."""
    told = re.sub(r"[0-9]+", "…", f"{type(problem).__name__} {problem}".partition(":")[0])
    if isinstance(problem, Broken) or problem.__traceback__ is None:
        return told
    trace = problem.__traceback__
    while trace.tb_next is not None:
        trace = trace.tb_next
    return f"{type(problem).__name__} in {trace.tb_frame.f_code.co_name}"


def shrink(target: Target, data: bytes, kind: str) -> bytes:
    """A smaller file that fails in the same way."""
    left = MOST_SHRINKING
    size = len(data) // 2
    while size and left > 0:
        at = 0
        while at < len(data) and left > 0:
            left -= 1
            smaller = data[:at] + data[at + size :]
            if failure_of(target, smaller) == kind:
                data = smaller
            else:
                at += size
        size //= 2
    return data


@contextmanager
def interrupted() -> Iterator[Callable[[], None]]:
    """Interrupt what takes for ever; the clock begins anew with each call. For the main thread of a process alone."""

    def give_up(_number: int, _frame: object) -> None:
        raise Broken("takes for ever")

    before = signal.signal(signal.SIGALRM, give_up)
    try:
        yield lambda: signal.setitimer(signal.ITIMER_REAL, ENDLESS) and None
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def search(target: Target, *, executions: int, seconds: float, seed: int, folder: Path) -> None:
    """Look for failures; each kind of them once goes into ``folder/crashes``, what is new into ``folder/corpus``.

    Args:
        target: Where.
        executions: How many at most.
        seconds: For how long at most.
        seed: Of the run.
        folder: The target's own.
    """
    corpus = folder / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    (folder / "crashes").mkdir(exist_ok=True)
    fuzzer = Fuzzer(target, seed, [path.read_bytes() for path in sorted(corpus.iterdir())[-MOST_IN_POOL // 2 :]])
    kinds: set[str] = set()
    started = time.monotonic()
    done = 0
    with interrupted() as restart, (folder / "current").open("wb", buffering=0) as current:
        while done < executions and time.monotonic() - started <= seconds:
            done += 1
            data = fuzzer.next()
            current.seek(0)
            current.write(data)
            current.truncate()
            restart()
            try:
                if fuzzer.learn(data, attempt(target, data)):
                    (corpus / f"{zlib.crc32(data):08x}").write_bytes(data)
            except Exception as problem:
                kind = kind_of(problem)
                if kind not in kinds:
                    kinds.add(kind)
                    (folder / "crashes" / f"crash-{zlib.crc32(data):08x}").write_bytes(data)
                if len(kinds) >= KINDS_OF_CRASH:
                    break
    (folder / "current").unlink()
    took = time.monotonic() - started
    print(f"{target.name}: {done:,} executions in {took:.0f} s, {len(fuzzer.seen):,} kinds of outcome", flush=True)
