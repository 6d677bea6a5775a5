"""Every address of the site, with real objects in it: what the walks of e2e/ and security/ visit.

A new address that takes an argument is added to PRIVATE, SHARED or SECRET: else the walks fail, and
say so.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from django.urls import URLResolver, get_resolver, reverse

from accounts.enums import Kind
from accounts.models import ApiToken, Invitation, Membership, Organisation, User
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
from imports.enums import ImportState
from imports.models import Import
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
from privacy.models import ErasureRequest
from segur.guide.source import INDEX, guides
from teamwork.models import CommentFile
from webhooks.models import Delivery, Endpoint

PUBLIC = {
    "home",
    "calendars:index",
    "calendars:detail",
    "calendars:history",
    "calendars:feed",
    "calendars:private_feed",
    "reminders:unsubscribe",
    "accounts:invitation",
    "accounts:theme",
    "accessibility",
    "help",
    "privacy:policy",
    "privacy:legal_notice",
    "help_guide",
    "sources",
    "liveness",
    "readiness",
    "work",
    "metrics",
    "composants",
    "perf:simulator",
    "prefigurateurs:public",
    "prefigurateurs:public_json",
    "publications:index",
    "publications:json",
    "publications:feed",
    "programme:open_data",
    "programme:json",
    "programme:csv",
    "api:docs",
    "api:docs_group",
    "api:openapi",
    "robots",
    "security_txt",
}
"""Addresses that need no login, besides those under `compte/` that open or recover an account."""

PUBLIC_ACCOUNT = {
    "account_login",
    "account_logout",
    "account_signup",
    "account_inactive",
    "account_email_verification_sent",
    "account_confirm_email",
    "account_confirm_login_code",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "openid_connect_login",
    "openid_connect_callback",
    "socialaccount_signup",
    "accounts:access_request",
    "mfa_authenticate",
    "mfa_login_webauthn",
    "mfa_trust",
}

SECRET = {
    "calendars:private_feed": {"token": "unknown"},
    "reminders:unsubscribe": {"token": "unknown"},
    "accounts:invitation": {"token": "unknown"},
    "account_confirm_email": {"key": "unknown"},
    "account_reset_password_from_key": {"uidb36": "1", "key": "unknown"},
    "openid_connect_login": {"provider_id": "unknown"},
    "openid_connect_callback": {"provider_id": "unknown"},
    "accounts:session_close": {"pk": 1},
    "accounts:factor_reset": {"pk": 1},
    "accounts:factor_reset_cancel": {"pk": 1},
    "mfa_edit_webauthn": {"pk": 1},
    "mfa_remove_webauthn": {"pk": 1},
}
"""Addresses that a secret opens, that the environment alone names, or whose objects the
demonstration has not (passkeys, whose outsiders are tested with them): walked with a wrong one."""


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


@dataclass(frozen=True)
class Rows:
    """The objects that an address may show; `argument` is its name in the address."""

    argument: str
    all: Callable[[], Iterable[Any]]
    attribute: str = "pk"

    def sample(
        self, size: int, *, seen_by: User | None = None, hidden_from: User | None = None
    ) -> list[Any]:
        """At most `size` of them, spread over all, or over those that a person sees or does not."""
        rows = list(self.all())
        if seen_by is not None:
            seen = _visible_to(seen_by, rows)
            rows = [row for row in rows if row.pk in seen]
        if hidden_from is not None:
            seen = _visible_to(hidden_from, rows)
            rows = [row for row in rows if row.pk not in seen]
        return rows[:: max(1, len(rows) // size)][:size]

    def kwargs(self, row: Any) -> dict[str, Any]:
        return {self.argument: getattr(row, self.attribute)}


class PieceRows(Rows):
    """A piece is found by its deadline and its code."""

    def kwargs(self, row: Any) -> dict[str, Any]:
        return {"pk": row.deadline_id, "code": row.code}


class ConnectorRows(Rows):
    """A half-connector is found by its prestation and its kind."""

    def kwargs(self, row: Any) -> dict[str, Any]:
        return {"pk": row.prestation_id, "kind": row.kind}


def _visible_to(user: User, rows: list[Any]) -> set[Any]:
    manager = type(rows[0])._default_manager
    return set(manager.visible_to(user).values_list("pk", flat=True))


def _by(argument: str, *names: str, rows: Callable[[], Iterable[Any]]) -> dict[str, Rows]:
    return {name: Rows(argument, rows) for name in names}


OUTAGE_ACTS = ("end", "attach", "comment", "contest", "decide", "merge")
TICKET_ACTS = ("", "_pdf", "_charge", "_comment", "_respond", "_restore", "_correct")

PRIVATE = {
    **_by(
        "pk",
        "accounts:member_edit",
        "accounts:member_remove",
        "accounts:factor_reset_ask",
        rows=Membership.objects.all,
    ),
    **_by(
        "pk",
        "accounts:invitation_resend",
        "accounts:invitation_revoke",
        rows=Invitation.objects.all,
    ),
    **_by(
        "pk",
        "accounts:api_token_revoke",
        "accounts:api_token_take_over",
        rows=ApiToken.objects.all,
    ),
    **_by(
        "pk",
        "accounts:organisation_detail",
        "accounts:organisation_edit",
        "accounts:organisation_confirm",
        "accounts:invite",
        "accounts:view_as",
        rows=_industry,
    ),
    **_by(
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
    **_by("pk", "solutions:supplier_detail", "solutions:supplier_edit", rows=Supplier.objects.all),
    **_by(
        "pk",
        *(f"prestations:{name}" for name in ("detail", "archive", "edit", "takeover")),
        "portfolio:amounts",
        rows=Prestation.objects.all,
    ),
    **_by("pk", "perf:statements", rows=_drimbox),
    **_by(
        "pk",
        *(f"perf:statement{kind}" for kind in ("", "_pdf", "_csv", "_json")),
        rows=Statement.objects.all,
    ),
    **_by(
        "pk",
        "perf:outage",
        "perf:version_add",
        *(f"perf:outage_{act}" for act in OUTAGE_ACTS),
        rows=Outage.objects.all,
    ),
    **_by("pk", "perf:version_edit", "perf:version_separate", rows=OutageVersion.objects.all),
    **_by("pk", "perf:correction", "perf:correction_withdraw", rows=Correction.objects.all),
    **_by("pk", "perf:outage_proof", rows=OutageProof.objects.all),
    **_by("pk", "perf:service", "perf:outage_create", rows=_drimbox),
    **_by("pk", "perf:ticket_create", rows=_drimbox),
    **_by(
        "pk",
        *(f"perf:ticket{act}" for act in TICKET_ACTS),
        rows=Ticket.objects.all,
    ),
    **_by("pk", "perf:ratios_prestation", "perf:ratio_create", rows=_ris),
    **_by("pk", "perf:ratio", rows=Ratio.objects.all),
    **_by("pk", "perf:prestation", rows=Prestation.objects.all),
    **_by("pk", "installation:connectors", rows=Prestation.objects.all),
    "installation:connector": ConnectorRows("pk", Connector.objects.all),
    **_by("pk", "installation:connector_file", rows=ConnectorFile.objects.all),
    **_by(
        "pk",
        *(f"installation:{name}" for name in ("portals", "portal_create", "portal_absence")),
        rows=_drimbox,
    ),
    **_by("pk", "installation:portal_absence_file", rows=PortalAbsenceFile.objects.all),
    **_by("pk", "installation:portal", rows=Portal.objects.all),
    **_by("pk", "installation:portal_file", rows=PortalFile.objects.all),
    **_by("pk", "installation:couple", rows=_couples),
    **_by("pk", "perf:outages_csv", "perf:outages_xlsx", rows=Prestation.objects.all),
    **_by(
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
    **_by("pk", "deadlines:dossier", "deadlines:piece_add", rows=_with_dossier),
    "deadlines:piece": PieceRows("pk", Piece.objects.all),
    **_by("pk", "deadlines:piece_file", rows=PieceFile.objects.all),
    **_by("pk", "deadlines:proof", "deadlines:withdraw", rows=Proof.objects.all),
    **_by("pk", "pilots:name", rows=_ris_suppliers),
    **_by(
        "pk",
        *(f"pilots:{name}" for name in ("detail", "withdraw", "pv_create")),
        rows=Pilot.objects.all,
    ),
    **_by("pk", "pilots:request", rows=_pilot_requests),
    **_by(
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
    **_by("pk", "pilots:pv_receipt_pdf", rows=_sent_pvs),
    **_by("pk", "pilots:pv_decision_pdf", rows=_decided),
    **_by("pk", "pilots:pv_file", rows=PVFile.objects.all),
    **_by(
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
    **_by(
        "pk",
        "prefigurateurs:contact_correct",
        "prefigurateurs:contact_erase",
        rows=Contact.objects.all,
    ),
    **_by(
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
    **_by("pk", "review:file", rows=PVFile.objects.all),
    **_by("pk", "review:sentence_edit", "review:sentence_delete", rows=ReasonSentence.objects.all),
    **_by("pk", "va:detail", "va:create", rows=_drimbox),
    **_by("pk", "va:correct", "va:pdf", "va:notify", "va:withdraw", rows=_with_va),
    **_by("pk", "va:condition", "va:undo", rows=VACondition.objects.all),
    **_by("pk", "va:file", rows=VAFile.objects.all),
    **_by(
        "pk",
        *(f"publications:{name}" for name in ("decide", "withdraw", "propose_again")),
        rows=Publication.objects.all,
    ),
    **_by(
        "pk",
        *(
            f"webhooks:{name}"
            for name in ("detail", "secret", "trial", "disable", "enable", "delete", "replay_dead")
        ),
        rows=Endpoint.objects.all,
    ),
    **_by("pk", "webhooks:replay", rows=Delivery.objects.all),
    "imports:detail": Rows("pk", _confirmed_imports),
    **_by("pk", "privacy:erasure", rows=ErasureRequest.objects.waiting),
    **_by("pk", "teamwork:comment_file", rows=CommentFile.objects.all),
    "deadlines:receipt": Rows("number", _receipts, "receipt_number"),
    "deadlines:receipt_pdf": Rows("number", _receipts, "receipt_number"),
    "deadlines:receipt_json": Rows("number", _receipts, "receipt_number"),
    **{
        f"deadlines:batch{kind}": Rows("number", FilingBatch.objects.all, "receipt_number")
        for kind in ("", "_pdf", "_json")
    },
    **_by(
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
    "calendars:detail": Rows("slug", Dispositif.objects.all, "slug"),
    "calendars:feed": Rows("slug", Dispositif.objects.all, "slug"),
    "calendars:amend": Rows("pk", Milestone.objects.all),
    "calendars:milestone_create": Rows("slug", Dispositif.objects.all, "slug"),
    **_by(
        "pk", "accounts:client_detail", "accounts:client_merge", rows=Organisation.objects.clients
    ),
    "bulk": Rows("name", ACTS.values, "name"),
    "parameters:amend": Rows("key", REGISTRY.values, "key"),
    **_by("pk", "parameters:retire", rows=RegulatoryParameter.objects.standing),
    **_by(
        "pk", "deadlines:expected_edit", "deadlines:expected_retire", rows=ExpectedPiece.objects.all
    ),
    **_by("pk", "checklists:edit", "checklists:retire", rows=ChecklistItem.objects.all),
}
"""Objects that are no secret: the official calendars, the directory of Clients, the parameters."""


@dataclass(frozen=True)
class Address:
    name: str
    is_plain: bool

    @property
    def is_public(self) -> bool:
        return self.name in PUBLIC or self.name in PUBLIC_ACCOUNT

    @property
    def is_keyed(self) -> bool:
        """The key of an organisation opens it, and no login does: its objects are in
        `tests/api_world.py`."""
        return self.name.startswith("api:") and self.name not in PUBLIC

    def urls(self, size: int = 6, seen_by: User | None = None) -> Iterator[str]:
        """With some of the objects that it may show: to this person, or to anybody at all."""
        if self.is_plain:
            yield reverse(self.name)
        elif self.name in SECRET:
            yield reverse(self.name, kwargs=SECRET[self.name])
        else:
            rows = {**PRIVATE, **SHARED}[self.name]
            for row in rows.sample(size, seen_by=seen_by if self.name in PRIVATE else None):
                yield reverse(self.name, kwargs=rows.kwargs(row))


def addresses() -> list[Address]:
    """Those of the application; Django's admin is another matter."""
    return [
        address for address in _walk(get_resolver(), ()) if not address.name.startswith("admin:")
    ]


def _walk(resolver: URLResolver, namespaces: tuple[str, ...]) -> Iterator[Address]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            inner = (pattern.namespace,) if pattern.namespace else ()
            yield from _walk(pattern, (*namespaces, *inner))
        elif pattern.name:
            regex = pattern.pattern.regex
            yield Address(":".join((*namespaces, pattern.name)), is_plain=not regex.groups)


KEYED = {address.name for address in addresses() if address.is_keyed}
"""The addresses of the API."""
