"""Domains per second for DMARC and BIMI in both readings, beside a plain dnspython loop and checkdmarc in the same run.

NSD (Debian's package `nsd`), a name server in C, has the zone and runs beside; every domain has records of its own. The
dnspython loop asks the same two questions of each domain, many at once, and judges nothing; checkdmarc's API checks one
domain after the other, and does other work besides. `--domains` names are asked for by bimikit, fewer by the others.

With `--hard`, what isn't so easy: the server behind dnsdist (Debian's package `dnsdist`), which delays every answer by
20 ms, or answers nothing for 2 % of the domains, as dead name servers do; beside it dnsdist alone, for its own cost.
With `--million`, a million names, for the memory that the scan takes (the answers are those of domains that aren't
there).

Usage: python -m benchmarks.scan [--domains 60000] [--hard] [--million]
"""

from __future__ import annotations

import argparse
import asyncio
import resource
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import dns.asyncresolver
import dns.exception
import dns.resolver

from bimikit.portfolio.row import UNDECIDED
from bimikit.portfolio.scan import scan_domains

_Kind = TypeVar("_Kind", bound=dns.resolver.BaseResolver)
TOP = "test"
POLICIES = ("reject", "quarantine", "none")
OTHERS = 1_500
"""Domains that the others check: they take long."""
AT_ONCE = 200
CONFIGURATION = """
server:
  ip-address: 127.0.0.1@{port}
  username: ""
  zonesdir: "{folder}"
  database: ""
  pidfile: "{folder}/pid"
  xfrdfile: "{folder}/xfrd"
  zonelistfile: "{folder}/zones"
  logfile: "{folder}/log"
  server-count: 1
  rrl-ratelimit: 0
  minimal-responses: yes
remote-control:
  control-enable: no
zone:
  name: "{top}"
  zonefile: "zone"
"""


def domain(number: int) -> str:
    """The name of a domain."""
    return f"d{number:07d}.{TOP}"


def zone(count: int) -> Iterator[str]:
    """A zone file: nine domains of ten have DMARC, one of four an Assertion Record."""
    yield f"$ORIGIN {TOP}.\n$TTL 3600\n@ IN SOA ns h 1 3600 600 86400 300\n@ IN NS ns\nns IN A 127.0.0.1\n"
    for number in range(count):
        name = domain(number)
        yield f"{name}. IN A 192.0.2.1\n"
        if number % 10 != 9:
            policy = POLICIES[number % 3]
            yield f'_dmarc.{name}. IN TXT "v=DMARC1; p={policy}; rua=mailto:reports-{number}@{name}"\n'
        if number % 4 == 0:
            yield f'default._bimi.{name}. IN TXT "v=BIMI1; l=https://{name}/logo.svg; a=https://{name}/vmc.pem"\n'


@contextmanager
def server(program: str, count: int) -> Iterator[int]:
    """NSD with the zone, on a port of loopback."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "zone").write_text("".join(zone(count)), encoding="ascii")
        file = Path(folder, "nsd.conf")
        file.write_text(CONFIGURATION.format(port=port, folder=folder, top=TOP), encoding="ascii")
        running = subprocess.Popen([program, "-d", "-c", str(file)], stderr=subprocess.DEVNULL)
        try:
            _await(port)
            yield port
        finally:
            running.terminate()
            running.wait()


def _await(port: int) -> None:
    """Return when a server answers."""
    asking = plain_resolver(port, dns.resolver.Resolver)
    for _ in range(60):
        try:
            asking.resolve(TOP, "SOA")
            return
        except dns.exception.DNSException:
            time.sleep(0.5)


def plain_resolver(port: int, kind: type[_Kind]) -> _Kind:
    """A resolver of dnspython that asks the server."""
    resolver = kind(configure=False)
    resolver.nameservers, resolver.port = ["127.0.0.1"], port
    return resolver


async def ours(port: int, count: int) -> Counter[str]:
    """Scan, and count by state."""
    states: Counter[str] = Counter()
    async for row in scan_domains(map(domain, range(count)), servers=[("127.0.0.1", port)]):
        states[row.state] += 1
    return states


async def plain(port: int, count: int) -> None:
    """Ask what decides, and judge nothing."""
    resolver = plain_resolver(port, dns.asyncresolver.Resolver)
    room = asyncio.Semaphore(AT_ONCE)

    async def ask(name: str) -> None:
        async with room:
            for asked in (f"_dmarc.{name}", f"default._bimi.{name}"):
                try:
                    await resolver.resolve(asked, "TXT")
                except dns.exception.DNSException:
                    continue

    await asyncio.gather(*(ask(domain(number)) for number in range(count)))


def theirs(port: int, count: int) -> None:
    """Check DMARC of each domain with checkdmarc."""
    from checkdmarc.dmarc import check_dmarc

    resolver = plain_resolver(port, dns.resolver.Resolver)
    for number in range(count):
        check_dmarc(domain(number), resolver=resolver)


DEAD = 50
"""Of so many domains one has dead name servers."""
FRONT = """
setLocal("127.0.0.1:{port}")
setACL("127.0.0.0/8")
newServer({{address="127.0.0.1:{behind}", sockets=8, checkInterval=60, maxCheckFailures=100}})
setMaxUDPOutstanding(65535)
{rule}
"""
RULES = {
    "dnsdist between": "",
    "20 ms added to every answer": "addAction(AllRule(), DelayAction(20))",
    "2 % dead name servers": r'addAction(RegexRule("(^|\\.)d[0-9]*({dead})\\.test$"), DropAction())',
}


def is_dead(number: int) -> bool:
    """Whether a domain's name servers are dead."""
    return number % DEAD == DEAD - 1


