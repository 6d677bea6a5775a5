"""Import of outages: choose a file, see what it would do, confirm."""

from __future__ import annotations

from functools import partial
from operator import attrgetter
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.middleware import MemberRequest
from accounts.permissions import preparable
from imports.forms.files import FileForm
from imports.services import jobs
from journal.permissions import require
from journal.views.acts import press
from perf.models import Service
from perf.permissions import sources_of
from perf.reading.outage_file import OPTIONAL, REQUIRED, BadFile
from perf.selectors.import_effects import import_effects
from perf.services import imports
from segur.exports import Format, table_response

PROBLEMS_SHOWN = 100
LINES_SHOWN = 50
EFFECTS_SHOWN = 200
FOLDED = 10
"""More lines of D_f than this are shown on demand."""
SERVICES_SHOWN = 20
RECORDERS_ONLY = (
    "Les indisponibilités sont importées par les membres d'un Fournisseur et par l'ANS."
)
TO_REPLACE = "code-a-remplacer"
EXAMPLES = (
    (TO_REPLACE, "15/01/2026 18:00", "16/01/2026 10:00", "FOURNISSEUR", "INC-2026-014", "Disque"),
    (TO_REPLACE, "2026-02-01T09:00:00+01:00", "", "CLIENT", "APPEL-88", "Portail muet"),
)

COLUMNS = (  # title, the other title that is read, meaning, required
    ("service", "service", "Code du service, tel que la page de la prestation le donne.", True),
    ("début", "started_at", "Heure de Paris, ou avec son décalage.", True),
    ("fin", "ended_at", "De même. Vide tant qu'elle dure.", False),
    ("source", "source", "Source : FOURNISSEUR, CLIENT, IMPORT ; ANS pour l'ANS seule.", True),
    (
        "référence",
        "reference",
        "Numéro chez cette source. Le redonner modifie ce qui est enregistré.",
        True,
    ),
    ("cause", "cause", "En quelques mots, 500 caractères au plus.", False),
    (
        "nature",
        "nature",
        "Colonne facultative : PANNE, MAINTENANCE ; NON_MESURE pour l'ANS seule.",
        False,
    ),
)


@require_http_methods(["GET", "HEAD", "POST"])
def index(request: MemberRequest) -> HttpResponse:
    require(bool(sources_of(request.user)), RECORDERS_ONLY)
    if request.method != "POST":
        return _page(request, FileForm())
    form = FileForm(request.POST, request.FILES)
    if form.is_valid():
        upload, now = form.cleaned_data["file"], timezone.now()
        content = upload.read()
        try:
            plan = imports.check(content, user=request.user, now=now)
        except BadFile as refusal:
            form.add_error("file", str(refusal))
        else:
            if plan.problems:
                return _page(request, form, plan)
            imports.keep(
                user=request.user,
                name=upload.name,
                content=content,
                lines=len(plan.lines),
                now=now,
            )
            return redirect("perf:import_check")
    return _page(request, form)


@require_http_methods(["GET", "HEAD", "POST"])
def check(request: MemberRequest) -> HttpResponse:
    """What the waiting file would do. Its button records it, checked once more."""
    require(bool(sources_of(request.user)), RECORDERS_ONLY)
    if request.method == "POST":
        return _confirm(request)
    now = timezone.now()
    waiting = imports.waiting_of(request.user, now=now)
    if waiting is None:
        messages.warning(request, jobs.GONE)
        return redirect("perf:import")
    plan = imports.check(bytes(waiting.content), user=request.user, now=now)
    if plan.problems:
        return _page(request, FileForm(), plan)
    changes = plan.changes
    effects = import_effects(plan.outages, now=now.replace(microsecond=0))
    changing = [effect for effect in effects if effect.changes]
    context = {
        "effects": changing[:EFFECTS_SHOWN],
        "more_effects": max(0, len(changing) - EFFECTS_SHOWN),
        "falling": sum(effect.falls for effect in changing),
        "steady": len(effects) - len(changing),
        "folded": len(changing) > FOLDED,
        "waiting": waiting,
        "plan": plan,
        "lines": changes[:LINES_SHOWN],
        "others": max(0, len(changes) - LINES_SHOWN),
        "asked": plan.asked[:LINES_SHOWN],
        "more_asked": max(0, len(plan.asked) - LINES_SHOWN),
    }
    return render(request, "perf/imports/check.html", context)


def _confirm(request: MemberRequest) -> HttpResponse:
    sent = {name: request.POST.get(name, "") for name in ("sha256", "seen")}
    act = partial(imports.confirm, user=request.user, **sent, now=timezone.now())
    again = reverse("perf:import_check")
    return press(request, act, done=attrgetter("sentence"), to=attrgetter("place"), back=again)


def _page(request: MemberRequest, form: FileForm, plan: imports.Plan | None = None) -> HttpResponse:
    services = _services(request)
    found = plan.problems if plan else []
    context: dict[str, Any] = {
        "form": form,
        "plan": plan,
        "problems": found[:PROBLEMS_SHOWN],
        "others": max(0, len(found) - PROBLEMS_SHOWN),
        "services": services[:SERVICES_SHOWN],
        "more_services": len(services) > SERVICES_SHOWN,
        "columns": COLUMNS,
        "example": "\n".join([";".join(REQUIRED), *(";".join(line) for line in EXAMPLES)]),
    }
    status = 422 if form.errors or found else 200
    return render(request, "perf/imports/index.html", context, status=status)


def _services(request: MemberRequest) -> list[Service]:
    """The first of those for which the person records, to copy their codes from."""
    rows = Service.objects.visible_to(request.user).select_related("prestation__client")
    if not request.user.is_ans:
        rows = rows.filter(prestation__organisation__in=preparable(request.user))
    return list(rows[: SERVICES_SHOWN + 1])


@require_safe
def model(request: MemberRequest) -> HttpResponse:
    """A file to fill in. Left as it is, it is refused: its service does not exist."""
    require(bool(sources_of(request.user)), RECORDERS_ONLY)
    header = [*REQUIRED, *OPTIONAL]
    rows = [[*line, "PANNE"] for line in EXAMPLES]
    return table_response(Format.CSV, "modele-pannes", header, rows)
