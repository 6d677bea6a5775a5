"""A filing, in time or late (DOMAIN §2), and what its receipt states."""

import datetime as dt

EARLIEST_DEPOSIT = dt.date(2024, 1, 1)
"""No deposit of the Vague 2 can be older: an earlier year is a slip of the keyboard."""

STATEMENT_ELSEWHERE = (
    "Ce récépissé atteste l'enregistrement, dans cette application, d'un dépôt déclaré sur "
    "{channel}. Il ne vaut pas dépôt sur cette plateforme."
)
STATEMENT_HERE = "Ce récépissé atteste le dépôt dans cette application."
STATEMENT_NONE = (
    "Ce récépissé atteste l'enregistrement, dans cette application, d'une réalisation déclarée. "
    "Il ne vaut ni procès-verbal ni vérification d'aptitude."
)
"""What the receipt of a filing states."""


def is_past(due_at: dt.datetime | None, recorded_at: dt.datetime) -> bool:
    """Whether a milestone was due before its subject was recorded: only these are taken over. What
    falls due later is declared as it happens, with its proof.
    """
    return due_at is not None and due_at <= recorded_at


def is_in_time(
    deposited_at: dt.datetime, due_at: dt.datetime, *, exact_is_in_time: bool = False
) -> bool:
    """«avant le … à 12h» is strict: 12:00:00 exactly is late, unless a parameter says otherwise."""
    return deposited_at <= due_at if exact_is_in_time else deposited_at < due_at


def timing_words(in_time: bool | None) -> str:
    """As a receipt measured it."""
    if in_time is None:
        return "date non fixée"
    return "dans les délais" if in_time else "en retard"
