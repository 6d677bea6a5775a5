"""Write, once, to those whose figures a change of a parameter changes."""

from __future__ import annotations

from django.db.models import Q
from django.urls import reverse

from accounts.models import User
from accounts.selectors.people import members_of, responsables
from journal.rules.by import By
from mailing.rules import DECISION_MAIL
from mailing.services.links import absolute
from mailing.services.mail import tell
from parameters.rules.registry import REGISTRY
from parameters.selectors import rows
from parameters.services.effects import ParameterChange


def tell_parameter(change: ParameterChange, by: By) -> None:
    """Members of the organisations whose figures change, and every responsable of the ANS but the
    one who acts."""
    version = change.version
    act = "retrait" if version.retired_at else "valeur"
    row = next(row for row in rows(at=change.at) if row.parameter.key == version.key)
    context = {
        "parameter": REGISTRY[version.key],
        "version": version,
        "row": row,
        "former": row.without(version),
        "effects": change.effects,
        "button_url": absolute(f"{reverse('parameters:index')}#{version.key}"),
        "button_label": "Voir le paramètre",
    }
    tell(
        _concerned(change, by),
        kind=DECISION_MAIL,
        template="parameter_changed",
        context=context,
        key=f"parametre:{version.pk}:{act}",
        by=by,
    )


def _concerned(change: ParameterChange, by: By) -> list[User]:
    members = members_of(change.organisations)
    of_organisations = {one.user_id for found in members.values() for one in found}
    people = User.objects.filter(Q(pk__in=of_organisations) | Q(pk__in=responsables()))
    return list(people.filter(is_active=True).exclude(pk=by.actor.pk).order_by("pk"))
