"""The portal under load: time to the first verdict, fifty people at once, and clients that dawdle beside them.

It starts the real server on loopback, rates off, and asks it from a process of its own with plain sockets, light enough
not to be what is measured. The bars: a verdict on a logo within 300 ms for one client; fifty who upload one logo after
the other for a minute without an error, 99 of 100 answers within two seconds, memory flat; two hundred
clients that send a byte a second, take none of their answer, or say nothing at all hold up nobody.

Usage: python -m benchmarks.portal [--clients 50] [--seconds 60] [--workers 2]
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from itertools import cycle
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent
FIRST, MOST = 0.3, 2.0
DAWDLERS = 200
_BOUNDARY = "----------------portal"


class Answer(NamedTuple):
    """One answer: when it came, how long it took, its status (0 for none), and its size."""

    at: float
    seconds: float
    status: int
    size: int


def uploads() -> list[bytes]:
    """Requests as a browser sends them: several logos, each conformant or as an editor writes it."""
    logos = [
        *sorted((ROOT / "webapp" / "samples").glob("*.svg")),
        *sorted((ROOT / "fixtures" / "repair").rglob("*.svg")),
    ]
    chosen = [path for path in logos if path.stat().st_size < 50_000][:8]
    found = []
    for path in chosen:
        body = (
            f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="files"; filename="{path.name}"\r\n'
            "Content-Type: image/svg+xml\r\n\r\n"
        ).encode()
        body += path.read_bytes() + f"\r\n--{_BOUNDARY}--\r\n".encode()
        head = (
            "POST /check HTTP/1.1\r\nHost: localhost\r\nAccept: text/html\r\n"
            f"Content-Type: multipart/form-data; boundary={_BOUNDARY}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        found.append(head.encode() + body)
    return found


async def ask(streams: tuple[asyncio.StreamReader, asyncio.StreamWriter], request: bytes) -> tuple[int, int]:
    """Send a request; status and size of the answer."""
    reader, writer = streams
    writer.write(request)
    await writer.drain()
    head = await reader.readuntil(b"\r\n\r\n")
    length = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
    size = int(length[1]) if length else 0
    await reader.readexactly(size)
    return int(head[9:12]), size


async def person(port: int, requests: list[bytes], first: int, until: float, answers: list[Answer]) -> None:
    """Uploads one logo after the other over one connection, as a browser does."""
    streams = None
    for request in (requests[(first + turn) % len(requests)] for turn in cycle(range(len(requests)))):
        began = time.perf_counter()
        if began >= until:
            break
        status = size = 0
        try:
            if streams is None:
                streams = await asyncio.open_connection("127.0.0.1", port)
            status, size = await asyncio.wait_for(ask(streams, request), 60)
        except (OSError, EOFError, TimeoutError):
            streams = None
        now = time.perf_counter()
        answers.append(Answer(now, now - began, status, size))
    if streams is not None:
        streams[1].close()


_SETTLED = 3.0
"""Seconds in which those who dawdle have begun to, and what some of them asked for is judged."""
_SAMPLE = b"sample=conformant"
_PLAIN = b"POST /check HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
DAWDLING = (
    (b"", _PLAIN * 9),
    (_PLAIN + b"Content-Length: 999\r\n\r\n", b"x" * 999),
    (_PLAIN + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n" * 99),
    (_PLAIN + b"Expect: 100-continue\r\nContent-Length: 999\r\n\r\n", b""),
    (_PLAIN + b"Content-Length: %d\r\n\r\n" % len(_SAMPLE) + _SAMPLE, b""),
    (b"", b""),
)
"""What those who dawdle send at once, and then byte by byte. None takes an answer."""


async def dawdle(port: int, number: int) -> None:
    """Send one byte a second, and then nothing."""
    at_once, slowly = DAWDLING[number % len(DAWDLING)]
    _reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1)
    writer.write(at_once)
    try:
        for byte in slowly:
            writer.write(bytes((byte,)))
            await asyncio.sleep(1)
        await asyncio.Event().wait()
    finally:
        writer.close()


async def load(port: int, clients: int, seconds: float, dawdlers: int) -> list[Answer]:
    """What so many people were answered."""
    requests = uploads()
    answers: list[Answer] = []
    slow = [asyncio.create_task(dawdle(port, number)) for number in range(dawdlers)]
    if slow:
        await asyncio.sleep(_SETTLED)
    until = time.perf_counter() + seconds
    await asyncio.gather(*(person(port, requests, number, until, answers) for number in range(clients)))
    for task in slow:
        task.cancel()
    await asyncio.gather(*slow, return_exceptions=True)
    return answers


def family(pid: int) -> list[int]:
    """A process and all below it."""
    found = [pid]
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(path.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        if parent == pid:
            found += family(int(path.parent.name))
    return found


def memory(pid: int) -> float:
    """MB that a process and those below it hold, shared pages counted once for each that shares them in part."""
    total = 0
    for one in family(pid):
        try:
            rollup = Path(f"/proc/{one}/smaps_rollup").read_text()
        except OSError:
            continue
        found = re.search(r"^Pss:\s+(\d+)", rollup, re.MULTILINE)
        total += int(found[1]) if found else 0
    return total / 1024


def spent(pid: int) -> dict[str, float]:
    """Seconds of processor time by kind of process: the server, those that judge, those that draw."""
    found = {"server": 0.0, "judge": 0.0, "draw": 0.0}
    for one in family(pid):
        try:
            fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
            line = Path(f"/proc/{one}/cmdline").read_text()
        except OSError:
            continue
        kind = "draw" if "render_worker" in line else "judge" if "worker.py" in line else "server"
        found[kind] += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return found


def told(name: str, answers: list[Answer], seconds: float) -> tuple[float, float]:
    """Print what the answers were like; the one in the middle, and the 99th of a hundred."""
    times = sorted(answer.seconds for answer in answers)
    bad = [answer.status for answer in answers if answer.status != 200]
    median, late = (times[min(len(times) - 1, int(len(times) * share))] for share in (0.5, 0.99))
    print(
        f"{name}: {len(times)} answers, {len(times) / seconds:.1f} a second, median {median * 1000:.0f} ms, "
        f"p99 {late * 1000:.0f} ms, slowest {times[-1] * 1000:.0f} ms, errors {len(bad)} {sorted(set(bad)) or ''}"
    )
    return median, late


def measured(port: int, clients: int, seconds: float, dawdlers: int = 0) -> list[Answer]:
    """The answers, asked for by a process of its own."""
    command = [sys.executable, "-m", "benchmarks.portal", "--port", str(port), "--clients", str(clients)]
    command += ["--seconds", str(seconds), "--dawdlers", str(dawdlers)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, cwd=ROOT)
    rows = (line.split() for line in done.stdout.splitlines())
    return [Answer(float(at), float(taken), int(status), int(size)) for at, taken, status, size in rows]


def bench(clients: int, seconds: float, workers: int) -> None:
    """Start the portal, and measure."""
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder, "log")
        command = [sys.executable, "-m", "bimikit", "portal", "--port", "0", "--workers", str(workers), "--no-live"]
        command += ["--rate", "check=0", "--rate", "repair=0"]
        with log.open("wb") as written:
            server = subprocess.Popen(command, stderr=written, cwd=ROOT)
        try:
            while not (found := re.search(r"open at http://127\.0\.0\.1:(\d+)/", log.read_text())):
                assert server.poll() is None, log.read_text()
                time.sleep(0.1)
            port = int(found[1])
            print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}, {workers} workers")
            first = measured(port, 1, 5)
            print(f"the first verdict of all: {first[0].seconds * 1000:.0f} ms; {first[0].size / 1024:.0f} KB")
            _median, late = told("one client", first[1:], 5)
            print("   within the bar" if late < FIRST else f"   OVER THE BAR of {FIRST * 1000:.0f} ms")
            alone, beside = [], []
            for _turn in range(2):  # by turns, since other work on the machine comes and goes
                alone.append(told("one client alone", measured(port, 1, 5), 5)[0])
                beside.append(told(f"one client beside {DAWDLERS} that dawdle", measured(port, 1, 5, DAWDLERS), 5)[0])
            print("   within the bar" if min(beside) < 1.3 * min(alone) else "   OVER THE BAR: held up")
            crowd(server.pid, port, clients, seconds)
        finally:
            server.send_signal(signal.SIGTERM)
            print(f"ended with {server.wait(60)}")


def crowd(pid: int, port: int, clients: int, seconds: float) -> None:
    """Many at once, and what they cost in memory."""
    held: list[float] = []
    done = threading.Event()

    def watch() -> None:
        while not done.is_set():
            held.append(memory(pid))
            done.wait(max(1.0, seconds / 12))

    watching = threading.Thread(target=watch)
    watching.start()
    before = spent(pid)
    answers = measured(port, clients, seconds)
    after = spent(pid)
    done.set()
    watching.join()
    _median, late = told(f"{clients} clients", answers, seconds)
    fine = late < MOST and all(answer.status == 200 for answer in answers)
    print("   within the bar" if fine else "   OVER THE BAR of no error, and 2 s")
    costs = {kind: 1000 * (after[kind] - before[kind]) / max(1, len(answers)) for kind in after}
    print("   processor time for each: " + ", ".join(f"{kind} {cost:.0f} ms" for kind, cost in costs.items()))
    print("   memory, MB: " + " ".join(f"{one:.0f}" for one in held))


def main() -> None:
    """Measure; or, with a port, only ask."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--workers", type=int, default=max(2, min(8, os.cpu_count() or 2)))
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--dawdlers", type=int, default=0)
    given = parser.parse_args()
    if not given.port:
        bench(given.clients, given.seconds, given.workers)
        return
    for answer in asyncio.run(load(given.port, given.clients, given.seconds, given.dawdlers)):
        print(*answer)


if __name__ == "__main__":
    main()
