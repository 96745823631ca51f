"""`at_once`: several questions at a time, of which nobody has to await the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import suppress
from queue import Empty, SimpleQueue
from threading import Thread
from typing import TypeVar

_MOST_THREADS = 8
_LOOK_UP = 0.2
"""Seconds between two looks at whether somebody interrupts; Windows tells of it only between waits."""

_Answer = TypeVar("_Answer")


def at_once(questions: Sequence[Callable[[], _Answer]], name: str) -> Iterator[tuple[int, _Answer]]:
    """Ask up to eight at a time, each in a thread; the answers as they come, with the question's number from 0.

    The threads are daemons: whoever stops iterating, because of an interrupt for instance, waits for none of them, as
    an executor would have it. What has not begun by then never does.

    Args:
        questions: What is asked.
        name: What the threads are called.

    Raises:
        Exception: What a question raises.
    """
    unasked: SimpleQueue[int] = SimpleQueue()
    answers: SimpleQueue[tuple[int, Future[_Answer]]] = SimpleQueue()
    for number in range(len(questions)):
        unasked.put(number)

    def ask() -> None:
        with suppress(Empty):
            while True:
                number = unasked.get_nowait()
                answers.put((number, _asked(questions[number])))

    for number in range(min(len(questions), _MOST_THREADS)):
        Thread(target=ask, name=f"{name}-{number}", daemon=True).start()
    try:
        for _ in questions:
            number, asked = _next(answers)
            yield number, asked.result()
    finally:
        with suppress(Empty):
            while True:
                unasked.get_nowait()


def _asked(question: Callable[[], _Answer]) -> Future[_Answer]:
    asked: Future[_Answer] = Future()
    try:
        asked.set_result(question())
    except BaseException as problem:  # it is for who asked
        asked.set_exception(problem)
    return asked


def _next(answers: SimpleQueue[_Answer]) -> _Answer:
    while True:
        with suppress(Empty):
            return answers.get(timeout=_LOOK_UP)
