"""Do bimikit and the AuthIndicators schema agree? Asks jing about thousands of mutants and compares.

Only the schema's ground is compared: rules that go further (an empty title, an unreadable colour) are listed in
``oracle_known.toml`` with their reason, and so are the few cases where the two part for a reason. Anything else is
printed, grouped, with its smallest document, and ends the run with status 1.

Needs Debian's ``jing`` and ``trang``, and the schema: ``python tools/oracle.py --rnc SVG_PS-latest.rnc``.
"""

from __future__ import annotations

import argparse
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import tomllib
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import NamedTuple
from xml.parsers import expat

from lxml import etree

from bimikit.engine import CRASHED
from bimikit.findings import Severity
from bimikit.svg.check import check_svg, decode
from tools.mutants import builtin_seeds, mutants
from tools.pairs import systematic

KNOWN = Path(__file__).with_name("oracle_known.toml")
BATCH = 1_000
AT_ONCE = 4_000
"""Documents on disk at a time."""
BATCH_SECONDS, ALONE_SECONDS = 120.0, 15.0
"""An entity bomb never ends in jing; what isn't judged by then counts as not valid."""
ASKED_OF_MALFORMED = 50
SHOWN = 700
"""Characters of a disagreement's document that are printed."""

_QUICK_JVM = {"JDK_JAVA_OPTIONS": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xshare:auto"}
"""For one small file nearly all the time is the JVM's start."""
_LINE = re.compile(r"(?P<path>/.*?\.svg):(?:\d+:\d+:)? ?(?P<kind>error|fatal|warning): (?P<text>.*)")


class Jing:
    """The schema's verdict on files, through jing's command line.

    jing reads a batch in order and ends at the first malformed file, so the rest is given to it again; it fetches
    external DTDs, which a catalog answers with an empty file; and it may never end, so it is stopped.
    """

    def __init__(self, rnc: Path, folder: Path) -> None:
        self.documents = folder / "documents"
        self.documents.mkdir()
        tools = folder / "schema"
        tools.mkdir()
        self.schema = tools / "schema.rng"
        self.catalog = tools / "catalog.xml"
        empty = tools / "empty.dtd"
        empty.touch()
        self.catalog.write_text(
            '<catalog xmlns="urn:oasis:names:tc:entity:xmlns:xml:catalog" prefer="system">'
            + "".join(
                f'<rewriteSystem systemIdStartString="{start}" rewritePrefix="{empty.as_uri()}?"/>'
                for start in ("http:", "https:", "ftp:", f"file:{self.documents}")
            )
            + "</catalog>"
        )
        subprocess.run(["trang", str(rnc), str(self.schema)], check=True)

    def messages(self, paths: Sequence[Path], *, alone: bool = False) -> dict[Path, str]:
        """The first complaint about each file; empty for a valid one.

        Args:
            paths: The files, none twice.
            alone: Give each its own JVM: for files that are likely to be malformed, or to never end.
        """
        size = 1 if alone else BATCH
        batches = [paths[start : start + size] for start in range(0, len(paths), size)]
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            return dict(chain.from_iterable(verdicts.items() for verdicts in pool.map(self._batch, batches)))

    def _batch(self, paths: Sequence[Path]) -> dict[Path, str]:
        verdicts: dict[Path, str] = {}
        while paths:
            found, done = self._run(paths)
            if not done and len(paths) > 1:
                # which file broke it isn't known: halve until it is alone
                half = len(paths) // 2
                return verdicts | self._batch(paths[:half]) | self._batch(paths[half:])
            verdicts |= found
            paths = paths[max(done, 1) :]
        return verdicts

    def _run(self, paths: Sequence[Path]) -> tuple[dict[Path, str], int]:
        """Verdicts on the first files of a batch, and how many were read; none when it broke at an unknown one."""
        one = len(paths) == 1
        command = ["jing", "-C", str(self.catalog), str(self.schema), *map(str, paths)]
        with tempfile.TemporaryFile() as output:
            process = subprocess.Popen(
                command,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                env=os.environ | (_QUICK_JVM if one else {}),
            )
            try:
                process.wait(ALONE_SECONDS if one else BATCH_SECONDS)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
            output.seek(0)
            lines = output.read().decode("utf-8", "replace").splitlines()
        verdicts = dict.fromkeys(paths, "")
        index_of = {str(path): index for index, path in enumerate(paths)}
        complaints = 0
        for line in lines:
            found = _LINE.match(line)
            index = index_of.get(found["path"]) if found else None
            if found is None or index is None:
                continue
            if found["kind"] == "warning":
                continue
            complaints += 1
            path = paths[index]
            verdicts[path] = verdicts[path] or f"{found['kind']}: {found['text']}"
            if found["kind"] == "fatal":
                return {path: verdicts[path] for path in paths[: index + 1]}, index + 1
        broken = [line for line in lines if not _LINE.match(line) and not line.startswith("NOTE:")]
        if process.returncode < 0 or broken or bool(process.returncode) != bool(complaints):
            return {paths[0]: f"jing broke: {broken[0] if broken else 'time'}"}, 0
        return verdicts, len(paths)


class Known(NamedTuple):
    """A case where bimikit and the schema part, and why that is right.

    Attributes:
        jing: ``valid`` or ``invalid``.
        rules: bimikit's findings on the schema's ground are among these; none for a document it takes.
        pattern: What the document contains.
        message: What jing says.
        reason: Why bimikit differs.
    """

    jing: str
    rules: frozenset[str]
    pattern: re.Pattern[str]
    message: re.Pattern[str]
    reason: str

    def explains(self, case: Case) -> bool:
        """Whether this is the case."""
        return (
            self.jing == ("invalid" if case.message else "valid")
            and case.ground <= self.rules
            and bool(case.ground) == bool(self.rules)
            and self.message.search(case.message) is not None
            and self.pattern.search(case.text) is not None
        )


class Table(NamedTuple):
    """The committed list.

    Attributes:
        stricter: Rules that say nothing about the schema.
        unread: Rules after which bimikit hasn't judged the document, so that there is nothing to compare.
        differs: The cases.
    """

    stricter: frozenset[str]
    unread: frozenset[str]
    differs: tuple[Known, ...]

    @classmethod
    def load(cls, path: Path) -> Table:
        """Read it.

        Raises:
            KeyError: An entry lacks its reason or source.
        """
        data = tomllib.loads(path.read_text("utf-8"))
        for entry in (*data["stricter"], *data["unread"], *data["differs"]):
            if not (entry["reason"] and entry["source"]):
                raise KeyError(f"an entry without reason or source: {entry}")
        return cls(
            frozenset(chain.from_iterable(entry["rules"] for entry in data["stricter"])),
            frozenset(chain.from_iterable(entry["rules"] for entry in data["unread"])),
            tuple(
                Known(
                    entry["jing"],
                    frozenset(entry.get("rules", ())),
                    re.compile(entry.get("pattern", ""), re.DOTALL),
                    re.compile(entry.get("message", "")),
                    entry["reason"],
                )
                for entry in data["differs"]
            ),
        )


class Case(NamedTuple):
    """One document and both verdicts.

    Attributes:
        data: The document.
        errors: bimikit's rules with errors.
        ground: Those of them that speak of the schema's ground.
        message: jing's first complaint; empty when the document is valid.
    """

    data: bytes
    errors: frozenset[str]
    ground: frozenset[str]
    message: str

    @property
    def text(self) -> str:
        """The document as text, whatever its encoding."""
        return decode(self.data) or self.data.decode("latin-1")

    @property
    def kind(self) -> str:
        """What it is if nothing explains it."""
        if CRASHED in self.errors:
            return "CRASH"
        return "FALSE PASS" if self.message else "FALSE FAIL"

    @property
    def group(self) -> tuple[str, str, str]:
        """Disagreements with the same cause have the same group, mostly."""
        message = re.sub(r'"[^"]*"', '"…"', self.message.partition(";")[0])
        return self.kind, " ".join(sorted(self.ground)), message


def errors_of(data: bytes) -> frozenset[str]:
    """The rules that bimikit finds broken; `CRASHED` where it raises."""
    try:
        findings = check_svg(data).findings
    except Exception:
        return frozenset({CRASHED})
    return frozenset(finding.rule for finding in findings if finding.severity is Severity.ERROR)


def _malformed(data: bytes) -> bool:
    """Whether both expat and libxml2 refuse a document."""
    for parse in (
        lambda: expat.ParserCreate(namespace_separator=" ").Parse(data, True),
        lambda: etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True)),
    ):
        try:
            parse()
        except (expat.ExpatError, etree.XMLSyntaxError, ValueError, LookupError):
            continue
        return False
    return True


