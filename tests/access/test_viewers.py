"""What people and tokens see of documents, organisations and coalitions: the plain cases."""

import uuid

import pytest
from django.utils import timezone

from coalitions.access import STRANGER, Rung
from coalitions.documents.models import Document
from coalitions.network.models import Organisation
from coalitions.network.viewers import SCOPES, viewer_for, viewer_for_token
from tests import worlds

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> dict[str, object]:
    owner, partner, outsider = (worlds.make_organisation() for _ in range(3))
    workspace = worlds.make_workspace(worlds.make_coalition(owner, partner))
    document = worlds.make_document(workspace, owner)
    return {
        "owner": owner,
        "partner": partner,
        "outsider": outsider,
        "workspace": workspace,
        "document": document,
    }


def sees(user: object, document: object) -> bool:
    return Document.objects.visible_to(viewer_for(user)).contains(document)


def test_members_of_the_workspace_and_of_the_owner_see_it(scene: dict) -> None:
    reader = worlds.make_person(scene["partner"])
    assert not sees(reader, scene["document"])
    worlds.join(scene["workspace"], reader, scene["partner"])
    assert sees(reader, scene["document"])
    assert sees(worlds.make_person(scene["owner"]), scene["document"])
    assert not sees(worlds.make_person(scene["outsider"]), scene["document"])


def test_revocation_holds_at_once(scene: dict) -> None:
    reader = worlds.make_person()
    affiliation = worlds.affiliate(reader, scene["partner"])
    worlds.join(scene["workspace"], reader, scene["partner"])
    assert sees(reader, scene["document"])
    affiliation.end()
    assert not sees(reader, scene["document"])


def test_a_suspended_organisation_leaves_public_only(scene: dict) -> None:
    person = worlds.make_person(scene["owner"])
    worlds.suspend(scene["owner"])
    assert viewer_for(person).labels == {"public"}
    assert not sees(person, scene["document"])


def test_membership_for_an_organisation_that_left_gives_nothing(scene: dict) -> None:
    reader = worlds.make_person(scene["partner"])
    worlds.join(scene["workspace"], reader, scene["partner"])
    membership = scene["partner"].coalition_memberships.get()
    membership.until = timezone.now()
    membership.save()
    assert not sees(reader, scene["document"])


def test_partners_do_not_hold_the_network_label() -> None:
    partner = worlds.make_organisation(kind=Organisation.Kind.PARTNER)
    assert "network" not in viewer_for(worlds.make_person(partner)).labels


def test_no_token_carries_sealed_or_workspace_labels(scene: dict) -> None:
    viewer = viewer_for_token(scene["owner"], SCOPES, uuid.uuid4())
    kinds = {label.split(":")[0] for label in viewer.labels}
    assert kinds == {"public", "network", "coalition", "org"}


def test_superusers_and_staff_gain_nothing(scene: dict) -> None:
    assert not sees(worlds.make_person(is_superuser=True, is_staff=True), scene["document"])


def test_child_data_is_hidden_from_tokens_and_the_coalition(scene: dict) -> None:
    document = worlds.make_document(
        scene["workspace"], scene["owner"], rung=Rung.COALITION, child_data=True
    )
    token = viewer_for_token(scene["owner"], SCOPES, uuid.uuid4())
    assert not Document.objects.visible_to(token).contains(document)
    assert not sees(worlds.make_person(scene["partner"]), document)
    assert sees(worlds.make_person(scene["owner"]), document)


def test_trashed_is_seen_by_nobody(scene: dict) -> None:
    document = scene["document"]
    document.trashed = timezone.now()
    document.save()
    assert not sees(worlds.make_person(scene["owner"]), document)


def test_organisations_listed_and_unlisted() -> None:
    listed, unlisted = worlds.make_organisation(), worlds.make_organisation(listed=False)
    names = set(Organisation.objects.visible_to(STRANGER))
    assert listed in names
    assert unlisted not in names
    member = viewer_for(worlds.make_person(listed))
    assert unlisted in Organisation.objects.visible_to(member)
