"""The calendars as their file gives them: exact, loaded once, never overwriting an amendment."""

import datetime as dt

import pytest

from accounts.enums import Role
from calendar_app.enums import Channel, MilestoneScope, Nature
from calendar_app.models import Deadline, Dispositif, Milestone, MilestoneVersion
from calendar_app.rules.calendar_file import CalendarFileError
from calendar_app.services.calendar_loading import DATA_FILE, load_calendars
from calendar_app.services.calendars import milestone_amend
from segur.lib import paris
from tests.by import acting
from tests.factories import DeadlineFactory, PrestationFactory, member

pytestmark = pytest.mark.usefixtures("calendars")
NOW = dt.datetime(2026, 11, 22, 9, tzinfo=dt.UTC)
NEW_DATE = dt.datetime(2027, 6, 30, 10, tzinfo=dt.UTC)

# number, Paris, UTC, scope, channel, money step
COMMON = (
    (1, "10/09/2025 12h", "2025-09-10T10:00:00+00:00", "SOLUTION", "CONVERGENCE", False),
    (2, "13/05/2026 12h", "2026-05-13T10:00:00+00:00", "SOLUTION", "CONVERGENCE", False),
    (3, "16/09/2026 12h", "2026-09-16T10:00:00+00:00", "SOLUTION", "CONVERGENCE", False),
    (4, "10/11/2026 12h", "2026-11-10T11:00:00+00:00", "PRESTATION", "ASP", True),
)
RIS = (
    *COMMON,
    (5, "09/06/2027 12h", "2027-06-09T10:00:00+00:00", "PRESTATION", "AUCUN", False),
    (6, "22/09/2027 12h", "2027-09-22T10:00:00+00:00", "PRESTATION", "ASP", True),
)
DRIMBOX = (
    *COMMON,
    (5, "15/09/2027 12h", "2027-09-15T10:00:00+00:00", "PRESTATION", "AUCUN", False),
    (6, "15/12/2027 12h", "2027-12-15T11:00:00+00:00", "PRESTATION", "ASP", True),
)


@pytest.fixture
def edited(tmp_path):
    """The official file with one text replaced by another, as a path."""

    def edit(old, new, count=1):
        text = DATA_FILE.read_text(encoding="utf-8")
        assert old in text
        path = tmp_path / "calendriers.toml"
        path.write_text(text.replace(old, new, count), encoding="utf-8")
        return path

    return edit


def refusal(path):
    with pytest.raises(CalendarFileError) as caught:
        load_calendars(path)
    return caught.value.problems


@pytest.mark.parametrize(
    ("code", "slug", "short_name", "needs_proxy"),
    [
        ("SONS-IMG-RIS-Va2", "ris", "RIS", False),
        ("SONS-IMG-DB-Va2", "drimbox", "DRIMbox", True),
    ],
)
def test_the_two_dispositifs(code, slug, short_name, needs_proxy):
    dispositif = Dispositif.objects.get(code=code)
    assert (dispositif.slug, dispositif.short_name) == (slug, short_name)
    assert dispositif.needs_proxy is needs_proxy
    assert Dispositif.objects.count() == 2


@pytest.mark.parametrize(
    ("slug", "expected"),
    [("ris", row) for row in RIS] + [("drimbox", row) for row in DRIMBOX],
)
def test_each_of_the_twelve_milestones(slug, expected):
    number, shown, utc, scope, channel, is_money_step = expected
    milestone = Milestone.objects.get(code=f"{slug}-{number}")
    assert (milestone.dispositif.slug, milestone.number) == (slug, number)
    assert paris.short(milestone.due_at) == shown
    assert milestone.due_at.isoformat() == utc
    assert (milestone.scope, milestone.channel) == (MilestoneScope(scope), Channel(channel))
    assert milestone.is_money_step is is_money_step
    assert (milestone.nature, milestone.version) == (Nature.REGULATORY, 1)
    version = milestone.versions.get()
    assert (version.number, version.due_at) == (1, milestone.due_at)
    assert "04/03/2025" in version.source


def test_titles_are_those_of_the_slides():
    assert list(
        Milestone.objects.filter(dispositif__slug="ris").values_list("title", flat=True)
    ) == [
        "Dépôt du dossier administratif à l'ANS",
        "Dépôt d'un dossier complet de preuves de conformité",
        "Échanges avec l'ANS pour validation du dossier de référencement",
        "Dépôt des demandes de financement et de paiement de l'avance",
        "Réalisation des Prestations Ségur de mise à jour RIS Vague 2",
        "Dépôt des demandes de paiement du solde",
    ]


def test_loading_again_changes_nothing():
    before = list(MilestoneVersion.objects.order_by("pk").values())
    load_calendars()
    assert list(MilestoneVersion.objects.order_by("pk").values()) == before
    assert Milestone.objects.count() == 12


