"""Tell the operators by mail, once when the work is no longer well, once when it is well again."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Sequence

from django.conf import settings
from django.db import transaction

from operations.models import Alarm
from operations.rules.measures import WorkMeasure, troubles
from operations.selectors.readiness import readiness
from operations.selectors.work import measures
from segur.lib import paris
from segur.operators import write_to

log = logging.getLogger(__name__)
BAD_SUBJECT = "Le site {site} est en défaut"
WELL_SUBJECT = "Le site {site} fonctionne de nouveau"
PAGES = "État complet : {site}/sante/travail/ et {site}/sante/pret/"


def watch(*, now: dt.datetime) -> bool:
    """Whether all is well. An alarm ends once nothing was wrong for HEALTH_CALM_SECONDS."""
    bad = [_words(measure) for measure in troubles(measures(now=now))]
    bad += [f"« {part} » ne répond pas : {why}" for part, why in readiness().items() if why]
    _tell(bad, now=now)
    return not bad


@transaction.atomic
def _tell(bad: Sequence[str], *, now: dt.datetime) -> None:
    """Two clocks ask for two rounds: the row of the open alarm is locked, and there is only one."""
    alarm = Alarm.objects.select_for_update().filter(ended_at=None).first()
    calm = dt.timedelta(seconds=settings.HEALTH_CALM_SECONDS)
    if bad and alarm is None:
        Alarm.objects.create(since=now, bad_at=now)
        log.error("the work is not well: %s", "; ".join(bad))
        _mail(BAD_SUBJECT, ["Ce qui dépasse son seuil :", "", *(f"- {one}" for one in bad)])
    elif bad and alarm:
        alarm.bad_at = now
        alarm.save(update_fields=["bad_at"])
    elif alarm and now - alarm.bad_at >= calm:
        alarm.ended_at = now
        alarm.save(update_fields=["ended_at"])
        log.warning("the work is well again")
        since = paris.minute(alarm.since)
        _mail(WELL_SUBJECT, [f"Le défaut signalé le {since} a pris fin."])


def _words(measure: WorkMeasure) -> str:
    if measure.value is None:
        return f"{measure.label} : jamais"
    value, limit = f"{measure.value:.0f} {measure.unit}", f"{measure.limit:.0f} {measure.unit}"
    return f"{measure.label} : {value.strip()} (seuil : {limit.strip()})"


def _mail(subject: str, lines: Sequence[str]) -> None:
    text = "\n".join([*lines, "", PAGES.format(site=settings.SITE_URL), ""])
    write_to(settings.OPERATORS, subject.format(site=settings.SITE_URL), text)
