"""`manage.py demo`: fictional data to try a local site with, once."""

import argparse
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from calendar_app.demo import cast
from calendar_app.demo.market import (
    Scene,
    client_names,
    create_prestations,
    create_solutions,
    create_suppliers,
)
from calendar_app.demo.people import create_clients, create_organisations, create_people
from calendar_app.demo.portfolio import tell as tell_portfolio
from calendar_app.demo.story import tell
from calendar_app.demo.teamwork import tell_teamwork
from journal.rules.by import By
from mailing.enums import MailState
from mailing.models import OutgoingMail
from perf.demo.ratios import tell_ratios
from perf.demo.story import tell as tell_perf
from perf.demo.tickets import tell_tickets
from pilots.demo.installation import tell_installations
from pilots.demo.pilots import tell_pilots
from pilots.demo.prefigurateurs import tell_prefigurateurs
from pilots.demo.va import tell_va
from privacy.demo import tell_archive, tell_departure
from webhooks.demo import tell_webhooks

LARGE_PRESTATIONS = 260


class Command(BaseCommand):
    help = "Loads fictional data into an empty local site, and prints the logins."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "--size",
            choices=("normal", "large"),
            default="normal",
            help="large: 300 prestations, with long names",
        )

    def handle(self, *_args: Any, size: str, **_options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("Demonstration data has no place in production.")
        if not User.objects.exists():
            self.load(extra=LARGE_PRESTATIONS if size == "large" else 0)
        self.stdout.write(self.logins())

    @transaction.atomic
    def load(self, extra: int) -> None:
        now, users = timezone.now(), create_people()
        names = client_names(len(cast.CLIENTS) + extra)
        scene = Scene(
            now=now,
            users=users,
            organisations=create_organisations(users, now),
            clients=create_clients(names, By.person(users[cast.RESPONSABLE.email], now)),
        )
        solutions = create_solutions(scene)
        suppliers = create_suppliers(scene, solutions)
        prestations = create_prestations(scene, suppliers, extra)
        tell_pilots(scene, prestations)  # first: the solde of the story passes their gate
        tell(scene, solutions, prestations)
        tell_portfolio(scene, prestations)
        tell_perf(scene, prestations)
        tell_tickets(scene, prestations)
        tell_ratios(scene, prestations)
        tell_installations(scene, prestations)
        tell_va(scene, prestations)
        tell_prefigurateurs(scene, solutions)
        tell_teamwork(scene, prestations)
        tell_departure(now)
        mandataire = By.person(users[cast.MANDATAIRE.email], now)
        tell_webhooks(scene.organisations[cast.EDITEUR], mandataire)
        tell_archive(scene.organisations[cast.EDITEUR], mandataire)
        # Acts are dated in the past; their mails become due now, so that none counts as late.
        OutgoingMail.objects.filter(state=MailState.QUEUED).update(next_attempt_at=timezone.now())

    def logins(self) -> str:
        """Those that are (still) in the database; nothing for a site with data of its own."""
        emails = [person.email for person in cast.PEOPLE]
        present = set(User.objects.filter(email__in=emails).values_list("email", flat=True))
        people = [person for person in cast.PEOPLE if person.email in present]
        if not people:
            return ""
        width = max(len(person.email) for person in people)
        lines = [f"  {person.email:{width}}  {person.described}" for person in people]
        title = f"Comptes de démonstration (données fictives), mot de passe : {cast.PASSWORD}"
        return "\n".join([title, *lines, ""])
