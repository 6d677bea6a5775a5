"""Rows as the application itself would make them: fictional, on `.example` domains."""

import datetime as dt

import factory
from allauth.account.models import EmailAddress
from factory.django import DjangoModelFactory

from accounts import models as accounts
from accounts.enums import Kind, Role
from calendar_app import models
from calendar_app.enums import Market
from perf import models as perf
from pilots import models as pilots
from pilots.enums import AspRequestKind, AspRequestState, PrefigurateurKind, PVState


def luhn(digits: str) -> str:
    """The digits with their Luhn key."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        double = int(digit) * (2 if place % 2 == 0 else 1)
        total += double - 9 if double > 9 else double
    return f"{digits}{-total % 10}"


class UserFactory(DjangoModelFactory):
    class Meta:
        model = accounts.User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"personne{n}@exemple.example")
    full_name = factory.Sequence(lambda n: f"Personne Fictive {n}")
    password = factory.django.Password("mot de passe de test")

    @factory.post_generation
    def verified(self, create, extracted, **kwargs):
        if create and extracted is not False:
            EmailAddress.objects.create(user=self, email=self.email, verified=True, primary=True)


class OrganisationFactory(DjangoModelFactory):
    class Meta:
        model = accounts.Organisation

    class Params:
        client = factory.Trait(
            kind=Kind.CLIENT,
            siren="",
            finess=factory.Sequence(lambda n: f"{750000000 + n}"),
            name=factory.Sequence(lambda n: f"Centre hospitalier fictif {n}"),
        )
        ans = factory.Trait(kind=Kind.ANS, siren="", name="Agence du Numérique en Santé")

    kind = Kind.EDITEUR
    name = factory.Sequence(lambda n: f"Éditeur fictif {n}")
    siren = factory.Sequence(lambda n: luhn(f"{90000000 + n}"))


class MembershipFactory(DjangoModelFactory):
    class Meta:
        model = accounts.Membership

    user = factory.SubFactory(UserFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    role = Role.MANDATAIRE
    created_at = dt.datetime(2025, 1, 1, tzinfo=dt.UTC)


def member(role=Role.MANDATAIRE, organisation=None, **fields):
    """A person with this role, in a new éditeur (or the ANS, for its roles) unless one is given."""
    if organisation is None:
        organisation = OrganisationFactory(ans=role in (Role.AGENT, Role.RESPONSABLE))
    return MembershipFactory(role=role, organisation=organisation, user=UserFactory(**fields)).user


class SolutionFactory(DjangoModelFactory):
    """Needs the calendars (fixture `calendars`); give `dispositif`, or take the RIS."""

    class Meta:
        model = models.Solution

    class Params:
        drimbox = factory.Trait(
            dispositif=factory.LazyFunction(lambda: models.Dispositif.objects.get(slug="drimbox")),
            name=factory.Sequence(lambda n: f"DRIMbox fictive {n}"),
            proxy_name="Proxy fictif",
        )

    organisation = factory.SubFactory(OrganisationFactory)
    dispositif = factory.LazyFunction(lambda: models.Dispositif.objects.get(slug="ris"))
    name = factory.Sequence(lambda n: f"RIS fictif {n}")
    version = "2.0"
    market = Market.COMPETITIVE
    referenced_on = dt.date(2026, 9, 1)


class SupplierFactory(DjangoModelFactory):
    """The éditeur itself, with all its rights, unless another `organisation` is given."""

    class Meta:
        model = models.Supplier

    solution = factory.SubFactory(SolutionFactory)
    organisation = factory.LazyAttribute(lambda o: o.solution.organisation)
    declared_on = dt.date(2025, 9, 1)
    mandate_from = dt.date(2025, 9, 1)
    mandate_until = dt.date(2028, 12, 31)
    psc_from = dt.date(2025, 9, 1)
    psc_until = dt.date(2028, 12, 31)


class PrestationFactory(DjangoModelFactory):
    class Meta:
        model = models.Prestation

    supplier = factory.SubFactory(SupplierFactory)
    organisation = factory.LazyAttribute(lambda o: o.supplier.organisation)
    dispositif = factory.LazyAttribute(lambda o: o.supplier.solution.dispositif)
    client = factory.SubFactory(OrganisationFactory, client=True)


class DeadlineFactory(DjangoModelFactory):
    """Of milestone 2 of a RIS solution, by default."""

    class Meta:
        model = models.Deadline

    solution = factory.SubFactory(SolutionFactory)
    organisation = factory.LazyAttribute(
        lambda o: o.prestation.organisation if o.prestation else o.solution.organisation
    )
    prestation = None
    dispositif = factory.LazyAttribute(lambda o: (o.prestation or o.solution).dispositif)
    milestone = factory.LazyAttribute(lambda o: o.dispositif.milestones.get(number=2))
    title = factory.LazyAttribute(lambda o: o.milestone.title)
    due_at = factory.LazyAttribute(lambda o: o.milestone.due_at)
    version = factory.LazyAttribute(lambda o: o.milestone.version)
    created_at = dt.datetime(2025, 1, 1, tzinfo=dt.UTC)


class ServiceFactory(DjangoModelFactory):
    """The supervised service of a new DRIMbox prestation, unless one is given."""

    class Meta:
        model = perf.Service

    prestation = factory.SubFactory(PrestationFactory, supplier__solution__drimbox=True)
    code = factory.Sequence(lambda n: f"drimbox-{n}")


class PilotFactory(DjangoModelFactory):
    """A pilot Client of a new RIS prestation, unless one is given. See `justified_pilot`."""

    class Meta:
        model = pilots.Pilot

    prestation = factory.SubFactory(PrestationFactory)
    named_at = dt.datetime(2026, 10, 1, 9, tzinfo=dt.UTC)


class AspRequestFactory(DjangoModelFactory):
    class Meta:
        model = pilots.AspRequest

    prestation = factory.SubFactory(PrestationFactory)
    kind = AspRequestKind.FUNDING
    state = AspRequestState.VALIDATED
    on = dt.date(2026, 10, 20)
    deposited_on = dt.date(2026, 10, 5)
    validated_on = dt.date(2026, 10, 20)


class PilotPVFactory(DjangoModelFactory):
    """Conforme, by default."""

    class Meta:
        model = pilots.PilotPV

    pilot = factory.SubFactory(PilotFactory)
    state = PVState.CONFORM
    realised_on = dt.date(2026, 10, 15)
    signed_on = dt.date(2026, 10, 16)
    signatory_name = "Directrice Fictive"
    signatory_role = "Directrice"
    created_at = dt.datetime(2026, 10, 16, 9, tzinfo=dt.UTC)
    sent_at = dt.datetime(2026, 10, 17, 9, tzinfo=dt.UTC)
    decided_at = dt.datetime(2026, 10, 27, 9, tzinfo=dt.UTC)


def justified_pilot(supplier, *, advance=AspRequestState.VALIDATED, pv=PVState.CONFORM, **fields):
    """A pilot Client of this Fournisseur that counts for the solde, by default; no PV at
    all where `pv` is None. `fields` are those of its prestation.
    """
    pilot = PilotFactory(prestation=PrestationFactory(supplier=supplier, **fields))
    AspRequestFactory(prestation=pilot.prestation)
    AspRequestFactory(prestation=pilot.prestation, kind=AspRequestKind.ADVANCE, state=advance)
    if pv is not None:
        PilotPVFactory(pilot=pilot, state=pv)
    return pilot


class PrefigurateurFactory(DjangoModelFactory):
    """In the working list, for a new DRIMbox couple."""

    class Meta:
        model = pilots.Prefigurateur

    kind = PrefigurateurKind.SITE
    name = factory.Sequence(lambda n: f"Établissement préfigurateur {n}")
    city = "Mélusine"
    solution = factory.SubFactory(SolutionFactory, drimbox=True)
