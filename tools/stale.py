"""Print what is known of mailbox providers and of senders, and hasn't been looked at for long.

Usage: python -m tools.stale [--days N] [--today YYYY-MM-DD]
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from datetime import UTC, date, datetime

from bimikit.aggregate.senders import Sender, load_senders
from bimikit.receivers.providers import Value, baseline, load_providers

DAYS = 180
"""After how many days a value should be looked at again."""


def stale(today: date, days: int = DAYS) -> Iterator[tuple[int, str, Value]]:
    """Values older than that: their age in days, the provider's id, and the value."""
    values = [("_baseline", value) for value in baseline()]
    values += [(provider.id, value) for provider in load_providers().values() for value in provider.value]
    for owner, value in values:
        age = (today - value.seen).days
        if age > days and value.valid_to is None:
            yield age, owner, value


def stale_senders(today: date, days: int = DAYS) -> Iterator[tuple[int, Sender]]:
    """Senders last looked at longer ago than that: the age in days, and the sender."""
    for sender in load_senders().values():
        age = (today - sender.seen).days
        if age > days:
            yield age, sender


def main() -> None:
    """Print them, the oldest first."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, default=DAYS, help="age in days after which a value is stale")
    parser.add_argument("--today", type=date.fromisoformat, default=datetime.now(UTC).date())
    options = parser.parse_args()
    found = sorted(stale(options.today, options.days), key=lambda one: (-one[0], one[1], one[2].about))
    for age, owner, value in found:
        print(f"{age:>5} days  {owner:<20} {value.about:<18} {value.status:<11} {value.url}")
    senders = sorted(stale_senders(options.today, options.days), key=lambda one: (-one[0], one[1].id))
    for age, sender in senders:
        print(f"{age:>5} days  {sender.id:<20} {'sender':<18} {sender.confidence:<11} {sender.source}")
    print(f"{len(found) + len(senders)} values were last looked at more than {options.days} days ago")


if __name__ == "__main__":
    main()
