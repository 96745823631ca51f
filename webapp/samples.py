"""Samples: what an answer looks like, for those who have nothing at hand. Nothing is asked of the network."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from .submission import Submission, submitted

_FOLDER = Path(__file__).with_name("samples")
_RECORD = "v=BIMI1; l=https://brand.example.com/bimi/logo.svg; a="
_SAMPLES: Mapping[str, tuple[str, str, str, str]] = {  # file, domain, DMARC record, Assertion Record
    "export": ("exported.svg", "", "", ""),
    "planned": ("conformant.svg", "example.com", "v=DMARC1; p=none", _RECORD),
    "published": ("conformant.svg", "example.com", "v=DMARC1; p=reject", _RECORD),
}
SAMPLES = tuple(_SAMPLES)
"""Their names."""


def sample(name: str) -> Submission:
    """What a sample hands in.

    Raises:
        KeyError: There is no such sample.
    """
    file, domain, dmarc, record = _SAMPLES[name]
    content = (_FOLDER / file).read_bytes()
    return submitted([(file, content)], domain=domain, dmarc=dmarc, record=record, look_up=False)
