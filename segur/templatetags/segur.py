"""Filters of every template (a builtin library): instants, days, sizes, as LOOK.md writes them."""

import datetime as dt
from collections.abc import Mapping, Sized
from functools import lru_cache
from typing import Any, Protocol

from django import template
from django.forms.utils import ErrorDict
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from segur.exports import Format
from segur.lib import due, paris
from segur.lib.numbers import PLURAL_FROM
from segur.lib.sizes import file_size

TIME_STYLES = {
    "long": paris.long,
    "short": paris.short,
    "stamp": paris.stamp,
    "minute": paris.minute,
    "due": paris.due_long,
    "due-short": paris.due_short,
    "before": paris.before_long,
    "before-short": paris.before_short,
}

register = template.Library()
register.filter("file_size", file_size)
register.filter("instant_long", paris.long)
register.filter("instant_short", paris.short)
register.filter("instant_minute", paris.minute)
register.filter("instant_stamp", paris.stamp)
register.filter("due_long", paris.due_long)
register.filter("due_short", paris.due_short)
register.filter("before_long", paris.before_long)
register.filter("before_short", paris.before_short)
register.filter("day_long", paris.long_day)


@register.filter
def iso(value: dt.datetime | dt.date) -> str:
    """For `<time datetime>`: an instant to the second with the Paris offset, or a day. HTML allows
    three digits after the second, a database keeps six.
    """
    if isinstance(value, dt.datetime):
        return paris.local(value).isoformat(timespec="seconds")
    return value.isoformat()


@register.filter
def day_short(day: dt.date) -> str:
    """«09/06/2027»."""
    return f"{day:%d/%m/%Y}"


@register.filter
def pluralize(count: int | Sized, suffix: str = "s") -> str:
    """Django's own filter with the French rule: 0 and 1 are singular. A collection is counted."""
    number = len(count) if isinstance(count, Sized) else abs(count)
    return suffix if number >= PLURAL_FROM else ""


@register.filter
def working_days(days: int) -> str:
    """How long something has waited: «moins d'un jour ouvré», «1 jour ouvré», «3 jours ouvrés»."""
    s = pluralize(days)
    return f"{days} jour{s} ouvré{s}" if days else "moins d'un jour ouvré"


@register.filter
def before_colon(label: str) -> str:
    """The label of a field as it leads to its error: a sentence loses its full stop."""
    return str(label).removesuffix(".")


@register.filter
def error_count(errors: ErrorDict) -> int:
    """How many errors a form has: a field may have several."""
    return sum(len(found) for found in errors.values())


@register.simple_tag
def due_tag(dated: due.Dated, style: str = "due-short", *, before: bool = False) -> SafeString:
    """The date of a milestone or deadline with the estimate beside it (`segur.lib.due`)."""
    parts = []
    if dated.due_at:
        lead = paris.before(dated.due_at) if before else ""
        parts.append(format_html("{}{}", lead, time_tag(dated.due_at, style)))
    else:
        parts.append(format_html("{},", due.UNDATED))
    if dated.estimated_at:
        tag = time_tag(dated.estimated_at, style)
        parts.append(format_html('<span class="estimate">≈&nbsp;{}</span>', tag))
    return format_html_join(" ", "{}", ((part,) for part in parts))


class Shaped(Protocol):
    """`calendar_app.rules.standing.Standing`."""

    @property
    def meaning(self) -> str: ...

    @property
    def shape(self) -> str: ...


@register.simple_tag
def standing_tag(standing: Shaped, words: str) -> SafeString:
    """Where a milestone stands: a shape, its words and its colour."""
    return _standing(standing.meaning, standing.shape, words)


@lru_cache(maxsize=1_000)  # a matrix shows the same few dozens hundreds of times
def _standing(meaning: str, shape: str, words: str) -> SafeString:
    return format_html(
        '<span class="standing is-{}"><svg class="icon" aria-hidden="true">'
        '<use href="{}#{}"/></svg><span>{}</span></span>',
        meaning,
        static("segur/icons.svg"),
        shape,
        words,
    )


@register.simple_tag
def pill(meaning: str, label: str) -> SafeString:
    """The state of a row, `components/_pill.html`: a list shows a hundred of them."""
    return _pill(str(meaning), str(label))


@lru_cache(maxsize=1_000)
def _pill(meaning: str, label: str) -> SafeString:
    return format_html(
        '<span class="pill is-{0}"><svg class="icon" aria-hidden="true">'
        '<use href="{1}#{0}"/></svg>{2}</span>',
        meaning,
        static("segur/icons.svg"),
        label,
    )


@register.simple_tag
def due_words(dated: due.Dated, *, before: bool = False) -> str:
    """The same in full, for a mail without tags."""
    return due.words(dated, paris.due_long, before=before)


@register.simple_tag
def time_tag(instant: dt.datetime, style: str = "long") -> SafeString:
    """A `<time>` element; `style` is long, short, stamp, minute for what was recorded, due or
    due-short for a last instant, before or before-short for that with «avant le» or «au plus tard
    le»."""
    text = TIME_STYLES[style](instant)
    return format_html('<time datetime="{}">{}</time>', iso(instant), text)


@register.inclusion_tag("components/_exports.html", takes_context=True)
def list_files(context: Mapping[str, Any], name: str) -> dict[str, Any]:
    """The links to a list as files (`segur.exports.files`): «solutions:», «portfolio:money_»."""
    addresses = {str(kind): reverse(f"{name}{kind}") for kind in Format}
    return {**addresses, "request": context["request"]}
