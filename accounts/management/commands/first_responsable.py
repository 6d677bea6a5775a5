"""`manage.py first_responsable ADDRESS`: the first person of a new site, by a link shown here."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.services.first_person import first_responsable_invite
from journal.rules.by import By
from segur.lib import paris


class Command(BaseCommand):
    help = (
        "Prints a link that serves once: the first responsable of the ANS creates their account "
        "by it, then invites everybody else from the site. Needs no mail and no superuser."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("address", help="e-mail address of this person")

    def handle(self, *_args: Any, address: str, **_options: Any) -> None:
        try:
            invitation, path = first_responsable_invite(email=address, by=By.clock(timezone.now()))
        except ValidationError as refusal:
            raise CommandError(" ".join(refusal.messages)) from refusal
        self.stdout.write(
            f"Lien d'ouverture pour {invitation.email}, à usage unique, valable jusqu'au "
            f"{paris.long(invitation.expires_at)} :\n\n  {settings.SITE_URL}{path}\n\n"
            "Ce lien donne tous les droits d'un Responsable de l'ANS : remettez-le à cette seule "
            "personne. Une nouvelle commande le remplace."
        )
