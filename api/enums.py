"""What a key may do."""

from django.db import models


class Scope(models.TextChoices):
    READ = "LECTURE", "Lire ce que voient les membres"
    PERF = "PANNES", "Déclarer : pannes, tickets, ratios, relevés PERF"
    DEPOSITS = "DEPOTS", "Déposer : solutions, prestations, dépôts, VA, PV"
    OPEN_DATA = "DONNEES_OUVERTES", "Lire les données ouvertes, plus souvent que sans clé"
    SUPERVISION = "SUPERVISION", "Transmettre les incidents de la supervision"


ALONE = (Scope.OPEN_DATA, Scope.SUPERVISION)
"""A key with one of these has nothing else: it is given to software that needs no more."""
