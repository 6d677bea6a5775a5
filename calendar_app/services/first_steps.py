"""«Pas maintenant»: a first step put off, or taken up again."""

from accounts.models import Organisation
from calendar_app.enums import FirstStep
from calendar_app.models import PutOffStep
from journal.rules.by import By


def step_put_off(*, organisation: Organisation, step: FirstStep, by: By) -> None:
    """Repeating changes nothing."""
    PutOffStep.objects.get_or_create(organisation=organisation, step=step, defaults={"at": by.at})


def step_take_up(*, organisation: Organisation, step: FirstStep) -> None:
    PutOffStep.objects.filter(organisation=organisation, step=step).delete()
