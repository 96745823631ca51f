"""The search led by coverage: atheris with a target, in a process of its own. `tools.fuzz` starts it."""

from __future__ import annotations

import sys
import zlib
from pathlib import Path
from random import Random

import atheris

with atheris.instrument_imports(include=["bimikit", "webapp"], enable_loader_override=False):
    from tools.fuzzing.targets import TARGETS

from tools.fuzzing.engine import ENDLESS, LONGEST, attempt, mutated

MEMORY = 2_048
"""MiB."""


def main(name: str, executions: str, seconds: str, seed: str, folder: str) -> None:
    """Look for failures; the first ends it, in ``folder/crashes``.

    Args:
        name: The target.
        executions: How many at most.
        seconds: For how long at most.
        seed: Of the run.
        folder: The target's own.
    """
    target = TARGETS[name]
    home = Path(folder)
    for part in ("corpus", "crashes", "seeds"):
        (home / part).mkdir(parents=True, exist_ok=True)
    seeds = [data for data in target.seeds(int(seed)) if data]
    for data in seeds:
        (home / "seeds" / f"{zlib.crc32(data):08x}").write_bytes(data)

    def one(data: bytes) -> None:
        attempt(target, data)

    def mutator(data: bytes, most: int, number: int) -> bytes:
        random = Random(number)
        if number % 3 == 0:
            return bytes(atheris.Mutate(data, most))
        return mutated(target, bytes(data) or b"<", random, seeds)[:most]

    bounds = {
        "atheris_runs": executions,
        "max_total_time": seconds,
        "seed": seed,
        "max_len": LONGEST,
        "timeout": ENDLESS,
        "rss_limit_mb": MEMORY,
        "artifact_prefix": f"{home}/crashes/",
        "print_final_stats": 1,
    }
    switches = [f"-{key}={value}" for key, value in bounds.items()]
    atheris.Setup([sys.argv[0], *switches, f"{home}/corpus", f"{home}/seeds"], one, custom_mutator=mutator)
    atheris.Fuzz()


if __name__ == "__main__":
    main(*sys.argv[1:])
