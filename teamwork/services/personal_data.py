"""The line of the register of personal data (`privacy.rules.register`) about comments."""

from privacy.rules.register import Kept

LINES = (
    Kept(
        "comments",
        "Commentaires",
        "Texte, auteur, fichiers joints.",
        "Travailler à plusieurs sur une échéance, un PV ou un ticket.",
        "Autant que leur objet. L'auteur est effacé avec son compte.",
        law="le fichier joint et son nom.",
        columns=("teamwork_commentfile.name",),
    ),
)
