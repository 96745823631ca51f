"""The plan from p=none to a logo: for each domain its stage, what blocks the next, and the records to publish."""

from __future__ import annotations

from .codec import PlanError, from_json, to_json
from .differences import differences
from .inventory import Inventory, Listed, read_inventory
from .model import DomainPlan, Plan, PlannedRecord, Refusal, Week
from .plan import make_plan, newest
from .problems import InventoryError

__all__ = [
    "DomainPlan",
    "Inventory",
    "InventoryError",
    "Listed",
    "Plan",
    "PlanError",
    "PlannedRecord",
    "Refusal",
    "Week",
    "differences",
    "from_json",
    "make_plan",
    "newest",
    "read_inventory",
    "to_json",
]
