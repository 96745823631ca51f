"""Write what the README's `bimikit check` example prints into the README.

Usage: python -m tools.readme_examples
"""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

README = Path(__file__).parent.parent / "README.md"
EXAMPLE = re.compile(r"(```console\n\$ bimikit (check .*?)\n)(.*?)(```)", re.DOTALL)


def shown(command: str) -> str:
    """What a command prints, in English."""
    arguments = [sys.executable, "-m", "bimikit", *shlex.split(command), "--lang", "en"]
    return subprocess.run(arguments, capture_output=True, text=True, check=False).stdout


if __name__ == "__main__":
    text = README.read_text(encoding="utf-8")
    README.write_text(
        EXAMPLE.sub(lambda found: found[1] + shown(found[2]) + found[4], text), encoding="utf-8", newline="\n"
    )
