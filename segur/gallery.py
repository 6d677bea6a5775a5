"""Representative content for the gallery of components (`/_composants/`, development only)."""

import datetime as dt
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from segur import gallery_charts
from segur.lib import charts
from segur.lib.paris import PARIS
from segur.lib.remaining import time_left

HASH = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
LONG_CLIENT = (
    "Groupement de coopération sanitaire d'imagerie du Haut-Bocage et des Vallées de la Sarthe-Nord"
)


def sample() -> dict[str, Any]:
    form = SampleForm({"filed_on": "", "channel": "", "note": "Dépôt fait hier soir."})
    form.is_valid()
    return {
        "breadcrumb": [
            {"label": "Mes échéances", "url": "/echeances/"},
            {"label": "RIS Azimut", "url": "/solutions/1/"},
            {"label": "Dépôt des demandes de paiement du solde", "url": ""},
        ],
        "pills": _pills(),
        "draft": time_left(_paris(2027, 6, 9, 12), _paris(2026, 11, 22, 9)),
        "countdowns": _countdowns(),
        "cards": _cards(),
        "reasons": _reasons(),
        "due_at": _paris(2027, 6, 9, 12),
        "receipt": _receipt(),
        "files": [
            _file("PV-pilote-signé.pdf", 3),
            _file("PV-pilote-signé.pdf", 2, superseded=True),
        ],
        "history": _history(),
        "form": form,
        "filters": FilterForm({"q": "bocage", "state": "soon"}),
        "tabs": [
            {"label": "À faire", "url": "?vue=a-faire", "current": True, "count": 12},
            {"label": "Déposées", "url": "?vue=deposees", "current": False, "count": 34},
            {"label": "Toutes", "url": "?vue=toutes", "current": False, "count": None},
        ],
        "rows": _rows(),
        "page_obj": Paginator(range(128), 25).page(2),
        "gauges": _gauges(),
        "timeline": _timeline(),
        "weeks": gallery_charts.weeks(),
        "chart": gallery_charts.curves(),
        "bars": charts.bars(gallery_charts.BARS),
        "bars_legend": charts.legend(gallery_charts.BARS),
        "messages": _messages(),
    }