def compare(jing: Jing, table: Table, documents: Iterable[bytes]) -> Iterator[Case]:
    """Both verdicts on every document.

    A malformed one ends jing's batch, so what bimikit and two parsers refuse is put to jing one time in fifty only.
    """
    together: dict[Path, tuple[bytes, frozenset[str]]] = {}
    alone: dict[Path, tuple[bytes, frozenset[str]]] = {}
    for index, data in enumerate(documents):
        errors = errors_of(data)
        malformed = _malformed(data)
        if malformed and errors - table.stricter - table.unread and zlib.crc32(data) % ASKED_OF_MALFORMED:
            yield Case(data, errors, errors - table.stricter, "fatal: refused by expat and libxml2")
            continue
        path = jing.documents / f"{index:06}.svg"
        path.write_bytes(data)
        risky = malformed or b"<!ENTITY" in data.replace(b"\0", b"")
        (alone if risky else together)[path] = data, errors
    messages = jing.messages(list(together)) | jing.messages(list(alone), alone=True)
    for path, (data, errors) in (together | alone).items():
        yield Case(data, errors, errors - table.stricter, messages[path])
        path.unlink()


def names_in(rnc: str) -> tuple[set[str], dict[str, set[str]]]:
    """The element names of a schema, and its attributes with the words it has for each."""
    words: dict[str, set[str]] = {}
    for name, inside in re.findall(r"attribute ([\w:-]+) \{([^}]*)\}", rnc):
        words.setdefault(name, set()).update(re.findall(r'"([A-Za-z0-9.-]*)"', inside))
    return set(re.findall(r"element ([\w:-]+)", rnc)), words


