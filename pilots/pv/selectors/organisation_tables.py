"""What an organisation takes with it (`privacy.selectors.tables`): pilots, PV, VA, installation."""

from pilots.enums import PVState
from pilots.pv.models import AspRequest, Pilot, PilotPV, PVMention
from pilots.pv.rules.review import shown
from pilots.va.models import VA, Connector, Portal, VACondition
from privacy.selectors.tables import Table

TABLES = (
    Table(
        "pilotes",
        Pilot,
        "prestation__organisation",
        ("prestation", "named_at", "withdrawn_at", "withdrawn_reason"),
    ),
    Table(
        "demandes_asp",
        AspRequest,
        "prestation__organisation",
        (
            *("prestation", "kind", "state", "on", "deposited_on", "validated_on", "reference"),
            "note",
        ),
    ),
    Table(
        "pv",
        PilotPV,
        "pilot__prestation__organisation",
        (
            *("pilot", "state", "realised_on", "signed_on", "signatory_name", "signatory_role"),
            *("comment", "sent_at", "decided_at"),
        ),
        shown={"state": lambda state: shown(PVState(state), to_reviewer=False)},
    ),
    Table(
        "mentions_pv", PVMention, "pv__pilot__prestation__organisation", ("pv", "label", "value")
    ),
    Table(
        "va",
        VA,
        "prestation__organisation",
        (
            *("prestation", "case", "finalised_on", "ris_vague2_on", "signed_on"),
            *("signatory_name", "signatory_role", "comment", "recorded_at"),
        ),
    ),
    Table(
        "conditions_va",
        VACondition,
        "va__prestation__organisation",
        ("va", "label", "state", "validated_on"),
    ),
    Table(
        "demi_connecteurs",
        Connector,
        "prestation__organisation",
        ("prestation", "kind", "state", "on", "note", "recorded_by_name", "recorded_at"),
    ),
    Table(
        "portails",
        Portal,
        "prestation__organisation",
        (
            *("prestation", "name", "informed_on", "outcome", "done_on", "note"),
            *("recorded_by_name", "recorded_at"),
        ),
    ),
)
