"""What everyone gets who asks for a ZIP of the hidden document and its folder, and what changes.

The addresses of acts on a selection are asked by form; the matrix asks all others.
"""

import io
import zipfile

import pytest
from django.urls import reverse

from coalitions.access import Rung
from coalitions.documents.selection import ACTS
from coalitions.documents.services import share_document
from coalitions.network.models import Theme
from tests.documents.pages import streamed
from tests.visibility.scene import Asker, Scene
from tests.visibility.test_acts import OUTSIDERS, snapshot
from tests.visibility.test_matrix import allowed
from tests.visibility.words import canaries_in

pytestmark = pytest.mark.django_db


def asked(scene: Scene, asker: Asker, act: str) -> tuple[bool, set[str]]:
    """Send the form; return whether a file came, and the names of the canaries in the answer."""
    document = scene.document
    assert document is not None
    assert document.folder is not None
    fields = {
        "act": act,
        "confirmed": "yes",
        "document": str(document.uuid),
        "folder": str(document.folder.uuid),
        "place": "top",
        "mode": "add",
        "themes": [Theme.objects.all()[0].pk],
        "rung": Rung.ORGANISATION.value,
    }
    response = asker.client.post(reverse("documents:selection"), fields, headers=asker.headers)
    assert response.status_code < 500
    if not response.streaming:
        return False, canaries_in(response.content, scene.words)
    data = streamed(response)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        inside = b"".join(archive.read(name) for name in archive.namelist())
        names = "\n".join(archive.namelist()).encode()
    return True, canaries_in(data + inside + names, scene.words)


@pytest.mark.parametrize("need_to_know", [False, True])
def test_a_zip_holds_what_one_may_see(need_to_know: bool) -> None:
    scene = Scene(need_to_know=need_to_know)

    def ask_all() -> None:
        for asker in scene.askers:
            came, found = asked(scene, asker, "download")
            leaked = {name for name in found if not allowed(asker, name)}
            assert not leaked, f"{asker.name} received {leaked}"
            sees = "document" in asker.sees and asker.person is not None
            assert came == sees, asker.name
            assert ("document.title" in found) == sees, asker.name
            assert ("folder.name" in found) == (sees and "folder" in asker.sees), asker.name

    ask_all()
    assert scene.document is not None
    share_document(acting_user=scene.contributor, document=scene.document, rung="network")
    for name in ("other organisation", "owner, not in the workspace", "organisation administrator"):
        scene.asker(name).sees.add("document")
    ask_all()
    scene.take_access_away()
    for asker in scene.askers:
        asker.sees -= {"document", "folder"}
        came, found = asked(scene, asker, "download")
        assert not came, asker.name
        assert not any(name.startswith(("document", "folder")) for name in found), asker.name


@pytest.mark.parametrize("name", [*OUTSIDERS, "reader"])
def test_acts_on_a_selection_change_nothing_for_those_who_may_not(name: str) -> None:
    scene = Scene()
    asker, before = scene.asker(name), snapshot()
    for act in ACTS:
        _came, found = asked(scene, asker, act)
        leaked = {one for one in found if not allowed(asker, one)}
        assert not leaked, f"{name} received {leaked} for {act}"
        assert snapshot() == before, act


def test_the_same_forms_work_for_those_who_may() -> None:
    scene = Scene()
    before = snapshot()
    asked(scene, scene.asker("coordinator"), "move")
    assert snapshot() != before