def show(cases: Sequence[Case]) -> None:
    """Print a group of disagreements by its smallest document."""
    kind, rules, _ = cases[0].group
    smallest = min(cases, key=lambda case: len(case.data))
    print(f"\n{kind} x{len(cases)}  bimikit: {rules or 'ok'}  jing: {smallest.message or 'valid'}"[:400])
    print(f"  {smallest.data[:SHOWN]!r}")


def main() -> int:
    """Compare, print, and tell by the exit status whether everything is explained."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rnc", type=Path, required=True, help="the schema, SVG_PS-latest.rnc")
    parser.add_argument("--count", type=int, default=10_000, help="random mutants")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--pairs", action=argparse.BooleanOptionalAction, default=True, help="the systematic documents")
    parser.add_argument("files", type=Path, nargs="*", help="documents to compare beside the mutants")
    options = parser.parse_args()

    started = time.monotonic()
    table = Table.load(KNOWN)
    elements, words = names_in(options.rnc.read_text("utf-8"))
    seeds = builtin_seeds()
    documents = iter(
        dict.fromkeys(
            chain(
                (path.read_bytes() for path in options.files),
                seeds,
                systematic(sorted(elements), {name: sorted(listed) for name, listed in words.items()})
                if options.pairs
                else (),
                mutants([seed for seed in seeds if not errors_of(seed)], options.count, options.seed),
            )
        )
    )
    counts: Counter[str] = Counter()
    explained: Counter[str] = Counter()
    groups: dict[tuple[str, str, str], list[Case]] = {}
    with tempfile.TemporaryDirectory(prefix="bimikit-oracle-") as name:
        jing = Jing(options.rnc, Path(name))
        for chunk in iter(partial(lambda source: list(islice(source, AT_ONCE)), documents), []):
            for case in compare(jing, table, chunk):
                counts["documents"] += 1
                if CRASHED in case.errors:
                    groups.setdefault(case.group, []).append(case)
                elif case.errors & table.unread:
                    counts["not read by bimikit"] += 1
                elif bool(case.message) == bool(case.ground):
                    counts["both valid" if not case.message else "both not valid"] += 1
                elif entry := next((known for known in table.differs if known.explains(case)), None):
                    explained[entry.reason] += 1
                else:
                    groups.setdefault(case.group, []).append(case)
    for cases in sorted(groups.values(), key=len):
        show(cases)
    print(f"\n{dict(counts)} in {time.monotonic() - started:.0f} s")
    for reason, count in explained.most_common():
        print(f"explained x{count}: {reason}")
    unexplained = sum(map(len, groups.values()))
    print(f"unexplained: {unexplained} in {len(groups)} groups")
    return 1 if unexplained else 0


if __name__ == "__main__":
    sys.exit(main())
