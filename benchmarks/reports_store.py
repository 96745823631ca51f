"""Rows per second that the store of aggregate reports takes, and the most memory it needs.

Two loads of generated rows: few large reports, and many small ones. SQLite, and PostgreSQL where it is installed (a
server of its own, or that of ``--postgresql URL``, whose database is emptied). Each runs in a process of its own, so
that the memory is its own; making the rows is measured apart and taken off. The totals are compared with the rows'.

Usage: python -m benchmarks.reports_store [--rows N] [--postgresql URL]
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from bimikit.aggregate.feedback import Envelope, Feedback, Head, Policy, Row, Signature
from bimikit.aggregate.store import Store
from tools.postgresql import programs, server

LOADS = {"reports of 50,000 rows": 50_000, "reports of 100 rows": 100}
_BEGIN = datetime(2026, 1, 1, tzinfo=UTC)


def rows(seed: int, count: int) -> Iterator[Row]:
    """Rows of a report: 5,000 addresses, 400 outcomes."""
    random = Random(seed)
    for _ in range(count):
        kind = random.randrange(400)
        address = random.randrange(5000)
        passes = "pass" if kind % 7 else "fail"
        yield Row(
            f"198.51.{address // 256}.{address % 256}",
            random.randrange(1, 60),
            "none",
            passes,
            "pass" if kind % 3 else "fail",
            ("forwarded",) if kind % 11 == 0 else (),
            "example.com",
            f"bounce{kind}.example.com",
            (Signature("example.com", f"s{kind % 5}", passes), Signature("sender.example.net", "m1", "pass")),
            (Envelope(f"bounce{kind}.example.com", "mfrom", "pass"),),
        )


def reports(total: int, each: int) -> Iterator[Feedback]:
    """So many rows in reports of so many each."""
    for number in range(total // each):
        begin = _BEGIN + timedelta(days=number % 300)
        head = Head(
            f"reporter{number % 20}.example", "dmarc@reporter.example", f"id{number}", begin,
            begin + timedelta(days=1), Policy("example.com", "none"),
        )  # fmt: skip
        yield Feedback(head, rows(number, each))


def measured(place: str, total: int, each: int) -> tuple[float, float, float, float]:
    """Seconds to store and to ask, and megabytes before and at most."""
    started = time.perf_counter()
    expected = sum(row.count for one in reports(total, each) for row in one.rows)
    making = time.perf_counter() - started
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    with Store.open(place) as store:
        started = time.perf_counter()
        for one in reports(total, each):
            store.add(one)
        storing = time.perf_counter() - started - making
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        started = time.perf_counter()
        totals = store.totals("example.com")
        groups = sum(1 for _ in store.sources("example.com"))
        days = list(store.volumes("example.com"))
        asking = time.perf_counter() - started
    assert totals.messages == expected == sum(day.messages for day in days)
    assert totals.rows == total // each * each
    assert groups
    return storing, asking, before, most


def main() -> None:
    """Print a line for each load and database."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rows", type=int, default=1_000_000, help="rows in all")
    options.add_argument("--postgresql", help="the URL of an empty database")
    chosen = options.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url = chosen.postgresql
        if url is None and (found := programs()) is not None:
            url = stack.enter_context(server(found)) + "/postgres"
        for nth, (load, each) in enumerate(LOADS.items()):
            places = {"SQLite": str(folder / f"{each}.db")}
            if url is None:
                print("PostgreSQL isn't installed: left out")
            elif chosen.postgresql is None or nth == 0:
                places["PostgreSQL"] = url
            for database, place in places.items():
                if nth and database == "PostgreSQL":
                    _emptied(place)
                with multiprocessing.get_context("spawn").Pool(1) as pool:
                    storing, asking, before, most = pool.apply(measured, (place, chosen.rows, each))
                rate = chosen.rows / storing
                print(
                    f"{database:11} {chosen.rows:,} rows in {load}: {storing:6.1f} s, {rate:9,.0f} rows/s, "
                    f"{most:5.0f} MB at most ({before:.0f} before); questions {asking:.1f} s",
                    flush=True,
                )


def _emptied(url: str) -> None:
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")


if __name__ == "__main__":
    main()
