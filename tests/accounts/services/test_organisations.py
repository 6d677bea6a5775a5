import pytest
from django.core.exceptions import ValidationError

from accounts.enums import Kind
from accounts.models import Organisation
from accounts.services.organisations import organisation_create, organisation_update
from tests.accounts.moments import NOW
from tests.by import acting
from tests.entries import entries
from tests.factories import OrganisationFactory, UserFactory

pytestmark = pytest.mark.django_db
SIREN = "900000001"


@pytest.fixture
def create():
    def _create(kind=Kind.EDITEUR, **fields):
        return organisation_create(
            kind=kind, by=acting(UserFactory(), NOW), **{"name": "Imagix Systèmes", **fields}
        )

    return _create


@pytest.mark.parametrize(
    ("kind", "numbers", "refused_at"),
    [
        (Kind.EDITEUR, {"siren": SIREN}, None),
        (Kind.EDITEUR, {"siren": SIREN, "siret": "90000000100017"}, None),
        (Kind.EDITEUR, {}, "siren"),
        (Kind.DISTRIBUTEUR, {}, "siren"),
        (Kind.EDITEUR, {"siren": "900000002"}, "siren"),
        (Kind.EDITEUR, {"siren": "123456782", "siret": "90000000100017"}, "siret"),
        (Kind.CLIENT, {"finess": "750000001"}, None),
        (Kind.CLIENT, {"finess": "750000001", "siren": SIREN}, None),
        (Kind.CLIENT, {"siren": SIREN}, "finess"),
        (Kind.CLIENT, {"finess": "75"}, "finess"),
        (Kind.ANS, {}, None),
    ],
)
def test_which_numbers_each_kind_needs(create, kind, numbers, refused_at):
    if refused_at is None:
        assert create(kind, **numbers).created_at == NOW
    else:
        with pytest.raises(ValidationError) as error:
            create(kind, **numbers)
        assert list(error.value.message_dict) == [refused_at]


def test_a_finess_is_one_client_and_the_refusal_names_it(create):
    other = OrganisationFactory(
        client=True, name="CHU de Grandlieu", finess="440000001", city="Nantes"
    )
    with pytest.raises(ValidationError) as error:
        create(Kind.CLIENT, finess="440000001")
    (refusal,) = error.value.error_dict["finess"]
    assert refusal.messages == [
        "Ce numéro FINESS est celui de « CHU de Grandlieu » (Nantes), déjà enregistré."
    ]
    assert refusal.params == {"sentence": refusal.messages[0], "other": other.pk}


def test_a_name_with_a_percent_sign_does_not_break_the_refusal(create):
    OrganisationFactory(client=True, name="100 % image %s", finess="440000001")
    with pytest.raises(ValidationError, match="100 % image %s"):
        create(Kind.CLIENT, finess="440000001")


def test_a_siren_is_one_editeur_and_may_be_a_distributeur_too(create):
    create(siren=SIREN)
    assert create(Kind.DISTRIBUTEUR, siren=SIREN).pk
    with pytest.raises(ValidationError, match="Ce numéro SIREN est celui de « Imagix Systèmes »"):
        create(siren=SIREN)


def test_clients_of_one_legal_entity_share_its_siren(create):
    create(Kind.CLIENT, finess="750000001", siren=SIREN)
    assert create(Kind.CLIENT, name="Autre site", finess="750000019", siren=SIREN).pk


def test_two_at_the_same_instant_open_one(create, monkeypatch):
    create(siren=SIREN)
    monkeypatch.setattr("accounts.services.organisations.duplicate_of", lambda _: None)
    with pytest.raises(ValidationError, match="vient d'être enregistrée"):
        create(siren=SIREN)
    assert Organisation.objects.count() == 1


def test_an_update_keeps_what_it_does_not_name_and_is_signed():
    organisation = OrganisationFactory(siren=SIREN, city="Lyon")
    actor = UserFactory()
    changed = organisation_update(
        organisation=organisation, reason="Fusion", by=acting(actor, NOW), name="Nouveau nom"
    )
    assert (changed.name, changed.city, changed.siren) == ("Nouveau nom", "Lyon", SIREN)
    [entry] = entries(changed)
    assert (entry.signer.user_id, entry.note) == (actor.pk, "Fusion")
    assert (entry.before["name"], entry.after["name"]) == (organisation.name, "Nouveau nom")


def test_an_organisation_does_not_collide_with_itself():
    client = OrganisationFactory(client=True)
    changed = organisation_update(
        organisation=client,
        reason="Déménagement",
        by=acting(UserFactory(), NOW),
        finess=client.finess,
        city="Lyon",
    )
    assert changed.pk == client.pk


def test_the_ans_is_not_closed():
    with pytest.raises(ValidationError, match="ne peut pas être fermée"):
        organisation_update(
            organisation=OrganisationFactory(ans=True),
            reason="Fin",
            by=acting(UserFactory(), NOW),
            is_active=False,
        )


def test_the_members_of_a_closed_organisation_lose_sight_of_it():
    organisation = OrganisationFactory()
    user = UserFactory()
    organisation.memberships.create(user=user, role="MANDATAIRE")
    organisation_update(
        organisation=organisation, reason="Fin", by=acting(UserFactory(), NOW), is_active=False
    )
    user = type(user).objects.get(pk=user.pk)
    assert not Organisation.objects.visible_to(user).exists()
