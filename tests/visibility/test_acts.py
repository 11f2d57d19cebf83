"""Every form of the portal, sent by whoever may not: nothing changes, and nothing is told.

A snapshot of every row that matters is compared after each POST.
"""

from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from coalitions.documents.models import (
    ChildDataLift,
    Document,
    DocumentAudience,
    DocumentLink,
    DocumentVersion,
    Folder,
    FormerPlace,
    Reservation,
    ResumableUpload,
    ShareRequest,
    Space,
    VirusScan,
)
from coalitions.network.models import (
    Affiliation,
    Coalition,
    CoalitionMembership,
    Invitation,
    Organisation,
    Suspension,
    Workspace,
    WorkspaceMembership,
)
from portal.api.models import ApiToken
from search.models import SavedSearch
from tests.visibility.routes import ADDRESSES
from tests.visibility.scene import HOLDER, PASSWORD, Asker, Scene
from tests.visibility.test_matrix import allowed
from tests.visibility.words import canaries_in

pytestmark = pytest.mark.django_db
WATCHED = [
    Affiliation,
    ApiToken,
    ChildDataLift,
    Coalition,
    CoalitionMembership,
    Document,
    DocumentAudience,
    DocumentLink,
    DocumentVersion,
    Folder,
    FormerPlace,
    Invitation,
    Organisation,
    Reservation,
    ResumableUpload,
    SavedSearch,
    ShareRequest,
    Space,
    Suspension,
    VirusScan,
    Workspace,
    WorkspaceMembership,
]
OUTSIDERS = [
    "anonymous",
    "other organisation",
    "suspended organisation",
    "ended affiliation",
    "invited, not accepted",
    "deactivated with a live session",
    "staff",
    "superuser",
    HOLDER,
]
# Their own account is theirs to change, and anybody may save a search for themselves.
OWN_ACCOUNT = (
    "account",
    "mfa_",
    "usersessions_",
    "admin/",
    "_util",
    "en/_util",
    "django-admin",
    "search:saved-new",
)


def snapshot() -> dict[str, Any]:
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in WATCHED}


def plausible(scene: Scene) -> dict[str, Any]:
    """Return the fields that the portal's forms know, filled as a real coordinator would."""
    return {
        "name": "Taken over",
        "names_en": "Taken over",
        "title": "Taken over",
        "language": "en",
        "role": "administrator",
        "email": "intruder@example.org",
        "rung": "public",
        "reason": "Taken over",
        "answer": "grant",
        "confirm": "on",
        "confirmed": "1",
        "child_data": "",
        "kind": "partner",
        "organisation": scene.outsider.pk,
        "owner": scene.outsider.pk,
        "person": scene.other.pk,
        "workspace": scene.workspace.pk,
        "scopes": ["read:organisation"],
        "days": "30",
        "hours": "24",
        "others": "yes",
        "on_leaving": "go",
        "shown": "1",
        "version": "newest",
        "downloads": "3",
        "password": PASSWORD,
        "submission": str(uuid4()),
        "gigabytes": "1",
        "seen": "1",
        "listed": "on",
        "frequency": "at_once",
        "act": "close",
        "uploads": SimpleUploadedFile("x.txt", b"some plain words of a text"),
        "upload": SimpleUploadedFile("y.txt", b"some plain words of a text"),
        "file": SimpleUploadedFile("z.txt", b"some plain words of a text"),
    }


def send_everything(scene: Scene, asker: Asker) -> None:
    before = snapshot()
    for route, addresses in ADDRESSES.items():
        if route.startswith(OWN_ACCOUNT):
            continue
        for address in addresses(scene):
            for fields in ({}, plausible(scene)):
                response = asker.client.post(address, fields, headers=asker.headers)
                assert response.status_code < 500, f"{asker.name}: {route}"
                shown = canaries_in(response.content, scene.words)
                leaked = {name for name in shown if not allowed(asker, name)}
                assert not leaked, f"{asker.name} received {leaked} from {route}"
            after = snapshot()
            changed = [name for name in before if before[name] != after[name]]
            assert not changed, f"{asker.name} changed {changed} through {route}: {address}"


@pytest.mark.parametrize("name", OUTSIDERS)
def test_outsiders_change_nothing(name: str) -> None:
    scene = Scene()
    send_everything(scene, scene.asker(name))


def test_readers_change_nothing_but_their_own_membership() -> None:
    """They may ask: that is what a reader who wants more can do."""
    scene = Scene()
    reader = scene.asker("reader")
    own = str(WorkspaceMembership.objects.get(person=scene.reader).uuid)
    before = snapshot()
    for route, addresses in ADDRESSES.items():
        for address in addresses(scene):
            if route.startswith((*OWN_ACCOUNT, "documents:ask")) or own in address:
                continue
            for fields in ({}, plausible(scene)):
                reader.client.post(address, fields)
            assert snapshot() == before, f"a reader changed something through {route}"


@pytest.mark.parametrize("name", ["contributor", "organisation administrator"])
def test_the_same_forms_work_for_those_who_may(name: str) -> None:
    """The control: what outsiders sent in vain changes something when the right person sends it."""
    scene = Scene()
    with pytest.raises(AssertionError, match="changed"):
        send_everything(scene, scene.asker(name))
