"""What breaks if a domain's DMARC policy is raised: source by source, and go, wait or no-go with the numbers behind."""

from __future__ import annotations

from .decisions import Decisions, DecisionsError, read_decisions
from .model import Decision, Option, Outlook, Weighing
from .reported import Reported, gathered, reported
from .undecided import undecided_text
from .weigh import told, weigh

__all__ = [
    "Decision",
    "Decisions",
    "DecisionsError",
    "Option",
    "Outlook",
    "Reported",
    "Weighing",
    "gathered",
    "read_decisions",
    "reported",
    "told",
    "undecided_text",
    "weigh",
]
