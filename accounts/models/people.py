"""People, known by their e-mail address."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.functional import cached_property

from accounts.enums import ANS_ROLES, Role, Theme
from segur.fields import AddressField
from segur.lib.texts import folded_address

if TYPE_CHECKING:
    from accounts.models.organisations import Organisation


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=folded_address(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """A person, known by e-mail address. `is_staff` opens Django's admin and nothing else."""

    email = AddressField("adresse électronique", max_length=254)
    full_name = models.CharField("prénom et nom", max_length=150)
    theme = models.CharField("apparence", max_length=6, choices=Theme, default=Theme.AUTO)
    is_active = models.BooleanField("actif", default=True)
    is_staff = models.BooleanField("équipe technique", default=False)
    date_joined = models.DateTimeField("inscription", default=timezone.now)

    objects: ClassVar[UserManager] = UserManager()

    is_looked_through = False
    """Set while a responsable of the ANS reads the site as this person (ADR 0035): what is between
    the members of an organisation, drafts above all, is then not shown."""

    is_narrowed = False
    """Whether `roles` are those of one organisation, whatever others this person belongs to."""

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["full_name"]

    class Meta:
        verbose_name = "personne"
        ordering = ("full_name", "email", "pk")
        constraints = (
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_unique",
                violation_error_message="Cette adresse électronique a déjà un compte.",
            ),
        )

    def __str__(self) -> str:
        return self.full_name or self.email

    def get_full_name(self) -> str:
        return self.full_name

    def get_short_name(self) -> str:
        return self.full_name.split(" ")[0]

    @cached_property
    def roles(self) -> dict[int, Role]:
        """Organisation id → role, read once for each loaded user."""
        rows = self.memberships.filter(organisation__is_active=True)
        return {org: Role(role) for org, role in rows.values_list("organisation_id", "role")}

    @cached_property
    def organisations(self) -> list[Organisation]:
        """The active ones of this person, by name, read in one query with the roles; of a user who
        has the role of a key alone, its organisation."""
        mine = self.memberships.filter(organisation__is_active=True)
        rows = list(mine.select_related("organisation").order_by("organisation"))
        self.__dict__.setdefault("roles", {row.organisation_id: Role(row.role) for row in rows})
        return [row.organisation for row in rows if row.organisation_id in self.roles]

    @cached_property
    def belongs_to(self) -> set[int]:
        """Ids of all their active organisations, where `roles` are those of one alone too."""
        if not self.is_narrowed:
            return set(self.roles)
        mine = self.memberships.filter(organisation__is_active=True)
        return set(mine.values_list("organisation_id", flat=True))

    def narrow(self, organisation_id: int, role: Role) -> None:
        """Of one organisation alone from now on: what a key of it may do and see."""
        self.roles, self.is_narrowed = {organisation_id: role}, True

    def only_in(self, organisation: Organisation) -> User:
        """The same person with their role there alone: what they see is what a colleague sees."""
        alone = copy(self)
        alone.__dict__.pop("organisations", None)
        alone.belongs_to = self.belongs_to
        alone.roles = {pk: role for pk, role in self.roles.items() if pk == organisation.pk}
        return alone

    @property
    def is_ans(self) -> bool:
        return any(role in ANS_ROLES for role in self.roles.values())

    @property
    def is_only_ans(self) -> bool:
        of_ans = {pk for pk, role in self.roles.items() if role in ANS_ROLES}
        return self.is_ans and self.belongs_to == of_ans

    @property
    def is_responsable(self) -> bool:
        """At the ANS: amends calendars and parameters, publishes, manages organisations."""
        return Role.RESPONSABLE in self.roles.values()