@contextmanager
def front(program: str, behind: int, rule: str) -> Iterator[int]:
    """The server behind dnsdist."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    dead = "|".join(f"{last:02d}" for last in range(100) if is_dead(last))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "dnsdist.conf")
        file.write_text(FRONT.format(port=port, behind=behind, rule=rule.format(dead=dead)), encoding="ascii")
        command = [program, "--supervised", "-C", str(file)]
        running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            _await(port)
            yield port
        finally:
            running.terminate()
            running.wait()


def hard(port: int, count: int) -> None:
    """Measure behind dnsdist."""
    program = shutil.which("dnsdist") or shutil.which("/usr/bin/dnsdist")
    if program is None:
        sys.exit("this needs Debian's dnsdist")
    for name, rule in RULES.items():
        with front(program, port, rule) as before:
            begun, used = time.perf_counter(), time.process_time()
            states = asyncio.run(ours(before, count))
            report(name, count, begun, used)
            expected = sum(map(is_dead, range(count))) if "Drop" in rule else 0
            print(f"{'':32} {states[UNDECIDED]} undecided, {expected} expected")


def million(port: int) -> None:
    """Measure the memory of a process of its own."""
    subprocess.run([sys.executable, "-m", "benchmarks.scan", "--million-at", str(port)], check=True)


async def alone(port: int) -> None:
    """Scan a million names that aren't there, and tell the memory that this took."""
    begun, count, at_first = time.perf_counter(), 0, 0
    names = (f"m{number:07d}.{TOP}" for number in range(1_000_000))
    async for _ in scan_domains(names, servers=[("127.0.0.1", port)]):
        count += 1
        if count == 100_000:
            at_first = _most_memory()
    rate = count / (time.perf_counter() - begun)
    print(f"{count:,} names: {rate:,.0f}/s, {_most_memory()} MB at most, {at_first} MB after 100,000")


def _most_memory() -> int:
    """MB of this program alone: what `resource` tells begins with what the one took that started it."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))) // 1024


def report(name: str, count: int, begun: float, used: float) -> None:
    """Print a rate."""
    wall, cpu = time.perf_counter() - begun, time.process_time() - used
    print(f"{name:32} {count / wall:9,.0f} domains/s   {count / cpu:9,.0f} for each second of the processor")


def main() -> None:
    """Measure all three."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--domains", type=int, default=60_000)
    options.add_argument("--hard", action="store_true")
    options.add_argument("--million", action="store_true")
    options.add_argument("--million-at", type=int, help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.million_at:
        asyncio.run(alone(given.million_at))
        return
    count = given.domains
    program = shutil.which("nsd") or shutil.which("/usr/sbin/nsd")
    if program is None:
        sys.exit("this needs Debian's nsd")
    with server(program, count) as port:
        begun, used = time.perf_counter(), time.process_time()
        states = asyncio.run(ours(port, count))
        report("bimikit, both readings", count, begun, used)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(f"{'':32} {dict(sorted(states.items()))}, {states[UNDECIDED]} undecided, {peak} MB at most")
        if given.hard:
            hard(port, count)
        if given.million:
            million(port)
        begun, used = time.perf_counter(), time.process_time()
        asyncio.run(plain(port, OTHERS))
        report("dnspython, questions alone", OTHERS, begun, used)
        try:
            import checkdmarc.dmarc  # noqa: F401
        except ImportError:
            print("checkdmarc is not installed (make bench installs it)")
            return
        begun, used = time.perf_counter(), time.process_time()
        theirs(port, OTHERS // 10)
        report("checkdmarc, DMARC alone", OTHERS // 10, begun, used)


if __name__ == "__main__":
    main()
