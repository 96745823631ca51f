"""Throws broken, hostile and merely odd input at every parser of bimikit, and watches what must always hold.

``python -m tools.fuzz [--target NAME] [--executions 200000] [--seconds 600]`` searches in a process for each target,
with bounds on time and memory; with atheris installed coverage leads the search. What was worth keeping is kept in a
cache folder, and found again by the next run. A failure is made small, and told with the command that repeats it:
``python -m tools.fuzz --target NAME --repeat FILE``.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import re
import resource
import subprocess
import sys
import zlib
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from tools.fuzzing.engine import attempt, failure_of, interrupted, search, shrink
from tools.fuzzing.svg import too_slow
from tools.fuzzing.targets import TARGETS

CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "bimikit" / "fuzz"
MEMORY = 2 * 1024**3
"""Bytes that a process of the search may have."""
GRACE = 120
"""Seconds that a process may take longer than it should, to start and to end."""


def fuzz(name: str, *, executions: int, seconds: int, seed: int, cache: Path, engine: str) -> list[str]:
    """Search in a process of its own.

    Returns:
        What went wrong, a line for each failure.
    """
    folder = cache / name
    crashes = folder / "crashes"
    crashes.mkdir(parents=True, exist_ok=True)
    (folder / "current").unlink(missing_ok=True)
    for old in crashes.iterdir():  # of an earlier run: what still fails is told again
        if not old.name.startswith(_STOPPED) and not failure_of(TARGETS[name], old.read_bytes()):
            old.unlink()
    order = [name, str(executions), str(seconds), str(seed), str(folder)]
    module = ["-m", "tools.fuzzing.guided"] if engine == "atheris" else ["-m", "tools.fuzz", "--search"]
    try:
        ended = subprocess.run(
            [sys.executable, *module, *order],
            stderr=subprocess.PIPE, text=True, errors="replace", timeout=seconds + GRACE, check=False,
        )  # fmt: skip
        code, told = ended.returncode, ended.stderr
    except subprocess.TimeoutExpired as late:
        code, told = 1, f"it had to be stopped after {late.timeout:.0f} s"
    current = folder / "current"
    if current.exists():  # its process died over it
        current.rename(crashes / f"died-{zlib.crc32(current.read_bytes()):08x}")
    found = [_told(name, path) for path in sorted(crashes.iterdir())]
    if code and not found:
        return [f"{name}: {told[-2000:]}"]
    if engine == "atheris":
        done = re.findall(r"^#([0-9]+)", told, re.MULTILINE)  # libFuzzer's lines of progress
        print(f"{name}: about {done[-1] if done else 0} executions with atheris", flush=True)
    return found


_STOPPED = ("died", "timeout", "oom")
"""Beginnings of names of files that may end this process as well."""


def _told(name: str, path: Path) -> str:
    """A failure, made small in its file, with the command that repeats it."""
    target = TARGETS[name]
    data = path.read_bytes()
    again = f"{Path(sys.executable).name} -m tools.fuzz --target {name} --repeat {path}"
    if path.name.startswith(_STOPPED):
        return f"{name}: its process died or was stopped: {again}"
    kind = failure_of(target, data)
    if not kind:
        return f"{name}: a failure that didn't come again: {again}"
    small = shrink(target, data, kind)
    path.write_bytes(small)
    return f"{name}: {kind}, with {small!r:.200}: {again}"


def _repeat(name: str, path: Path) -> int:
    with interrupted() as restart:
        restart()
        print(attempt(TARGETS[name], path.read_bytes()))
    return 0


def _search(name: str, executions: str, seconds: str, seed: str, folder: str) -> int:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    search(TARGETS[name], executions=int(executions), seconds=float(seconds), seed=int(seed), folder=Path(folder))
    return 0


def main() -> int:
    """Fuzz, and tell by the exit status whether everything held."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--target", action="append", choices=TARGETS, help="a parser; all of them without")
    parser.add_argument("--executions", type=int, default=200_000, help="for each target")
    parser.add_argument("--seconds", type=int, default=600, help="for each target, at most")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=1, help="targets at once")
    parser.add_argument("--cache", type=Path, default=CACHE, help="where the corpus and failures are kept")
    parser.add_argument("--engine", choices=("atheris", "own"), help="atheris where it is installed")
    parser.add_argument("--repeat", type=Path, metavar="FILE", help="execute a target once, on a file")
    parser.add_argument("--list", action="store_true", help="tell the targets")
    parser.add_argument("--search", nargs=5, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.search:
        return _search(*options.search)
    if options.list:
        for target in TARGETS.values():
            print(f"{target.name:12} {target.about}")
        return 0
    names = options.target or list(TARGETS)
    if options.repeat:
        return _repeat(names[0], options.repeat)
    engine = options.engine or ("atheris" if importlib.util.find_spec("atheris") else "own")
    share = partial(
        fuzz, executions=options.executions, seconds=options.seconds, seed=options.seed,
        cache=options.cache.absolute(), engine=engine,
    )  # fmt: skip
    with ThreadPoolExecutor(options.jobs) as pool:
        failures = [line for lines in pool.map(share, names) for line in lines]
    if "svg" in names:
        failures += too_slow()
    print("\n".join(failures) or "everything held")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
