"""The objects behind the private and the shared addresses."""

from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

from accounts.enums import Kind
from accounts.models import ApiToken, Invitation, Membership, Organisation
from api.site import TAGS
from calendar_app.models import (
    Deadline,
    Dispositif,
    ExpectedPiece,
    Filing,
    FilingBatch,
    Milestone,
    Piece,
    PieceFile,
    Prestation,
    Proof,
    Solution,
    Supplier,
)
from calendar_app.rules.datasets import datasets
from imports.enums import ImportState
from imports.models import Import
from imports.services.kinds import KINDS
from imports.services.plans import FileImport
from journal.services.bulk import ACTS
from mailing.models import OutgoingMail
from parameters.models import RegulatoryParameter
from parameters.rules.registry import REGISTRY
from perf.models import (
    Correction,
    Outage,
    OutageProof,
    OutageVersion,
    Ratio,
    Statement,
    Ticket,
)
from pilots.checklists.models import ChecklistItem
from pilots.prefiguration.models import Contact, Prefigurateur
from pilots.pv.models import (
    AspRequest,
    Pilot,
    PilotPV,
    Publication,
    PVDecision,
    PVFile,
    ReasonSentence,
)
from pilots.va.models import (
    Connector,
    ConnectorFile,
    Portal,
    PortalAbsenceFile,
    PortalFile,
    VACondition,
    VAFile,
)
from privacy.models import ErasureRequest, OrganisationArchive
from segur.guide.source import INDEX, guides
from teamwork.models import CommentFile
from tests.addresses.rows import ConnectorRows, PieceRows, Rows, by
from webhooks.models import Delivery, Endpoint


def _with_dossier() -> Iterable[Any]:
    return Deadline.objects.filter(pieces__isnull=False).distinct()


def _sent_pvs() -> Iterable[Any]:
    return PilotPV.objects.exclude(sent_at=None)


def _decided() -> Iterable[Any]:
    return PVDecision.objects.exclude(confirmed_at=None)


def _industry() -> Iterable[Any]:
    return Organisation.objects.exclude(kind__in=[Kind.CLIENT, Kind.ANS])


def _confirmed_imports() -> Iterable[Any]:
    return Import.objects.exclude(state=ImportState.CHECKED)


def _receipts() -> Iterable[Any]:
    return Filing.objects.filed()


def _drimbox() -> Iterable[Any]:
    return Prestation.objects.filter(dispositif__needs_proxy=True)


def _guides() -> Iterable[Any]:
    return [guide for guide in guides().values() if guide.slug != INDEX]


def _file_imports() -> Iterable[Any]:
    return [kind for kind in KINDS.values() if isinstance(kind, FileImport)]


def _tags() -> Iterable[Any]:
    return [SimpleNamespace(tag=tag) for tag in TAGS]


def _with_va() -> Iterable[Any]:
    return Prestation.objects.filter(va__isnull=False)


def _couples() -> Iterable[Any]:
    return Solution.objects.filter(dispositif__needs_proxy=True)


def _ris() -> Iterable[Any]:
    return Prestation.objects.filter(dispositif__slug="ris")


def _ris_suppliers() -> Iterable[Any]:
    return Supplier.objects.filter(solution__dispositif__needs_proxy=False)


def _pilot_requests() -> Iterable[Any]:
    return AspRequest.objects.filter(prestation__pilot__isnull=False)


OUTAGE_ACTS = ("end", "attach", "comment", "contest", "decide", "merge")
TICKET_ACTS = ("", "_pdf", "_charge", "_comment", "_respond", "_restore", "_correct")

