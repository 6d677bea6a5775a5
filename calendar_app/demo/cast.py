"""Who is in the demonstration. Towns are invented, numbers outside the official ranges."""

from dataclasses import dataclass

from accounts.enums import Kind, Role

PASSWORD = "Essai-Imagerie-2027"  # noqa: S105  (printed for everybody by `make run`)

EDITEUR, OTHER_EDITEUR, THIRD_EDITEUR = "Radiolune Logiciels", "Brumaire Imagerie", "Pixel & Plume"
LAPSED, BARE = "Ponant Systèmes Santé", "Garrigue Informatique Médicale"
ANS = "Agence du Numérique en Santé"

ORGANISATIONS: dict[str, tuple[Kind, str]] = {
    EDITEUR: (Kind.EDITEUR, "000001016"),
    OTHER_EDITEUR: (Kind.EDITEUR, "000001024"),
    THIRD_EDITEUR: (Kind.EDITEUR, "000001032"),
    LAPSED: (Kind.DISTRIBUTEUR, "000001040"),
    BARE: (Kind.DISTRIBUTEUR, "000001057"),
    ANS: (Kind.ANS, ""),
}
"""Name → kind and SIREN (no real one starts with three zeros)."""


@dataclass(frozen=True)
class Person:
    email: str
    name: str
    roles: tuple[tuple[str, Role], ...] = ()
    is_staff: bool = False

    @property
    def described(self) -> str:
        if not self.roles:
            return "équipe technique (administration)"
        return " · ".join(f"{role.label}, {organisation}" for organisation, role in self.roles)


MANDATAIRE = Person(
    "mandataire@radiolune.example", "Jeanne Clairval", ((EDITEUR, Role.MANDATAIRE),)
)
REPRESENTANT = Person(
    "representant@radiolune.example", "Karim Deslandes", ((EDITEUR, Role.REPRESENTANT),)
)
SALARIE = Person("salarie@radiolune.example", "Lucie Ferrandin", ((EDITEUR, Role.SALARIE),))
DISTRIBUTEUR = Person("mandataire@ponant.example", "Marc Olivette", ((LAPSED, Role.MANDATAIRE),))
TWO_HATS = Person(
    "deux@garrigue.example",
    "Nadia Tramontane",
    ((BARE, Role.MANDATAIRE), (LAPSED, Role.REPRESENTANT)),
)
OTHER = Person(
    "mandataire@brumaire.example", "Paul Vendémiaire", ((OTHER_EDITEUR, Role.MANDATAIRE),)
)
THIRD = Person("mandataire@pixelplume.example", "Rose Encrier", ((THIRD_EDITEUR, Role.MANDATAIRE),))
AGENT = Person("agent@ans.example", "Sarah Lormont", ((ANS, Role.AGENT),))
RESPONSABLE = Person("responsable@ans.example", "Théo Marchenoir", ((ANS, Role.RESPONSABLE),))
TECHNICAL = Person("technique@ans.example", "Ugo Câblier", is_staff=True)

PEOPLE = (
    MANDATAIRE,
    REPRESENTANT,
    SALARIE,
    DISTRIBUTEUR,
    TWO_HATS,
    OTHER,
    THIRD,
    AGENT,
    RESPONSABLE,
    TECHNICAL,
)

INVITED = "nouveau@radiolune.example"
WRONG_ADDRESS = "nouvelle.recrue@radiolune.example"

CLIENTS = tuple(
    f"{kind} {place}"
    for kind, places in {
        "Centre hospitalier": ("de Valbrume", "de Port-Lunaire", "de Clairfontaine-les-Fables"),
        "Centre hospitalier universitaire": ("de Merlinville", "d'Avalon-sur-Mer"),
        "Clinique": ("des Trois-Lucioles", "du Vieux-Cygne", "de la Tour-Pervenche"),
        "Groupe d'imagerie": ("de Montcendrillon", "du Val-Perrault", "des Deux-Rives-d'Ambre"),
        "Hôpital privé": ("de Roc-Chimère", "de l'Anse-aux-Sirènes"),
        "Institut de radiologie": ("de Belle-Brocéliande", "du Pays-d'Ys"),
        "Cabinet de radiologie": ("de la Place-du-Puits", "du Chat-Botté", "des Sept-Lieues"),
        "Centre d'imagerie médicale": ("de Haute-Mélusine", "du Pont-des-Fées", "de Sablefin"),
        "Polyclinique": ("de Grand-Farfadet", "de Petite-Ourse"),
        "Maison de santé": ("de Lys-en-Brume", "de Tournesol-le-Vieux"),
    }.items()
    for place in places
)
"""Twenty-five Clients."""
