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
    ),
)
