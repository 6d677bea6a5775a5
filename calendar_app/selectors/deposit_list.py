"""The deadlines that a list of the ASP or of Convergence names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

from calendar_app.enums import State
from calendar_app.models import Filing
from calendar_app.querysets import DeadlineQuerySet
from calendar_app.reading.deposit_list import ListedDeposit
from segur.lib.search import plain

NOTHING = "Rien n'y correspond : ni numéro de dossier, ni FINESS, ni Client d'un dépôt déclaré."
SEVERAL = "{} dépôts y correspondent : indiquez le numéro de dossier, ou choisissez le jalon."
ANOTHER = "Le dossier {} est celui de {}, pas de ce FINESS."
TWICE = "Ce dépôt est déjà nommé à la ligne {}."

Unmatched = tuple[int, str, str]
"""Number of the line, its text, why."""


def match_deposits(
    deposits: Sequence[ListedDeposit], deadlines: DeadlineQuerySet
) -> tuple[list[int], list[Unmatched]]:
    """Keys of the deadlines that the lines name among these, and the lines that name none or
    several. By the number of the dossier, else the FINESS, else the name of the Client; a deposit
    that waits for the ANS is preferred to one that is closed. Four queries.
    """
    index = _Index(deposits, deadlines)
    lines: dict[int, int] = {}
    unmatched = []
    for deposit in deposits:
        pk, why = index.find(deposit)
        if pk and pk in lines:
            pk, why = 0, TWICE.format(lines[pk])
        if pk:
            lines[pk] = deposit.number
        else:
            unmatched.append((deposit.number, deposit.text, why))
    return list(lines), unmatched


class _Index:
    """What the lines may name, read once."""

    def __init__(self, deposits: Sequence[ListedDeposit], deadlines: DeadlineQuerySet) -> None:
        self.state: dict[int, str] = {}
        self.finess: dict[int, str] = {}
        self.client: dict[int, str] = {}
        self.of_dossier: dict[str, set[int]] = defaultdict(set)
        self.of_finess: dict[str, set[int]] = defaultdict(set)
        self.of_name: dict[str, set[int]] = defaultdict(set)
        names = {name for one in deposits for name in (one.dossier, *one.names) if name}
        filed = Filing.objects.filed().filter(deadline__in=deadlines)
        named = filed.filter(external_reference__in=names)
        for pk, reference in named.values_list("deadline", "external_reference"):
            self.of_dossier[reference].add(pk)
        dossiers = {pk for found in self.of_dossier.values() for pk in found}
        finess = {one.finess for one in deposits if one.finess}
        filed_ones = deadlines.filter(pk__in=filed.values("deadline"))
        self._note(filed_ones.filter(pk__in=dossiers))
        self._note(filed_ones.filter(prestation__client__finess__in=finess))
        if any(one.client or one.names for one in deposits):
            self._note(deadlines.filter(state=State.FILED))

    def _note(self, rows: DeadlineQuerySet) -> None:
        fields = ("pk", "state", "prestation__client__finess", "prestation__client__name")
        for pk, state, finess, name in rows.order_by().values_list(*fields):
            self.state[pk] = state
            self.finess[pk], self.client[pk] = finess or "", name or ""
            if finess:
                self.of_finess[finess].add(pk)
                self.of_name[plain(name)].add(pk)

    def find(self, deposit: ListedDeposit) -> tuple[int, str]:
        """The deadline, or 0 and why."""
        if deposit.wrong:
            return 0, deposit.wrong
        for dossier in filter(None, (deposit.dossier, *deposit.names)):
            if found := self.of_dossier.get(dossier):
                return self._of_dossier(dossier, found, deposit)
        if found := self.of_finess.get(deposit.finess):
            return self._one(found)
        for name in filter(None, (deposit.client, *deposit.names)):
            if found := self.of_name.get(plain(name)):
                return self._one(found)
        return 0, NOTHING

    def _of_dossier(
        self, dossier: str, found: Collection[int], deposit: ListedDeposit
    ) -> tuple[int, str]:
        """One dossier may cover several deposits: the FINESS then distinguishes them."""
        if not deposit.finess:
            return self._one(found)
        same = [pk for pk in found if self.finess.get(pk) == deposit.finess]
        if same:
            return self._one(same)
        return 0, ANOTHER.format(dossier, self.client.get(min(found)) or "une autre échéance")

    def _one(self, found: Iterable[int]) -> tuple[int, str]:
        rows = list(found)
        waiting = [pk for pk in rows if self.state.get(pk) == State.FILED]
        kept = waiting or rows
        return (kept[0], "") if len(kept) == 1 else (0, SEVERAL.format(len(kept)))
