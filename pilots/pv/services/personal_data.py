"""The lines of the register of personal data (`privacy.rules.register`) about PV and VA."""

from privacy.rules.register import Kept

LINES = (
    Kept(
        "signatories",
        "PV et VA",
        "Nom et fonction de qui signe pour le Client, document signé, qui prépare et qui contrôle.",
        "Prouver l'installation et sa vérification.",
        "Autant que le dossier.",
        law="le document signé est la pièce justificative d'une aide publique.",
        columns=(
            "pilots_pilotpv.signatory_name",
            "pilots_pvmention.value",
            "pilots_pvdecision.content",
            "pilots_pvfile.name",
            "pilots_pvfile.signature_detail",
            "pilots_va.signatory_name",
            "pilots_vafile.name",
            "pilots_connectorfile.name",
            "pilots_portalfile.name",
            "pilots_portalabsencefile.name",
        ),
    ),
)
