"""From files to the store: each report of a file is stored, and the file marked as read once nothing of it is left.

A report is stored whole and at once, so that whoever is killed loses none that was told of, and may begin again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import PurePath
from typing import BinaryIO, TypeAlias

import msgspec

from .containers import ContainerLimits, Problem, documents_in
from .feedback import Feedback, FeedbackError, Row
from .reading import read_feedback
from .store import Added, Store

_ROWS_BETWEEN = 2_000
"""After so many rows somebody is told that it goes on."""
_AT_ONCE = 1024 * 1024
NO_REPORT = "no-report"
"""Why a message is passed over that has nothing to do with reports, as others in the same mailbox do."""


class Taken(msgspec.Struct, frozen=True):
    """A report that is in the store now.

    Attributes:
        name: Where it comes from, as that of a document.
        added: What became of it.
    """

    name: str
    added: Added


class Known(msgspec.Struct, frozen=True):
    """A file that was read to its end before, with nothing amiss.

    Attributes:
        name: The file.
    """

    name: str


Event: TypeAlias = Taken | Known | Problem


def import_file(
    store: Store,
    file: BinaryIO,
    name: str,
    *,
    limits: ContainerLimits | None = None,
    watch: Callable[[int], None] = lambda _rows: None,
) -> Iterator[Event]:
    """Store what a file holds; what can't be read is told of, and the rest goes on.

    A file with something amiss isn't marked as read, so that it is told of again, and read again by a later bimikit.

    Args:
        store: Where to.
        file: The file, at its beginning; it can be read from any place.
        name: What it is called.
        limits: Bounds on it.
        watch: Called now and then with the number of rows read since it was last called.

    Raises:
        StoreError: The store can't be used.
        OSError: The file can't be read to its end.
    """
    base, sha256 = PurePath(name).name, _sha256(file)
    if store.has_source(base, sha256):
        yield Known(name)
        return
    file.seek(0)
    sound, taken = True, 0
    for found in documents_in(file, name, limits):
        try:
            if isinstance(found, Problem):
                raise found.error
            added = store.add(_watched(read_feedback(found.stream), watch), found.name)
        except FeedbackError as problem:
            sound = sound and problem.reason == NO_REPORT
            yield Problem(found.name, problem)
        else:
            taken += 1
            yield Taken(found.name, added)
    if sound and taken:
        store.add_source(base, sha256)


def _sha256(file: BinaryIO) -> str:
    digest = hashlib.sha256()
    while data := file.read(_AT_ONCE):
        digest.update(data)
    return digest.hexdigest()


def _watched(feedback: Feedback, watch: Callable[[int], None]) -> Feedback:
    def rows() -> Iterator[Row]:
        since = 0
        for row in feedback.rows:
            since += 1
            if since == _ROWS_BETWEEN:
                watch(since)
                since = 0
            yield row
        watch(since)

    return Feedback(feedback.head, rows())
