"""The one way to lock a row for an act, and for an aggregate to change state and leave an entry."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction

from journal.enums import Readers
from journal.models import Entry
from journal.rules.by import By
from journal.rules.workflow import Act, Workflow
from journal.services.entries import write, write_each

if TYPE_CHECKING:
    from accounts.models import User

M = TypeVar("M", bound=models.Model)
Q = TypeVar("Q", bound=models.QuerySet[Any])
BATCH = 1000

PARTY = (
    "Vous avez enregistré les faits, ou vous appartenez à l'une des organisations concernées : "
    "un autre agent doit décider."
)

ONLY = "Seul {} peut faire cela."


def lock_row(row: M, *related: str, rows: models.QuerySet[M] | None = None) -> M:
    """The row as it is now, kept from other writers until the transaction ends; with the relations
    named, or as `rows` reads it.
    """
    if rows is None:
        everything = type(row)._default_manager.all()  # noqa: SLF001  (Django's own name)
        rows = everything.select_related(*related) if related else everything
    return lock_rows(rows).get(pk=row.pk)


def lock_rows(rows: Q) -> Q:
    """These rows, locked as `lock_row` does when they are read, in one order: of two acts on the
    same rows the second waits for all of them.

    `no_key`: rows that only refer to them neither wait nor cross this lock.
    """
    return rows.order_by("pk").select_for_update(of=("self",), no_key=True)


def _not_a_party(_user: User, _row: models.Model) -> bool:
    return False


@dataclass(frozen=True)
class Aggregate(Generic[M]):
    """A model with its workflow. `rows`: what `lock` reads, with its relations; `may`: whether the
    one that a table names (`Act.who`) acts; `impossible`: the sentence for an act that does not
    start at the present state; `is_party`: whether separation of duties keeps them from the acts
    that decide. `state`: the name of the field that holds the state or, where it follows from
    dates, of the method that gives it at an instant.
    """

    workflow: Workflow[Any]
    rows: Callable[[], models.QuerySet[M]]
    may: Callable[[By, M, Any], bool]
    impossible: Callable[[M, Act[Any]], str]
    is_party: Callable[[User, M], bool] = _not_a_party
    state: str = "state"

    def lock(self, row: M) -> M:
        return lock_row(row, rows=self.rows())

    def state_of(self, row: M, *, by: By) -> Any:
        """The state at the instant of the act."""
        found = getattr(row, self.state)
        return found(by.at) if callable(found) else found

    @transaction.atomic
    def move(
        self,
        row: M,
        name: str,
        *,
        by: By,
        what: str = "",
        note: str = "",
        details: Mapping[str, Any] | None = None,
        readers: Readers = Readers.ALL,
        releases: Sequence[Entry] = (),
        **fields: Any,
    ) -> M:
        """Do the act `name` of the table and write its entry; `fields` change with the state,
        `details` are JSON values that the entry keeps with the new state; see `entries.write` for
        `readers` and `releases`.

        The row is locked first: of two concurrent calls one succeeds. Raises ValidationError where
        the act does not start at the present state, or decides and is done by a party;
        PermissionDenied for somebody else than whom the table names.
        """
        act = self.workflow.acts[name]
        locked = self.lock(row)
        before = self.check_state(locked, name, by=by)
        self.demand(locked, act.who, by=by)
        if act.decides and self.is_party(by.actor, locked):
            raise ValidationError(PARTY, code="party")
        if not callable(getattr(locked, self.state)):
            fields[self.state] = act.target
        for field, value in fields.items():
            setattr(locked, field, value)
        locked.save(update_fields=list(fields))
        words = what or act.words
        self.journal(
            locked,
            name,
            by=by,
            what=words,
            note=note,
            before=before,
            details=details,
            readers=readers,
            releases=releases,
        )
        return locked

    def move_all(
        self, lines: Sequence[tuple[M, Mapping[str, str]]], name: str, *, by: By, **fields: Any
    ) -> None:
        """`move` of many locked rows whose state is a field, each with the `what` and the `note` of
        its entry, in a number of queries that follows batches. Raises ValidationError.
        """
        act = self.workflow.acts[name]
        for row, _words in lines:
            if why := self.refusal(row, name, by=by):
                raise ValidationError(why, code="transition")
            if act.decides and self.is_party(by.actor, row):
                raise ValidationError(PARTY, code="party")
        before = [self.state_of(row, by=by) for row, _words in lines]
        fields[self.state] = act.target
        for start in range(0, len(lines), BATCH):
            rows = [row for row, _words in lines[start : start + BATCH]]
            manager = type(rows[0])._default_manager  # noqa: SLF001  (documented by Django)
            manager.filter(pk__in=[row.pk for row in rows]).update(**fields)
        for row, _words in lines:
            setattr(row, self.state, act.target)
        self.journal_all(lines, name, before=before, by=by)

    def journal_all(
        self,
        lines: Sequence[tuple[M, Mapping[str, str]]],
        name: str,
        *,
        before: Sequence[Any] = (),
        by: By,
    ) -> None:
        """`journal` of many rows; `before`: their states, where the act changes them."""
        act = self.workflow.acts.get(name)
        states = [self.state_of(row, by=by) for row, _words in lines]
        entries = (
            (
                row,
                {
                    **({"what": act.words} if act else {}),
                    **words,
                    "before": {self.state: was},
                    "after": {self.state: state},
                },
            )
            for (row, words), was, state in zip(lines, before or states, states, strict=True)
        )
        write_each(f"{self.workflow.name}.{name}", entries, by=by)

    def allows(self, row: M, name: str, *, by: By) -> bool:
        """Whether the table lets this person do this act now: for a page that offers it."""
        act = self.workflow.acts[name]
        return not self.refusal(row, name, by=by) and not (
            act.decides and self.is_party(by.actor, row)
        )

    def refusal(self, row: M, name: str, *, by: By) -> str:
        """Why this act does not start at the present state or is not theirs, in the words of
        `move`; empty otherwise. For lists: separation of duties is asked of all rows at once
        (`accounts.selectors.parties`).
        """
        act = self.workflow.acts[name]
        if self.state_of(row, by=by) not in act.sources:
            return self.impossible(row, act)
        return "" if self.may(by, row, act.who) else ONLY.format(act.who.value)

    def check_state(self, row: M, name: str, *, by: By) -> Any:
        """The present state of a locked row. Raises ValidationError where the act does not start
        there: asked first by an act with conditions of its own."""
        state, act = self.state_of(row, by=by), self.workflow.acts[name]
        if state not in act.sources:
            raise ValidationError(self.impossible(row, act), code="transition")
        return state

    def demand(self, row: M, who: Any, *, by: By) -> None:
        """Raises PermissionDenied, with who may."""
        if not self.may(by, row, who):
            raise PermissionDenied(ONLY.format(who.value))

    def journal(
        self,
        row: M,
        name: str,
        *,
        by: By,
        what: str,
        note: str = "",
        before: str = "",
        details: Mapping[str, Any] | None = None,
        readers: Readers = Readers.ALL,
        people: Sequence[User] = (),
        releases: Sequence[Entry] = (),
    ) -> Entry:
        """An entry of the aggregate, for an act that leaves the state as it is too."""
        state = self.state_of(row, by=by)
        return write(
            row,
            f"{self.workflow.name}.{name}",
            by=by,
            what=what,
            note=note,
            before={self.state: before or state},
            after={self.state: state, **(details or {})},
            readers=readers,
            people=people,
            releases=releases,
        )
