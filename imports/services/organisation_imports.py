"""Éditeurs and distributeurs with their first person, as an import by lines."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models.functions import Lower
from django.forms import CharField

from accounts.enums import INDUSTRY_ROLES, SUPPLIER_KINDS, Role
from accounts.models import Invitation, Membership, Organisation
from accounts.permissions import is_responsable
from accounts.rules.numbers import validate_siren
from accounts.services.invitations import OWN, Invited, invitations_send, own_mailboxes
from accounts.services.organisations import organisations_save
from imports.services.file_lines import FileLine, LineFate, batches, stored
from imports.services.lines import LineImport
from journal.rules.by import By
from segur.fields import AddressFormField, NumberField
from segur.form_fields import ChoiceCellField
from segur.lib.texts import mailbox

CLOSED = "Cette organisation est fermée : rouvrez-la d'abord sur sa page."
OTHER_ADDRESS = "La ligne {} écrit cette boîte aux lettres « {} » : donnez la même adresse."
REASON = "Import d'un fichier."
IDENTITY = ("name", "city")
KINDS_OF_FILE = [(kind.value, kind.label) for kind in SUPPLIER_KINDS]
ROLES = [(role.value, role.label) for role in INDUSTRY_ROLES]


def compare(lines: Sequence[FileLine], by: By, *, lock: bool) -> None:
    known = _known(lines, lock=lock)
    reached = _reached(list(known.values()))
    own = own_mailboxes(by.actor)
    written: dict[str, FileLine] = {}
    for line in lines:
        named = line.values["kind"], line.values["siren"]
        row = known.get(named) or Organisation(kind=named[0], siren=named[1])
        if row.pk and not row.is_active:
            line.refuse("siren", CLOSED)
        line.give(row, IDENTITY)
        if not (email := line.values.get("email", "")):
            continue
        first = written.setdefault(mailbox(email), line)
        if mailbox(email) in own:
            line.refuse("email", OWN)
        elif first.values["email"] != email:
            line.refuse("email", OTHER_ADDRESS.format(first.number, first.values["email"]))
        elif (row.pk, email) not in reached:
            line.left = Invited(row, email, Role(line.values.get("role") or Role.MANDATAIRE))
            if row.pk:
                line.before["email"], line.fate = "pas encore invitée", LineFate.CHANGED


def _known(lines: Sequence[FileLine], *, lock: bool) -> dict[tuple[str, str], Organisation]:
    rows = Organisation.objects.filter(kind__in=SUPPLIER_KINDS)
    return {(row.kind, row.siren): row for row in stored(rows, "siren", lines, lock=lock)}


def _reached(rows: Sequence[Organisation]) -> set[tuple[int, str]]:
    """(organisation, address) of its members and of those invited."""
    members, invited = Membership.objects.all(), Invitation.objects.pending()
    return {
        pair
        for some in batches(row.pk for row in rows)
        for pair in (
            *members.filter(organisation__in=some).values_list(
                "organisation_id", Lower("user__email")
            ),
            *invited.filter(organisation__in=some).values_list("organisation_id", "email"),
        )
    }


def write(lines: Sequence[FileLine], by: By) -> None:
    new = [line.subject for line in lines if line.fate is LineFate.NEW]
    changed = [
        (line.subject, {name: line.before[name] for name in IDENTITY if name in line.before})
        for line in lines
        if line.before.keys() & set(IDENTITY)
    ]
    organisations_save(new, changed, reason=REASON, by=by)
    invitations_send([line.left for line in lines if line.left], by=by)


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
    most=10_000,
    is_sensitive=True,
    notes=(
        "Une personne déjà membre, ou déjà invitée, n'est pas invitée de nouveau.",
        "Une adresse que plusieurs lignes invitent reçoit un seul courriel, avec leurs liens.",
    ),
)
