"""`manage.py open_ans ADDRESS`: the ANS and its first responsable, who invites everybody else."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.models import User
from accounts.services.organisations import ans_open
from journal.rules.by import By


class Command(BaseCommand):
    help = "Opens the ANS, with the account of this address as its first responsable."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("address", help="that of an account, made by `createsuperuser`")

    def handle(self, *_args: Any, address: str, **_options: Any) -> None:
        user = User.objects.filter(email__iexact=address, is_active=True).first()
        if user is None:
            raise CommandError(f"Aucun compte actif n'a l'adresse {address}.")
        try:
            ans_open(responsable=user, by=By.clock(timezone.now()))
        except ValidationError as refusal:
            raise CommandError(" ".join(refusal.messages)) from refusal
        self.stdout.write(f"{user} est responsable à l'ANS.")
