"""What a plan rests on, read from where its inventory says: the rows of a scan, the store of reports, decisions."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from msgspec.structs import replace

from ..bounded import read_bounded
from ..dns.dmarc import record_of
from ..domains import organizational_domain
from ..portfolio.row import Scanned
from ..portfolio.rows import by_domain, read_rows
from ..raising.alignment import Strict
from ..raising.decisions import Decisions
from ..raising.model import Weighing
from .inventory import FILE_NAME, MAX_BYTES, Inventory, read_inventory
from .model import Plan
from .plan import make_plan, newest
from .problems import InventoryError

if TYPE_CHECKING:
    from ..aggregate.store import Store


class Inputs(NamedTuple):
    """All that `bimikit.plan.make_plan` takes.

    Attributes:
        inventory: The inventory.
        scanned: Rows of the scan by domain.
        reported: What raising the policy would do, by the domain that was reported on.
        as_of: As of which day; None where nothing has a date.
        decisions: What was decided about sources.
        beyond: Days with reports that are so far after all else that they don't count, in order.
    """

    inventory: Inventory
    scanned: Mapping[str, Scanned]
    reported: Mapping[str, Weighing]
    as_of: date | None
    decisions: Decisions
    beyond: Sequence[date] = ()

    def plan(self) -> Plan:
        """The plan.

        Raises:
            ValueError: Nothing has a date.
        """
        if self.as_of is None:
            raise ValueError("nothing that the plan rests on has a date")
        return make_plan(
            self.inventory,
            scanned=self.scanned,
            reported=self.reported,
            as_of=self.as_of,
            decisions=self.decisions,
            beyond=self.beyond,
        )


def files_of(inventory: Inventory, folder: Path) -> tuple[Path, ...]:
    """The files that an inventory names; a store that is reached by a URL is none."""
    store = inventory.store.removeprefix("sqlite:///")
    named = (inventory.scan, "" if is_url(store) else store, inventory.decisions)
    return tuple(folder / name for name in named if name)


def is_url(store: str) -> bool:
    """Whether a store is named by a URL."""
    return "://" in store


def read_file(path: Path) -> Inventory:
    """The inventory of a file.

    Raises:
        InventoryError: It can't be read or followed.
        ConfigError: It is no TOML.
    """
    try:
        data = read_bounded(path, MAX_BYTES, descriptors=True)
    except (OSError, ValueError) as problem:
        raise InventoryError(str(path), 0, "", "unreadable", reason=problem) from None
    return read_inventory(data, str(path))


def gather(
    inventory: Inventory,
    folder: Path,
    as_of: date | None = None,
    *,
    name: str = FILE_NAME,
    each: Callable[[Sequence[str]], Iterable[str]] = iter,
) -> Inputs:
    """Read what an inventory names.

    Args:
        inventory: The inventory.
        folder: What its paths are relative to.
        as_of: As of which day; reports of later days don't count. The newest of what there is by default, never today.
        name: The inventory's name, for what is told of it.
        each: Goes through the domains that were reported on, and may tell how far that is.

    Raises:
        InventoryError: A file that it names isn't there, or can't be read.
        BimikitError: A file or the store can't be read; a subclass of it that tells which, and where in it.
    """
    for key, named in (("scan", inventory.scan), ("decisions", inventory.decisions)):
        if named and not (folder / named).is_file():
            problem = "no-decisions" if key == "decisions" else "no-file"
            raise InventoryError(name, 0, f"inventory.{key}", problem, named=str(folder / named))
    scanned = by_domain(read_rows(folder / inventory.scan)) if inventory.scan else {}
    day = as_of or newest(scanned, {})
    if not inventory.store:
        return Inputs(inventory, scanned, {}, day, Decisions())
    from ..aggregate.store import Store  # the extra `reports` is needed here alone

    decisions = _decisions(inventory, folder, name)
    watched = frozenset(one.name for one in inventory.domains)
    place = inventory.store if is_url(inventory.store) else str(folder / inventory.store)
    with Store.open(place, create=False) as store:
        beyond: Sequence[date] = ()
        if as_of is None:
            day, beyond = _last_day(store, watched, day)
        weighed = (  # the rows of one domain at a time
            _weighed(store, domain, decisions, day, watched, strict_of(scanned.get(domain)))
            for domain in each(sorted(domain for domain, _messages in store.domains()))
        )
        reported = {one.domain: one for one in weighed if one.volumes}
        return Inputs(inventory, scanned, reported, day, decisions, beyond)


def _last_day(store: Store, domains: Collection[str], scanned: date | None) -> tuple[date | None, Sequence[date]]:
    """The newest day of what can be believed, and those with reports that are too far after it.

    Args:
        store: The store.
        domains: Those of the inventory: reports on others, whose policies may be anybody's, tell no day.
        scanned: The newest day of the scan; None without one.
    """
    from ..raising.reported import newest_day

    heads = {*domains, *(organizational_domain(domain) or domain for domain in domains)}
    days = store.days(heads)
    last = newest_day(days, since=scanned)
    return last, [day for day, _reporters in days if last is not None and day > last]


def strict_of(row: Scanned | None) -> frozenset[Strict]:
    """Which alignment a domain's own record asks to be strict."""
    tags: tuple[Strict, ...] = ("adkim", "aspf")
    if row is None or len(row.dmarc) != 1:
        return frozenset()
    record = record_of(row.domain, row.dmarc[0])
    return frozenset(tag for tag in tags if (record.value(tag) or "").lower() == "s")


def _weighed(
    store: Store,
    domain: str,
    decisions: Decisions,
    as_of: date | None,
    watched: frozenset[str],
    strict: frozenset[Strict],
) -> Weighing:
    """What raising the policy would do, by how sources are set up now; the volumes are those of all days."""
    from ..raising.reported import reported
    from ..raising.weigh import OLDEST, newest_days, weigh

    volumes = [(date.fromisoformat(one.key[0]), one.messages, one.passed) for one in store.volumes(domain)]
    known = tuple(one for one in volumes if as_of is None or one[0] <= as_of)
    recent = newest_days([day for day, _messages, _passed in known])
    begin = None
    if as_of is not None and as_of.toordinal() > OLDEST:
        begin = datetime.combine(as_of - timedelta(days=OLDEST), time(), UTC)
    said = reported(store, domain, begin)
    weighing = weigh(domain, said, decisions=decisions, as_of=as_of, recent=recent, watched=watched, strict=strict)
    return replace(weighing, volumes=known)


def _decisions(inventory: Inventory, folder: Path, name: str) -> Decisions:
    from ..raising.decisions import LARGEST, read_decisions

    if not inventory.decisions:
        return Decisions()
    path = folder / inventory.decisions
    try:
        data = read_bounded(path, LARGEST)
    except (OSError, ValueError) as problem:
        about = {"named": str(path), "reason": problem}
        raise InventoryError(name, 0, "inventory.decisions", "unreadable-file", **about) from None
    return read_decisions(data, str(path))
