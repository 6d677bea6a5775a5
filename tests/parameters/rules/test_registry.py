"""What the application holds for true until a text says otherwise (DOMAIN §4, §5, §7, §9)."""

import pytest

from parameters.rules.kinds import SLIDES, TO_CONFIRM, ParameterKind
from parameters.rules.registry import ORDERED, REGISTRY
from perf.rules.parameters import HOURS, NO_SCORE

OURS = "Règle de cette application"
PUBLIC = "Adresse publique, à vérifier avant chaque dépôt"
FILINGS, VA, PILOTS = "Dépôts", "VA DRIMbox", "Pilotes RIS"
OPENING, SUPPORT = "PERF : période ouvrable", "Support : GTI et GTR"
DOWNTIME = "PERF : durée d'indisponibilité et seuils"
ACCOUNTS = "Accès aux comptes"
RATIOS, PREFIGURATION = "PERFm et PERFe (RIS)", "Préfigurateurs"
LEGAL, PERIODS = "Mentions légales et données personnelles", "Durées de conservation"
OPERATOR = "À compléter par l'exploitant du site"

DEFAULTS = {
    "accounts.second_factor_ans": (False, ParameterKind.YES_NO, ACCOUNTS, OURS),
    "accounts.second_factor_mandataire": (False, ParameterKind.YES_NO, ACCOUNTS, OURS),
    "accounts.second_factor_staff": (False, ParameterKind.YES_NO, ACCOUNTS, OURS),
    "accounts.reset_hours": (24, ParameterKind.WHOLE, ACCOUNTS, OURS),
    "accounts.idle_ans": (120, ParameterKind.WHOLE, ACCOUNTS, OURS),
    "filing.noon_exact_is_in_time": (False, ParameterKind.YES_NO, FILINGS, TO_CONFIRM),
    "filing.out_of_order_is_refused": (False, ParameterKind.YES_NO, FILINGS, TO_CONFIRM),
    "channel.convergence.url": (
        "https://convergence.esante.gouv.fr/",
        ParameterKind.ADDRESS,
        FILINGS,
        PUBLIC,
    ),
    "channel.asp.url": ("https://www.asp-public.fr/", ParameterKind.ADDRESS, FILINGS, PUBLIC),
    "funding.advance_share": ("", ParameterKind.PERCENTAGE, FILINGS, TO_CONFIRM),
    "funding.ans_sees_amounts": (False, ParameterKind.YES_NO, FILINGS, OURS),
    "perf.hours.weekday": ("09:00-19:00", ParameterKind.HOURS, OPENING, SLIDES),
    "perf.hours.saturday": ("09:00-13:00", ParameterKind.HOURS, OPENING, SLIDES),
    "perf.hours.sunday": ("fermé", ParameterKind.HOURS, OPENING, SLIDES),
    "perf.holidays.alsace_moselle": (False, ParameterKind.YES_NO, OPENING, TO_CONFIRM),
    "perf.holidays.overseas": (False, ParameterKind.YES_NO, OPENING, TO_CONFIRM),
    "perf.base": ("ouvrable", ParameterKind.CHOICE, DOWNTIME, TO_CONFIRM),
    "perf.period": ("ANNEE", ParameterKind.CHOICE, DOWNTIME, TO_CONFIRM),
    "perf.maintenance_counts": (True, ParameterKind.YES_NO, DOWNTIME, TO_CONFIRM),
    "perf.limit_one": (10 * 60, ParameterKind.WHOLE, DOWNTIME, SLIDES),
    "perf.limit_half": (20 * 60, ParameterKind.WHOLE, DOWNTIME, SLIDES),
    "perf.scope": ("", ParameterKind.WORDS, DOWNTIME, TO_CONFIRM),
    "perf.in_payment": ("", ParameterKind.WORDS, DOWNTIME, TO_CONFIRM),
    "perf.multiplies": ("RIEN", ParameterKind.CHOICE, DOWNTIME, TO_CONFIRM),
    "perf.gti": (30, ParameterKind.WHOLE, SUPPORT, SLIDES),
    "perf.gtr": (4 * 60, ParameterKind.WHOLE, SUPPORT, SLIDES),
    "perf.guarantee_base": ("ouvrable", ParameterKind.CHOICE, SUPPORT, TO_CONFIRM),
    "perf.guarantee_ends": ("", ParameterKind.WORDS, SUPPORT, TO_CONFIRM),
    "perf.perfm_formula": ("", ParameterKind.WORDS, RATIOS, TO_CONFIRM),
    "perf.perfm_threshold": ("", ParameterKind.PERCENTAGE, RATIOS, TO_CONFIRM),
    "perf.perfe_formula": ("", ParameterKind.WORDS, RATIOS, TO_CONFIRM),
    "perf.perfe_threshold": ("", ParameterKind.PERCENTAGE, RATIOS, TO_CONFIRM),
    "pilots.clients_needed": (3, ParameterKind.WHOLE, PILOTS, SLIDES),
    "pilots.gate_scope": ("FOURNISSEUR_SOLUTION", ParameterKind.CHOICE, PILOTS, TO_CONFIRM),
    "pilots.second_agent": (True, ParameterKind.YES_NO, PILOTS, OURS),
    "pilots.review_days": (10, ParameterKind.WHOLE, PILOTS, TO_CONFIRM),
    "va.months": (2, ParameterKind.WHOLE, VA, SLIDES),
    "va.nudge_days": (30, ParameterKind.WHOLE, VA, OURS),
    "va.late_effect": ("", ParameterKind.WORDS, VA, TO_CONFIRM),
    "prefiguration.contact_months": (12, ParameterKind.WHOLE, PREFIGURATION, TO_CONFIRM),
    "privacy.publisher": ("", ParameterKind.WORDS, LEGAL, OPERATOR),
    "privacy.host": ("", ParameterKind.WORDS, LEGAL, OPERATOR),
    "privacy.controller": ("", ParameterKind.WORDS, LEGAL, OPERATOR),
    "privacy.basis": ("", ParameterKind.WORDS, LEGAL, OPERATOR),
    "privacy.contact": ("", ParameterKind.WORDS, LEGAL, OPERATOR),
    "privacy.mail_months": (12, ParameterKind.WHOLE, PERIODS, OURS),
    "privacy.invitation_months": (12, ParameterKind.WHOLE, PERIODS, OURS),
    "privacy.feed_months": (12, ParameterKind.WHOLE, PERIODS, OURS),
    "privacy.import_months": (12, ParameterKind.WHOLE, PERIODS, OURS),
    "privacy.draft_months": (6, ParameterKind.WHOLE, PERIODS, OURS),
    "privacy.erasure_days": (7, ParameterKind.WHOLE, PERIODS, OURS),
}