def test_loading_again_leaves_an_amended_date_alone():
    milestone = Milestone.objects.get(code="ris-5")
    milestone_amend(
        milestone=milestone,
        due_at=NEW_DATE,
        reason="Report",
        source="Arrêté fictif",
        nature=Nature.ESTIMATED,
        by=acting(member(Role.RESPONSABLE), NOW),
    )
    load_calendars()
    milestone.refresh_from_db()
    assert (milestone.estimated_at, milestone.version) == (NEW_DATE, 2)


@pytest.mark.parametrize("amended", [False, True])
def test_another_date_in_the_file_is_refused_and_sends_to_the_application(edited, amended):
    if amended:
        milestone_amend(
            milestone=Milestone.objects.get(code="ris-5"),
            due_at=NEW_DATE,
            reason="Report",
            source="Arrêté fictif",
            nature=Nature.REGULATORY,
            by=acting(member(Role.RESPONSABLE), NOW),
        )
    (problem,) = refusal(edited("date = 2027-06-09", "date = 2027-06-30"))
    assert problem == (
        "calendriers.toml : RIS : jalons[5].date : 30/06/2027 12h au lieu de 09/06/2027 12h, déjà "
        "chargé ; une date ne change pas par ce fichier : modifiez-la dans l'application "
        "(« Modifier la date »), avec un motif et une source"
    )
    assert Milestone.objects.get(code="ris-5").due_at == (
        NEW_DATE if amended else dt.datetime(2027, 6, 9, 10, tzinfo=dt.UTC)
    )


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("heure = 12:00:00", "heure = 11:00:00", "RIS : jalons[1].date : 10/09/2025 11h"),
        ('nature = "REGULATORY"', 'nature = "ESTIMATED"', "RIS : jalons[1].nature : déjà chargée"),
        ("numero = 1\n", "numero = 7\n", "RIS : jalons[1].numero : « 1 » est déjà chargé"),
        ('portee = "SOLUTION"', 'portee = "PRESTATION"', "RIS : jalons[1].portee : « SOLUTION »"),
        (
            'code = "ris-1"',
            'code = "ris-7"',
            "RIS : jalons[1].numero : 1 est celui du jalon",
        ),
    ],
)
def test_what_is_loaded_is_not_rewritten(edited, old, new, problem):
    assert any(p.startswith(f"calendriers.toml : {problem}") for p in refusal(edited(old, new)))


def test_a_refused_file_changes_nothing(edited):
    path = edited("nom_court", "nom_cour")
    text = path.read_text(encoding="utf-8").replace("Dépôt du dossier administratif", "Autre")
    path.write_text(text, encoding="utf-8")
    refusal(path)
    assert not Milestone.objects.filter(title__startswith="Autre").exists()


def test_a_correction_of_words_reaches_the_milestone_and_its_deadlines(edited):
    deadline = DeadlineFactory()
    load_calendars(edited("Dépôt d'un dossier complet", "Dépôt du dossier complet"))
    deadline.refresh_from_db()
    assert deadline.title == "Dépôt du dossier complet de preuves de conformité"
    assert Milestone.objects.get(code="ris-2").title == deadline.title


def test_a_correction_of_a_source_reaches_the_first_version(edited):
    load_calendars(edited("« Calendrier RIS »", "diapositive 3"))
    assert Milestone.objects.get(code="ris-1").versions.get().source.endswith("diapositive 3")


def test_a_new_milestone_opens_its_deadlines(edited):
    prestation = PrestationFactory()
    added = """
[[dispositifs.jalons]]
code = "ris-7"
numero = 7
titre = "Bilan"
date = 2028-01-12
heure = 12:00:00
nature = "ESTIMATED"
portee = "PRESTATION"
canal = "ICI"
paiement = false
pilotes = false
source = "Texte fictif"

[[dispositifs]]
code = "SONS-IMG-DB-Va2"
"""
    load_calendars(edited('[[dispositifs]]\ncode = "SONS-IMG-DB-Va2"\n', added.lstrip()))
    deadline = Deadline.objects.get(milestone__code="ris-7")
    assert deadline.prestation == prestation
    assert deadline.due_at is None
    assert deadline.estimated_at.isoformat() == "2028-01-12T11:00:00+00:00"
    milestone = Milestone.objects.get(code="ris-7")
    assert (milestone.nature, milestone.version) == (Nature.ESTIMATED, 1)
    assert [version.number for version in milestone.versions.all()] == [1]


def test_a_first_loading_that_fails_half_way_leaves_nothing(edited, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError("base arrêtée")

    monkeypatch.setattr("calendar_app.services.calendar_loading._load_milestone", fail)
    path = edited('nom = "SONS Imagerie RIS, Vague 2"', 'nom = "Autre nom"')
    with pytest.raises(RuntimeError):
        load_calendars(path)
    assert not Dispositif.objects.filter(name="Autre nom").exists()
