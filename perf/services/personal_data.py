"""The line of the register of personal data (`privacy.rules.register`) about outages."""

from privacy.rules.register import Kept

LINES = (
    Kept(
        "outages",
        "Indisponibilités, tickets et relevés PERF",
        "Qui enregistre, conteste, décide ; pièces jointes.",
        "Établir la durée d'indisponibilité et qui l'a déclarée.",
        "Autant que le dossier.",
        law="un relevé émis est scellé par son empreinte : le nom de qui l'émet y reste.",
        columns=("perf_statement.document", "perf_outageproof.name"),
    ),
)