PRIVATE = {
    **by(
        "pk",
        "accounts:member_edit",
        "accounts:member_remove",
        "accounts:factor_reset_ask",
        rows=Membership.objects.all,
    ),
    **by(
        "pk",
        "accounts:invitation_resend",
        "accounts:invitation_revoke",
        rows=Invitation.objects.all,
    ),
    **by(
        "pk",
        "accounts:api_token_revoke",
        "accounts:api_token_take_over",
        rows=ApiToken.objects.all,
    ),
    **by(
        "pk",
        "accounts:organisation_detail",
        "accounts:organisation_edit",
        "accounts:organisation_confirm",
        "accounts:invite",
        "accounts:view_as",
        rows=_industry,
    ),
    **by(
        "pk",
        *(
            f"solutions:{name}"
            for name in (
                "detail",
                "archive",
                "edit",
                "referencing",
                "takeover",
                "supplier_create",
            )
        ),
        rows=Solution.objects.all,
    ),
    **by("pk", "solutions:supplier_detail", "solutions:supplier_edit", rows=Supplier.objects.all),
    **by(
        "pk",
        *(f"prestations:{name}" for name in ("detail", "archive", "edit", "takeover")),
        "portfolio:amounts",
        rows=Prestation.objects.all,
    ),
    **by("pk", "perf:statements", rows=_drimbox),
    **by(
        "pk",
        *(f"perf:statement{kind}" for kind in ("", "_pdf", "_csv", "_json")),
        rows=Statement.objects.all,
    ),
    **by(
        "pk",
        "perf:outage",
        "perf:version_add",
        *(f"perf:outage_{act}" for act in OUTAGE_ACTS),
        rows=Outage.objects.all,
    ),
    **by("pk", "perf:version_edit", "perf:version_separate", rows=OutageVersion.objects.all),
    **by("pk", "perf:correction", "perf:correction_withdraw", rows=Correction.objects.all),
    **by("pk", "perf:outage_proof", rows=OutageProof.objects.all),
    **by("pk", "perf:service", "perf:outage_create", rows=_drimbox),
    **by("pk", "perf:ticket_create", rows=_drimbox),
    **by(
        "pk",
        *(f"perf:ticket{act}" for act in TICKET_ACTS),
        rows=Ticket.objects.all,
    ),
    **by("pk", "perf:ratios_prestation", "perf:ratio_create", rows=_ris),
    **by("pk", "perf:ratio", rows=Ratio.objects.all),
    **by("pk", "perf:prestation", rows=Prestation.objects.all),
    **by("pk", "installation:connectors", rows=Prestation.objects.all),
    "installation:connector": ConnectorRows("pk", Connector.objects.all),
    **by("pk", "installation:connector_file", rows=ConnectorFile.objects.all),
    **by(
        "pk",
        *(f"installation:{name}" for name in ("portals", "portal_create", "portal_absence")),
        rows=_drimbox,
    ),
    **by("pk", "installation:portal_absence_file", rows=PortalAbsenceFile.objects.all),
    **by("pk", "installation:portal", rows=Portal.objects.all),
    **by("pk", "installation:portal_file", rows=PortalFile.objects.all),
    **by("pk", "installation:couple", rows=_couples),
    **by(
        "pk",
        "perf:outages_csv",
        "perf:outages_xlsx",
        "perf:outages_json",
        rows=Prestation.objects.all,
    ),
    **by(
        "pk",
        *(
            f"deadlines:{name}"
            for name in (
                "detail",
                "charge",
                "comment",
                "prepare",
                "abandon",
                "set_aside",
                "resume",
                "decide",
                "reopen",
            )
        ),
        rows=Deadline.objects.all,
    ),
    **by("pk", "deadlines:dossier", "deadlines:piece_add", rows=_with_dossier),
    "deadlines:piece": PieceRows("pk", Piece.objects.all),
    **by("pk", "deadlines:piece_file", rows=PieceFile.objects.all),
    **by("pk", "deadlines:proof", "deadlines:withdraw", rows=Proof.objects.all),
    **by("pk", "pilots:name", rows=_ris_suppliers),
    **by(
        "pk",
        *(f"pilots:{name}" for name in ("detail", "withdraw", "pv_create")),
        rows=Pilot.objects.all,
    ),
    **by("pk", "pilots:request", rows=_pilot_requests),
    **by(
        "pk",
        "pilots:pv",
        *(
            f"pilots:pv_{act}"
            for act in (
                "charge",
                "comment",
                "edit",
                "pdf",
                "sign",
                "send",
                "receipt",
                "take_back",
                "abandon",
            )
        ),
        rows=PilotPV.objects.all,
    ),
    **by("pk", "pilots:pv_receipt_pdf", rows=_sent_pvs),
    **by("pk", "pilots:pv_decision_pdf", rows=_decided),
    **by("pk", "pilots:pv_file", rows=PVFile.objects.all),
    **by(
        "pk",
        *(
            f"prefigurateurs:{name}"
            for name in (
                "detail",
                "edit",
                "agree",
                "publish",
                "withdraw",
                "drop",
                "resume",
                "contact",
                "interview",
                "interview_ics",
                "interview_cancel",
                "interview_report",
                "attend",
            )
        ),
        rows=Prefigurateur.objects.all,
    ),
    **by(
        "pk",
        "prefigurateurs:contact_correct",
        "prefigurateurs:contact_erase",
        rows=Contact.objects.all,
    ),
    **by(
        "pk",
        *(
            f"review:{name}"
            for name in (
                "pv",
                "take",
                "recall",
                "retract",
                "ask_second",
                "give_back",
                "decide",
                "decide_and_next",
                "confirm",
                "contradict",
                "reopen",
            )
        ),
        rows=PilotPV.objects.all,
    ),
    **by("pk", "review:file", rows=PVFile.objects.all),
    **by("pk", "review:sentence_edit", "review:sentence_delete", rows=ReasonSentence.objects.all),
    **by("pk", "va:detail", "va:create", rows=_drimbox),
    **by("pk", "va:correct", "va:pdf", "va:notify", "va:withdraw", rows=_with_va),
    **by("pk", "va:condition", "va:undo", rows=VACondition.objects.all),
    **by("pk", "va:file", rows=VAFile.objects.all),
    **by(
        "pk",
        *(f"publications:{name}" for name in ("decide", "withdraw", "propose_again")),
        rows=Publication.objects.all,
    ),
    **by(
        "pk",
        *(
            f"webhooks:{name}"
            for name in ("detail", "secret", "trial", "disable", "enable", "delete", "replay_dead")
        ),
        rows=Endpoint.objects.all,
    ),
    **by("pk", "webhooks:replay", rows=Delivery.objects.all),
    "imports:detail": Rows("pk", _confirmed_imports),
    **by("pk", "privacy:erasure", rows=ErasureRequest.objects.waiting),
    **by("pk", "privacy:archive", rows=OrganisationArchive.objects.all),
    **by("pk", "privacy:export_other", rows=_industry),
    **by("pk", "teamwork:comment_file", rows=CommentFile.objects.all),
    "deadlines:receipt": Rows("number", _receipts, "receipt_number"),
    "deadlines:receipt_pdf": Rows("number", _receipts, "receipt_number"),
    "deadlines:receipt_json": Rows("number", _receipts, "receipt_number"),
    **{
        f"deadlines:batch{kind}": Rows("number", FilingBatch.objects.all, "receipt_number")
        for kind in ("", "_pdf", "_json")
    },
    **by(
        "pk",
        "reminders:mail",
        "notifications:open",
        rows=OutgoingMail.objects.exclude(subject="").all,
    ),
}
"""Objects that an outsider must not see."""

