"""The form of the simulator. Everything typed is checked here; nothing is kept."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from perf.engine.hours import FIRST_YEAR, LAST_YEAR
from perf.engine.instants import HOUR, MINUTE, Interval, from_us, to_us
from perf.enums import Period
from perf.reading import typed
from perf.rules import periods
from segur.form_fields import DayField
from segur.lib import paris
from segur.lib.instants import BadText
from segur.lib.opening_hours import MIDNIGHT
from segur.lib.texts import sentence

MAX_CHARACTERS = 40_000
MAX_SEARCH_DAYS = 92
MAX_STOP = 72 * HOUR
NOON = dt.time(12)
OUT_OF_YEARS = f"Choisissez un jour entre le 01/01/{FIRST_YEAR} et le 31/12/{LAST_YEAR}."
NO_END = "Un arrêt prévu a une fin. Exemple : 20/01/2027 20:00 → 23:00."
LINES = {"spellcheck": "false", "autocomplete": "off"}
TOO_LONG = {"max_length": "Le texte est trop long : %(limit_value)d caractères au plus."}


class SimulatorForm(forms.Form):
    du = DayField(label="Du", required=False)
    au = DayField(label="Au, ce jour compris", required=False)
    pannes = forms.CharField(
        label="Pannes",
        required=False,
        max_length=MAX_CHARACTERS,
        strip=False,
        widget=forms.Textarea({**LINES, "rows": 7}),
        help_text=(
            "Une par ligne, un début et une fin, à l'heure de Paris : "
            "15/01/2027 18:00 → 18/01/2027 10:00. La flèche peut être un "
            "point-virgule, une tabulation, « - » ou « au » ; les instants peuvent être en "
            "ISO 8601. Une panne qui dure encore se termine par « en cours »."
        ),
        error_messages=TOO_LONG,
    )
    arret = forms.CharField(
        label="Arrêt prévu",
        required=False,
        max_length=typed.MAX_LINE,
        help_text="Pour voir PERF avant et après. Exemple : 20/01/2027 20:00 → 23:00.",
    )
    tickets = forms.CharField(
        label="Tickets déclarés",
        required=False,
        max_length=MAX_CHARACTERS,
        strip=False,
        widget=forms.Textarea({**LINES, "rows": 4}),
        help_text="Un instant de déclaration par ligne, à l'heure de Paris : 12/01/2027 18:30.",
        error_messages=TOO_LONG,
    )
    duree = forms.CharField(
        label="Durée de l'arrêt",
        required=False,
        max_length=20,
        help_text="Exemples : 3 h, 1 h 30, 90 min.",
    )
    entre = DayField(label="Entre le", required=False)
    et = DayField(label="et le, ce jour compris", required=False)

    period: Interval
    outages: list[typed.Typed]
    declared: list[dt.datetime]
    planned: Interval | None = None
    length: int | None = None
    window: Interval | None = None

    def __init__(self, data: Any = None, *, now: dt.datetime, kind: Period) -> None:
        """`kind`: how long the period is where the days do not say it."""
        super().__init__(data)
        self.now = now
        self.kind = kind
        self.outages = []
        self.declared = []

    @property
    def asks_only_of_tickets(self) -> bool:
        """No outage, no stop: D_f would be a 0 that nobody asked for."""
        return bool(self.declared) and not (self.outages or self.planned or self.window)

    def clean_du(self) -> dt.date | None:
        return _within_years(self.cleaned_data["du"])

    def clean_au(self) -> dt.date | None:
        return _within_years(self.cleaned_data["au"])

    def clean_pannes(self) -> str:
        text = str(self.cleaned_data["pannes"])
        self.outages, errors = typed.outages(text, now=self.now)
        if errors:
            raise ValidationError(errors)
        return text

    def clean_tickets(self) -> str:
        text = str(self.cleaned_data["tickets"])
        self.declared, errors = typed.tickets(text)
        if errors:
            raise ValidationError(errors)
        return text

    def clean_arret(self) -> str:
        text = str(self.cleaned_data["arret"])
        if text:
            try:
                start, end = typed.outage(text)
            except BadText as refusal:
                raise ValidationError(sentence(str(refusal))) from None
            if end is None:
                raise ValidationError(NO_END)
            self.planned = Interval(to_us(start), to_us(end))
        return text

    def clean_duree(self) -> str:
        text = str(self.cleaned_data["duree"])
        if text:
            try:
                self.length = typed.duration(text)
            except BadText as refusal:
                raise ValidationError(str(refusal)) from None
            if not MINUTE <= self.length <= MAX_STOP:
                raise ValidationError("De 1 minute à 72 heures.")
        return text

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not {"du", "au"} & self.errors.keys():
            self._clean_period()
        if not {"du", "au", "duree", "entre", "et"} & self.errors.keys():
            self._clean_search()
        return data

    def _clean_period(self) -> None:
        """One day alone: to the end, or from the beginning, of the civil period it is in. None:
        the whole civil period of what is asked.
        """
        first, last = self.cleaned_data["du"], self.cleaned_data["au"]
        day = first or last
        about = paris.at(day, NOON) if day else self._asked_about()
        around = periods.containing(about, self.kind).days
        first, last = first or around[0], last or around[1]
        if last < first:
            self.add_error("au", "La période se termine avant de commencer.")
        else:
            self.period = _days(first, last)

    def _asked_about(self) -> dt.datetime:
        """An instant of what is asked: a slot to be found, else a planned stop, else the first
        outage, else now.
        """
        searched = self.cleaned_data.get("entre")
        if searched and FIRST_YEAR <= searched.year <= LAST_YEAR:
            return paris.at(searched, NOON)
        if self.planned:
            return from_us(self.planned.start)
        return min((item.start for item in self.outages), default=self.now)

    def _clean_search(self) -> None:
        names = ("duree", "entre", "et")
        values = {name: self.cleaned_data[name] for name in names}
        if not any(values.values()):
            return
        for name in names:
            if not values[name]:
                self.add_error(
                    name, "Pour chercher un créneau, il faut la durée et les deux jours."
                )
        if all(values.values()):
            self._clean_window(values["entre"], values["et"])

    def _clean_window(self, first: dt.date, last: dt.date) -> None:
        if last < first:
            self.add_error("et", "La recherche se termine avant de commencer.")
        elif (last - first).days >= MAX_SEARCH_DAYS:
            self.add_error("et", f"Cherchez sur {MAX_SEARCH_DAYS} jours au plus.")
        elif not self._is_in_period(first, last):
            self.add_error("entre", "Cherchez à l'intérieur de la période d'observation.")
        else:
            self._set_window(_days(first, last))

    def _is_in_period(self, first: dt.date, last: dt.date) -> bool:
        if not FIRST_YEAR <= first.year <= last.year <= LAST_YEAR or not hasattr(self, "period"):
            return False
        found = _days(first, last)
        return self.period.start <= found.start and found.end <= self.period.end

    def _set_window(self, found: Interval) -> None:
        """What is already past of the days given is left out, unless they are past altogether."""
        now = to_us(self.now)
        self.window = Interval(max(found.start, now), found.end) if now < found.end else found
        if self.length is not None and self.window.end - self.window.start < self.length:
            self.add_error("duree", "L'arrêt ne tient pas entre ces deux jours.")


def _within_years(day: dt.date | None) -> dt.date | None:
    if day and not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValidationError(OUT_OF_YEARS)
    return day


def _days(first: dt.date, last: dt.date) -> Interval:
    """Whole Paris days, the last one included."""
    after = last + dt.timedelta(days=1)
    return Interval(to_us(paris.at(first, MIDNIGHT)), to_us(paris.at(after, MIDNIGHT)))
