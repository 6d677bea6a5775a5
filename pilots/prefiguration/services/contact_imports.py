"""The technical contacts of the préfigurateurs as an import by lines."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.forms import CharField

from accounts.permissions import preparable
from imports.services.file_lines import FileLine, LineFate
from imports.services.lines import LineImport
from journal.rules.by import By
from journal.services.acts import lock_rows
from pilots.enums import Stage
from pilots.permissions import can_answer_for
from pilots.prefiguration.models import Contact, Prefigurateur
from pilots.prefiguration.rules.prefiguration import NO_MORE_CONTACT, PURPOSE
from pilots.prefiguration.selectors.working_list import longest_months
from pilots.prefiguration.services.contacts import WORDS, check_day, correct_all, give_all
from pilots.prefiguration.services.interviews import ahead
from segur.fields import AddressFormField, IdentifierFormField
from segur.form_fields import DayField
from segur.lib.search import plain

UNKNOWN = "Aucun préfigurateur de vos couples DRIMbox ne porte ce nom."
SEVERAL = "Plusieurs de vos couples ont un préfigurateur de ce nom : remplissez « Couple »."
KEPT = (
    "Ce contact est déjà donné : sa finalité, sa source et sa date d'effacement ne changent plus."
)
PERSON = tuple(WORDS)
TERMS = ("purpose", "source", "delete_on")


def compare(lines: Sequence[FileLine], by: By, *, lock: bool) -> None:
    named = _named(by, lock=lock)
    kept = Contact.objects.kept().filter(prefigurateur__solution__organisation__in=by.actor.roles)
    known = {(one.prefigurateur_id, one.email): one for one in kept}
    months = longest_months(by.at)
    for line in lines:
        line.values["purpose"] = line.values.get("purpose") or PURPOSE
        couple = plain(line.values.get("couple") or "")
        found = [
            one
            for one in named[plain(line.values["prefigurateur"])]
            if couple in ("", plain(str(one.solution)))
        ]
        if len(found) != 1:
            line.refuse("prefigurateur", SEVERAL if found else UNKNOWN)
            continue
        new = Contact(prefigurateur=found[0], email=line.values["email"])
        contact = known.setdefault((found[0].pk, line.values["email"]), new)
        contact.prefigurateur = found[0]
        _judge(line, contact, by, months)


def _named(by: By, *, lock: bool) -> dict[str, list[Prefigurateur]]:
    """Those for whose couple the person answers, by plain name."""
    rows = Prefigurateur.objects.visible_to(by.actor).order_by("pk")
    rows = rows.select_related("solution__organisation", "interview_by")
    if lock:
        rows = lock_rows(rows)
    found = defaultdict(list)
    for row in rows:
        if can_answer_for(by.actor, row):
            found[plain(row.name)].append(row)
    return found


def _judge(line: FileLine, contact: Contact, by: By, months: int) -> None:
    row = contact.prefigurateur
    if contact.pk:
        for name in TERMS:
            if (
                name in line.texts
                and line.texts[name]
                and getattr(contact, name) != line.values[name]
            ):
                line.refuse(name, KEPT)
    elif why := NO_MORE_CONTACT.get(Stage(row.stage)):
        line.refuse("prefigurateur", why)
    else:
        try:
            check_day(line.values["delete_on"], ahead(row, by.at), months=months, now=by.at)
        except ValidationError as refusal:
            line.refuse_all(refusal)
        for name in TERMS:
            setattr(contact, name, line.values[name])
    line.give(contact, PERSON)


def write(lines: Sequence[FileLine], by: By) -> None:
    give_all([line.subject for line in lines if line.fate is LineFate.NEW], by=by)
    changed = [(line.subject, list(line.before)) for line in lines if line.before]
    correct_all(changed, by=by)


KIND = LineImport(
    code="contacts",
    title="Contacts des préfigurateurs",
    noun="personne",
    lead="Une ligne par contact technique, dont la personne est prévenue par son invitation.",
    columns={
        "prefigurateur": CharField(
            label="Préfigurateur", max_length=200, help_text="Son nom, tel que la liste le donne."
        ),
        "couple": CharField(
            label="Couple",
            max_length=300,
            required=False,
            help_text="Quand deux de vos couples ont un préfigurateur du même nom.",
        ),
        "full_name": CharField(label="Prénom et nom", max_length=150, help_text="De la personne."),
        "email": AddressFormField(
            label="Adresse électronique",
            help_text="Professionnelle. L'invitation à l'entretien y est envoyée.",
        ),
        "phone": IdentifierFormField(
            label="Téléphone", max_length=30, required=False, help_text="Professionnel."
        ),
        "job": CharField(
            label="Fonction", max_length=150, required=False, help_text="Dans l'établissement."
        ),
        "purpose": CharField(
            label="Finalité",
            max_length=300,
            required=False,
            help_text="Vide : préparer l'entretien de préfiguration. La personne la lira.",
        ),
        "source": CharField(
            label="Source",
            max_length=300,
            help_text="Qui a donné ces données, et quand, sans nommer personne.",
        ),
        "delete_on": DayField(label="À effacer le", help_text="Le jour de l'effacement d'office."),
    },
    key=("prefigurateur", "couple", "email"),
    examples=(
        (
            "Centre hospitalier à remplacer",
            "",
            "Camille Exemple",
            "camille@hopital.example",
            "",
            "Cadre d'imagerie",
            "",
            "Communiqué par l'établissement le 02/11/2026.",
            "30/04/2027",
        ),
    ),
    titles={"etablissement": "prefigurateur", "nom": "full_name", "email": "email"},
    place="prefigurateurs:index",
    may=lambda user: bool(preparable(user)),
    refusal="Les contacts sont importés par les membres de l'éditeur du couple DRIMbox.",
    compare=compare,
    write=write,
    most=10_000,
    notes=(
        "Un contact se retrouve par son préfigurateur et son adresse : le redonner le corrige.",
    ),
)