def test_the_default_the_kind_the_group_and_the_source_of_each():
    found = {p.key: (p.default, p.kind, p.group, p.source) for p in REGISTRY.values()}
    assert list(found.items()) == list(DEFAULTS.items())


def test_a_whole_number_has_its_unit_and_nothing_else_has():
    assert {p.key: p.unit for p in REGISTRY.values() if p.unit} == {
        "accounts.reset_hours": "heures",
        "accounts.idle_ans": "minutes",
        "perf.limit_one": "minutes",
        "perf.limit_half": "minutes",
        "perf.gti": "minutes",
        "perf.gtr": "minutes",
        "pilots.clients_needed": "Clients",
        "pilots.review_days": "jours ouvrés",
        "va.months": "mois",
        "va.nudge_days": "jours",
        "prefiguration.contact_months": "mois",
        "privacy.mail_months": "mois",
        "privacy.invitation_months": "mois",
        "privacy.feed_months": "mois",
        "privacy.import_months": "mois",
        "privacy.draft_months": "mois",
        "privacy.erasure_days": "jours",
    }


@pytest.mark.parametrize(
    ("key", "values"),
    [
        ("perf.base", "ouvrable continu"),
        ("perf.guarantee_base", "ouvrable continu"),
        ("perf.period", "MOIS TRIMESTRE SEMESTRE ANNEE"),
        ("pilots.gate_scope", "FOURNISSEUR_SOLUTION SOLUTION"),
    ],
)
def test_the_answers_that_a_choice_offers(key, values):
    assert [value for value, _label in REGISTRY[key].choices] == values.split()


def test_only_a_choice_has_answers_to_choose_from():
    with_choices = {key for key, parameter in REGISTRY.items() if parameter.choices}
    assert with_choices == {
        key for key, (_, kind, *_) in DEFAULTS.items() if kind == ParameterKind.CHOICE
    }


def test_each_of_the_three_hours_may_keep_the_week_open():
    assert HOURS == ("perf.hours.weekday", "perf.hours.saturday", "perf.hours.sunday")


def test_perf_one_ends_before_perf_one_half():
    assert ORDERED == [("perf.limit_one", "perf.limit_half")]


def test_what_the_slides_say_needs_no_confirmation():
    shown = {key for key, parameter in REGISTRY.items() if parameter.is_specified}
    assert shown == {key for key, (*_, source) in DEFAULTS.items() if source == SLIDES}


def test_each_has_a_label_and_a_help_of_its_own():
    helps = [parameter.help for parameter in REGISTRY.values()]
    assert all(helps)
    assert len({parameter.label for parameter in REGISTRY.values()}) == len(REGISTRY)
    assert {key for key, p in REGISTRY.items() if p.help == NO_SCORE} == {
        "perf.perfm_threshold",
        "perf.perfe_threshold",
    }
