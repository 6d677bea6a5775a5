"""`manage.py close_account ADDRESS --reason …`: nobody logs in with this account any more."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.models import User
from accounts.services.users import account_close, account_open
from journal.rules.by import By


class Command(BaseCommand):
    help = "Closes the account of this address, or opens it again. Memberships stay."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("address")
        parser.add_argument("--reason", required=True, help="kept in the journal: name nobody")
        parser.add_argument("--open", action="store_true", help="open it again")

    def handle(self, *_args: Any, address: str, reason: str, **options: Any) -> None:
        user = User.objects.filter(email__iexact=address).first()
        if user is None:
            raise CommandError(f"Aucun compte n'a l'adresse {address}.")
        change = account_open if options["open"] else account_close
        try:
            change(user=user, reason=reason, by=By.clock(timezone.now()))
        except ValidationError as refusal:
            raise CommandError(" ".join(refusal.messages)) from refusal
        self.stdout.write(f"Compte {'rouvert' if options['open'] else 'fermé'} : {address}.")