class SampleForm(forms.Form):
    filed_on = forms.DateTimeField(
        label="Instant du dépôt",
        help_text="Celui de l'accusé de réception, heure de Paris. Exemple : 08/06/2027 17:42.",
        error_messages={"required": "Indiquez le jour et l'heure du dépôt."},
    )
    channel = forms.ChoiceField(
        label="Plateforme du dépôt",
        choices=[("asp", "Portail de l'ASP"), ("ans", "Convergence (ANS)")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez la plateforme où le dépôt a été fait."},
    )
    client = forms.ChoiceField(
        label="Client",
        required=False,
        choices=[("", "Tous les Clients"), ("1", LONG_CLIENT)],
    )
    proof = forms.FileField(
        label="Preuve du dépôt",
        required=False,
        help_text="PDF ou image, 20 Mo au plus. Plusieurs fichiers possibles.",
    )
    note = forms.CharField(
        label="Précision", required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    notify = forms.BooleanField(
        label="Envoyer le récépissé aux Représentants", required=False, initial=True
    )


class FilterForm(forms.Form):
    q = forms.CharField(label="Client ou FINESS", required=False)
    state = forms.ChoiceField(
        label="État",
        required=False,
        choices=[("", "Tous"), ("soon", "Proche"), ("late", "En retard")],
    )


def _paris(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> dt.datetime:
    return dt.datetime(year, month, day, hour, minute, tzinfo=PARIS)


def _pills() -> list[dict[str, str]]:
    return [
        {"meaning": "done", "label": "Validé"},
        {"meaning": "to-come", "label": "À venir"},
        {"meaning": "soon", "label": "Proche"},
        {"meaning": "late", "label": "En retard"},
        {"meaning": "neutral", "label": "Sans objet"},
    ]


def _countdown(meaning: str, days: int, working_days: int, due_at: dt.datetime) -> dict[str, Any]:
    return {
        "meaning": meaning,
        "days": days,
        "working_days": working_days,
        "due_at": due_at,
        "overdue": meaning == "late",
    }


def _countdowns() -> list[dict[str, Any]]:
    return [
        _countdown("to-come", 199, 137, _paris(2027, 6, 9, 12)),
        _countdown("soon", 1, 1, _paris(2026, 11, 23, 12)),
        _countdown("soon", 0, 0, _paris(2026, 11, 22, 12)),
        _countdown("late", 12, 8, _paris(2026, 11, 10, 12)),
    ]


def _cards() -> list[dict[str, Any]]:
    return [
        {
            **_countdown("late", 12, 8, _paris(2026, 11, 10, 12)),
            "title": "Dépôt des demandes de financement et de paiement de l'avance",
            "url": "/echeances/1/",
            "dispositif": "RIS",
            "subject": LONG_CLIENT,
            "state": "En retard",
            "draft": True,
            "missing": 2,
            "channel": "le portail de l'ASP",
            "action_url": "/echeances/1/declarer/",
            "action_label": "Déclarer le dépôt",
        },
        {
            **_countdown("soon", 5, 3, _paris(2026, 11, 27, 12)),
            "title": "Envoi du PV d'installation pilote",
            "url": "/echeances/2/",
            "dispositif": "RIS",
            "subject": "CHU de Grandlieu",
            "state": "Proche",
            "draft": False,
            "missing": 1,
            "channel": "",
            "action_url": "/echeances/2/deposer/",
            "action_label": "Déposer le PV",
        },
        {
            **_countdown("to-come", 199, 137, _paris(2027, 6, 9, 12)),
            "title": "Réalisation des Prestations Ségur",
            "url": "/echeances/3/",
            "dispositif": "DRIMbox",
            "subject": "Clinique des Trois-Fontaines",
            "state": "À venir",
            "draft": False,
            "missing": 0,
            "channel": "",
            "action_url": "",
            "action_label": "",
        },
    ]


def _reasons() -> list[dict[str, Any]]:
    return [
        {
            "reason": "Le mandat de l'éditeur a pris fin le 31/10/2026",
            "who": "Éditeur Imagix Systèmes",
            "by": _paris(2027, 9, 22, 12),
            "url": "/solutions/1/",
        },
        {
            "reason": f"Le PV d'installation pilote de {LONG_CLIENT} n'est pas signé",
            "who": "Client",
            "by": None,
            "url": "",
        },
    ]


def _file(name: str, version: int, *, superseded: bool = False) -> dict[str, Any]:
    return {
        "name": name,
        "size": 2_412_311,
        "sha256": HASH,
        "url": "/preuves/1/",
        "uploaded_at": _paris(2026, 11, 9, 17, 42 + version),
        "by": "Claire Vasseur",
        "version": version,
        "superseded": superseded,
        "scan": "analysé par l'antivirus",
    }


def _receipt() -> dict[str, Any]:
    return {
        "number": "R-2026-001482",
        "title": "Dépôt des demandes de financement et de paiement de l'avance",
        "subject": f"RIS Azimut · {LONG_CLIENT}",
        "filed_at": _paris(2026, 11, 9, 17, 42),
        "recorded_at": _paris(2026, 11, 10, 9, 5),
        "by": "Claire Vasseur (Représentante, Imagix Systèmes)",
        "on_time": True,
        "channel": "Portail de l'ASP",
        "here": False,
        "files": [_file("accusé-de-réception-ASP-dossier-2026-11-09-centre-hospitalier.pdf", 3)],
    }


def _history() -> list[dict[str, Any]]:
    return [
        {
            "at": _paris(2026, 11, 10, 9, 5),
            "who": "Claire Vasseur (Imagix Systèmes)",
            "what": "Dépôt déclaré",
            "note": "Accusé de réception de l'ASP joint.",
        },
        {
            "at": _paris(2026, 11, 4, 14, 20),
            "who": "Agence du Numérique en Santé",
            "what": "Date du jalon confirmée",
            "note": "",
        },
        {
            "at": _paris(2026, 9, 16, 9),
            "who": "Application",
            "what": "Échéance ouverte avec la prestation",
            "note": "",
        },
    ]


def _rows() -> list[dict[str, Any]]:
    return [
        {
            "client": LONG_CLIENT,
            "milestone": "Demande d'avance",
            "due_at": _paris(2026, 11, 10, 12),
            "days": "−12",
            "meaning": "late",
            "state": "En retard",
        },
        {
            "client": "CHU de Grandlieu",
            "milestone": "Réalisation",
            "due_at": _paris(2027, 6, 9, 12),
            "days": "199",
            "meaning": "to-come",
            "state": "À venir",
        },
        {
            "client": "Clinique des Trois-Fontaines",
            "milestone": "Dossier administratif",
            "due_at": _paris(2025, 9, 10, 12),
            "days": "–",
            "meaning": "done",
            "state": "Validé",
        },
    ]


def _gauges() -> list[dict[str, Any]]:
    zones = [
        {"label": "PERF 1", "until": "10 h", "start_pct": 0, "end_pct": 41.67, "middle_pct": 20.8},
        {
            "label": "PERF 0,5",
            "until": "20 h",
            "start_pct": 41.67,
            "end_pct": 83.33,
            "middle_pct": 62.5,
        },
        {"label": "PERF 0", "until": "", "start_pct": 83.33, "end_pct": 100, "middle_pct": 92.5},
    ]
    common = {"title": "Durée d'indisponibilité, PACS du CHU de Grandlieu", "zones": zones}
    return [
        {
            **common,
            "id": "jauge-1",
            "used": "6 h 00 min",
            "left": "reste 4 h 00 min avant PERF 0,5",
            "perf": "1",
            "meaning": "done",
            "used_pct": 25,
        },
        {
            **common,
            "id": "jauge-2",
            "used": "10 h 00 min 01 s",
            "left": "reste 9 h 59 min 59 s avant PERF 0",
            "perf": "0,5",
            "meaning": "soon",
            "used_pct": 41.67,
        },
    ]


def _timeline() -> dict[str, Any]:
    months = ["nov. 2026", "janv. 2027", "mars", "mai", "juil.", "sept.", "nov."]
    return {
        "id": "frise",
        "title": "Calendriers RIS et DRIMbox, novembre 2026 à décembre 2027",
        "description": "Aujourd'hui, 22/11/2026. Le tableau qui suit donne les mêmes dates.",
        "today_pct": 5.5,
        "months": [{"label": label, "pct": i * 14.3} for i, label in enumerate(months)],
        "lanes": [
            {"label": "RIS", "points": _points(2.5, 52, 76.5)},
            {"label": "DRIMbox", "points": _points(2.5, 75, 96.5)},
        ],
    }


def _points(advance: float, work: float, balance: float) -> list[dict[str, Any]]:
    return [
        {"number": 4, "meaning": "done", "title": "Avance", "pct": advance},
        {"number": 5, "meaning": "soon", "title": "Réalisation", "pct": work},
        {"number": 6, "meaning": "to-come", "title": "Solde", "pct": balance},
    ]


def _messages() -> list[dict[str, str]]:
    return [
        {
            "level": "success",
            "text": "Dépôt enregistré. Le récépissé R-2026-001482 part par courriel.",
        },
        {"level": "warning", "text": "Brouillon enregistré. Il n'est pas déposé."},
        {
            "level": "error",
            "text": "Le fichier n'a pas été reçu en entier : envoyez-le de nouveau.",
        },
        {"level": "info", "text": "Les dates du calendrier DRIMbox ont changé le 20/11/2026."},
    ]


@login_not_required
def gallery(request: HttpRequest) -> HttpResponse:
    return render(request, "composants.html", {"sample": sample()})
