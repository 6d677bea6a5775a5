"""Éditeurs and distributeurs with their first person, as an import by lines: each opened, changed
and invited by the acts of the pages of the ANS."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from django.db.models.functions import Lower
from django.forms import CharField

from accounts.enums import INDUSTRY_ROLES, SUPPLIER_KINDS, Kind, Role
from accounts.models import Invitation, Membership, Organisation
from accounts.permissions import is_responsable
from accounts.rules.numbers import validate_siren
from accounts.services.invitations import OWN, invitation_send, own_mailboxes
from accounts.services.organisations import organisation_create, organisation_update
from imports.services.file_lines import FileLine, LineFate
from imports.services.lines import LineImport, do_each
from journal.rules.by import By
from segur.fields import AddressFormField, NumberField
from segur.form_fields import ChoiceCellField
from segur.lib.texts import mailbox

CLOSED = "Cette organisation est fermée : rouvrez-la d'abord sur sa page."
REASON = "Import d'un fichier."
IDENTITY = ("name", "city")
KINDS_OF_FILE = [(kind.value, kind.label) for kind in SUPPLIER_KINDS]
ROLES = [(role.value, role.label) for role in INDUSTRY_ROLES]


def compare(lines: Sequence[FileLine], by: By, *, lock: bool) -> None:
    """The organisations are locked one by one, by the acts that change them."""
    sirens = {line.values["siren"] for line in lines}
    rows = Organisation.objects.filter(kind__in=SUPPLIER_KINDS, siren__in=sirens)
    known = {(row.kind, row.siren): row for row in rows}
    reached = _reached(list(known.values()))
    own = own_mailboxes(by.actor)
    for line in lines:
        named = line.values["kind"], line.values["siren"]
        row = known.get(named) or Organisation(kind=named[0], siren=named[1])
        if row.pk and not row.is_active:
            line.refuse("siren", CLOSED)
        line.give(row, IDENTITY)
        email = line.values.get("email", "")
        if email and mailbox(email) in own:
            line.refuse("email", OWN)
        elif email and row.pk and (row.pk, email) not in reached:
            line.before["email"], line.fate = "pas encore invitée", LineFate.CHANGED


def _reached(rows: Sequence[Organisation]) -> set[tuple[int, str]]:
    """(organisation, address) of its members and of those invited."""
    members = Membership.objects.filter(organisation__in=rows)
    invited = Invitation.objects.pending().filter(organisation__in=rows)
    return {
        *members.values_list("organisation_id", Lower("user__email")),
        *invited.values_list("organisation_id", "email"),
    }


def write(lines: Sequence[FileLine], by: By) -> None:
    do_each(lines, partial(_record, by=by))


def _record(line: FileLine, *, by: By) -> None:
    typed: dict[str, Any] = line.values
    identity = {name: typed[name] for name in IDENTITY if name in typed}
    row: Organisation = line.subject
    is_new = row.pk is None
    if is_new:
        row = organisation_create(kind=Kind(typed["kind"]), siren=typed["siren"], by=by, **identity)
    elif line.before.keys() & set(IDENTITY):
        organisation_update(organisation=row, reason=REASON, by=by, **identity)
    if typed.get("email") and (is_new or "email" in line.before):
        role = Role(typed.get("role") or Role.MANDATAIRE)
        invitation_send(organisation=row, email=typed["email"], role=role, by=by)


KIND = LineImport(
    code="organisations",
    title="Éditeurs et distributeurs",
    noun="organisation",
    lead="Une organisation par ligne, avec la première personne à y inviter.",
    columns={
        "kind": ChoiceCellField(
            label="Nature", choices=KINDS_OF_FILE, help_text="Éditeur, ou Distributeur."
        ),
        "name": CharField(label="Nom", max_length=200, help_text="Sa raison sociale."),
        "siren": NumberField(
            label="SIREN",
            validators=[validate_siren],
            help_text="9 chiffres. Le redonner modifie ce qui est enregistré.",
        ),
        "city": CharField(
            label="Commune", max_length=100, required=False, help_text="De son siège."
        ),
        "email": AddressFormField(
            label="Première personne",
            required=False,
            help_text="Son adresse : elle reçoit une invitation. Vide : personne n'est invité.",
        ),
        "role": ChoiceCellField(
            label="Rôle",
            required=False,
            choices=ROLES,
            help_text="De la première personne. Vide : Mandataire.",
        ),
    },
    titles={"raison sociale": "name", "ville": "city", "adresse electronique": "email"},
    key=("kind", "siren"),
    examples=(
        (
            "Éditeur",
            "Imagerie à remplacer",
            "111111111",
            "Nantes",
            "a.remplacer@imagix.example",
            "",
        ),
    ),
    place="accounts:organisations",
    may=is_responsable,
    refusal="Seul un Responsable de l'ANS ouvre ou modifie une organisation.",
    compare=compare,
    write=write,
    most=500,
    is_sensitive=True,
    notes=("Une personne déjà membre, ou déjà invitée, n'est pas invitée de nouveau.",),
)
