"""Every gate that a filing must pass. Other apps add theirs when they are ready."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from calendar_app.models import Deadline
from calendar_app.rules.rights import Unmet
from calendar_app.selectors.order import unmet_order_of
from calendar_app.selectors.rights import unmet_rights_of
from segur.lib.registry import Registry

Gate = Callable[[Sequence[Deadline], datetime], Mapping[int, Sequence[Unmet]]]
"""Deadlines loaded by `with_subject`, or made of a state, a milestone, and a prestation with its
Fournisseur, and the instant of the act → the reasons of those it refuses, by primary key; a fixed
number of queries.

A gate answers alike for all the deadlines of one Fournisseur for one milestone whose realisation
is, or is not, declared: the portfolio asks it once for each such group.
"""

_gates: Registry[Gate] = Registry([unmet_rights_of, unmet_order_of])
add_gate = _gates.add
"""From `registrations.py` of an app that stands on this one."""


def blocked_by_supplier(deadlines: Sequence[Deadline], now: datetime) -> set[int]:
    """Those of these deadlines that what belongs to their Fournisseur forbids, its rights and its
    pilots: the same answer for every prestation of one Fournisseur, unlike the order of the steps.
    """
    gates = (gate for gate in _gates if gate is not unmet_order_of)
    return {pk for gate in gates for pk, reasons in gate(deadlines, now).items() if reasons}


def unmet_of(deadlines: Sequence[Deadline], now: datetime) -> dict[int, list[Unmet]]:
    """What forbids filing each deadline at `now`: empty for one that every gate lets pass.

    For a deposit made in the past, give its own instant: the gates had to be open on that day.
    """
    found: defaultdict[int, list[Unmet]] = defaultdict(list)
    for gate in _gates:
        for pk, reasons in gate(deadlines, now).items():
            found[pk] += reasons
    return found