SHARED = {
    "help_guide": Rows("slug", _guides, "slug"),
    "api:docs_group": Rows("tag", _tags, "tag"),
    "open_data:schema": Rows("slug", datasets, "slug"),
    "calendars:detail": Rows("slug", Dispositif.objects.all, "slug"),
    "calendars:feed": Rows("slug", Dispositif.objects.all, "slug"),
    "calendars:amend": Rows("pk", Milestone.objects.all),
    "calendars:milestone_create": Rows("slug", Dispositif.objects.all, "slug"),
    **by(
        "pk", "accounts:client_detail", "accounts:client_merge", rows=Organisation.objects.clients
    ),
    "bulk": Rows("name", ACTS.values, "name"),
    **{
        f"imports:{page}": Rows("code", _file_imports, "code")
        for page in ("choose", "check", "template_csv", "template_xlsx")
    },
    "parameters:amend": Rows("key", REGISTRY.values, "key"),
    **by("pk", "parameters:retire", rows=RegulatoryParameter.objects.standing),
    **by("pk", "deadlines:expected_edit", rows=ExpectedPiece.objects.all),
    **by("pk", "checklists:edit", "checklists:retire", rows=ChecklistItem.objects.all),
}
"""Objects that are no secret: the official calendars, the directory of Clients, the parameters."""
