"""Who looks at the site in the golden texts: the people of the demonstration, by their address."""

PEOPLE = {
    "anonymous": None,
    "responsable": "responsable@ans.example",
    "agent": "agent@ans.example",
    "mandataire": "mandataire@radiolune.example",
    "représentant": "representant@radiolune.example",
    "salarié": "salarie@radiolune.example",
    "distributeur": "mandataire@ponant.example",
    "two hats": "deux@garrigue.example",
    "second éditeur": "mandataire@brumaire.example",
    "third éditeur": "mandataire@pixelplume.example",
    "technical staff": "technique@ans.example",
}
"""Role → address. The éditeur is Radiolune; «two hats» leads one distributeur and represents
another; the second and the third éditeur are outsiders to the first; the technical staff belong to
no organisation."""
