"""Rows per second of a scan by one worker of a Dask cluster, by two, and by one process without any cluster.

What is measured is whether a second worker doubles what politeness and latency allow, that is, what the scheduler, the
way of the rows and this client cost. It isn't how fast two processors are: on one machine they are shared with the name
server and the client. So every answer comes late (dnsdist, Debian's package, waits before it asks NSD), and each worker
has the same small number of questions under way; `scan_on_cluster` divides its `in_flight` by the workers, so that it
is given twice as many for two, as where each worker has a resolver of its own. The single process has as many as one
worker.

Rounds follow each other in turn, since others may load the machine; the median counts, and the spread is told. The
time begins when all workers take part, and ends with the last row. The bar: two workers give at least 1.7 times one.

Usage: python -m benchmarks.cluster [--domains 12000] [--rounds 5] [--delay 100] [--in-flight 150]
"""

from __future__ import annotations

import argparse
import asyncio
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from benchmarks.scan import domain, server
from bimikit.portfolio.cluster import JOINED, Happened, scan_on_cluster
from bimikit.portfolio.names import Given
from bimikit.portfolio.row import UNDECIDED, Scanned
from bimikit.portfolio.scan import scan_domains

BAR = 1.7
CONFIGURATION = """
setLocal("127.0.0.1:{port}")
newServer("127.0.0.1:{behind}")
setMaxUDPOutstanding(65535)
addAction(AllRule(), DelayAction({delay}))
"""


@contextmanager
def late(program: str, behind: int, delay: int) -> Iterator[int]:
    """A port of loopback where what another answers comes some milliseconds later."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "dnsdist.conf")
        file.write_text(CONFIGURATION.format(port=port, behind=behind, delay=delay), encoding="ascii")
        command = [program, "--supervised", "--disable-syslog", "-C", str(file)]
        running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            time.sleep(2)
            yield port
        finally:
            running.terminate()
            running.wait()


def given(count: int) -> Iterator[Given]:
    """The domains."""
    return (Given(number + 1, domain(number)) for number in range(count))


class Clock:
    """Takes the time from when the last worker takes part; there may be none."""

    def __init__(self) -> None:
        self.begun = time.perf_counter()

    def told(self, happened: Happened) -> None:
        """Something happened to the cluster."""
        if happened.what != JOINED:
            sys.exit(f"{happened.worker}: {happened.what}")
        self.begun = time.perf_counter()


def alone(port: int, count: int, in_flight: int, _clock: Clock) -> Iterator[Scanned]:
    """Rows of one process, taken as the cluster's are."""
    loop = asyncio.new_event_loop()
    rows = scan_domains(given(count), servers=[("127.0.0.1", port)], in_flight=in_flight)
    try:
        while True:
            try:
                yield loop.run_until_complete(anext(rows))
            except StopAsyncIteration:
                return
    finally:
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()


def together(workers: int, port: int, count: int, in_flight: int, clock: Clock) -> Iterator[Scanned]:
    """Rows of a cluster, every worker of which may ask so much."""
    return scan_on_cluster(
        given(count),
        servers=[("127.0.0.1", port)],
        workers=workers,
        in_flight=in_flight * workers,
        told=clock.told,
    )


def rate(way: Way, port: int, count: int, in_flight: int) -> float:
    """Rows per second.

    Raises:
        SystemExit: A row is missing, there twice, or wasn't found out.
    """
    seen: Counter[int] = Counter()
    unknown, clock = 0, Clock()
    for row in way(port, count, in_flight, clock):
        seen[row.number] += 1
        unknown += row.state == UNDECIDED
        ended = time.perf_counter()
    if len(seen) != count or max(seen.values()) > 1 or unknown:
        sys.exit(f"{len(seen)} of {count} rows, at most {max(seen.values())} of a domain, {unknown} not found out")
    return count / (ended - clock.begun)


Way = Callable[[int, int, int, Clock], Iterator[Scanned]]


def main() -> None:
    """Measure in turn, and compare."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--domains", type=int, default=12_000)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--delay", type=int, default=100, help="milliseconds before each answer")
    options.add_argument("--in-flight", type=int, default=150, help="questions of each worker")
    asked = options.parse_args()
    nsd, dnsdist = shutil.which("nsd") or shutil.which("/usr/sbin/nsd"), shutil.which("dnsdist")
    if nsd is None or dnsdist is None:
        sys.exit("this needs Debian's nsd and dnsdist")
    ways: dict[str, Way] = {
        "one process": alone,
        "one worker": partial(together, 1),
        "two workers": partial(together, 2),
    }
    rates: dict[str, list[float]] = {name: [] for name in ways}
    with server(nsd, asked.domains) as behind, late(dnsdist, behind, asked.delay) as port:
        for _ in range(asked.rounds):
            for name, way in ways.items():
                rates[name].append(rate(way, port, asked.domains, asked.in_flight))
                print(f"{name:12} {rates[name][-1]:8,.0f} rows/s", flush=True)
    print()
    for name, each in rates.items():
        print(f"{name:12} {statistics.median(each):8,.0f} rows/s   ({min(each):,.0f} to {max(each):,.0f})")
    ratios = [two / one for one, two in zip(rates["one worker"], rates["two workers"], strict=True)]
    found = statistics.median(ratios)
    spread = f"{min(ratios):.2f} to {max(ratios):.2f}"
    print(f"two workers give {found:.2f} times one ({spread}); at least {BAR} wanted")
    if found < BAR:
        sys.exit(1)


if __name__ == "__main__":
    main()
