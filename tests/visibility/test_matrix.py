"""Every route × every kind of viewer × three moments, in open and need-to-know workspaces.

Oracles: canary words, of which a viewer may receive only those of things they may see; and, so
that an empty answer cannot pass, the canaries that each viewer must have received somewhere.
"""

import pytest

from coalitions.documents.services import share_document
from search.tasks import drain_outbox
from tests.documents.pages import body_of
from tests.visibility.routes import ADDRESSES, walk
from tests.visibility.scene import HOLDER, Asker, Scene
from tests.visibility.words import canaries_in

pytestmark = pytest.mark.django_db
WITH_ACCESS = {
    "owner, not in the workspace",
    "reader",
    "contributor",
    "coordinator",
    "own token",
    "organisation administrator",
}
# What a viewer must find somewhere, when they may see the thing.
SHOWN = {
    "document": {"document.title", "document.text", "document.filename", "document.page"},
    "workspace": {"workspace.name", "workspace.purpose"},
    "network_article": {"network_article.title", "network_article.body"},
    "coalition_article": {"coalition_article.title", "coalition_article.body"},
    "public_article": {"public_article.title", "public_article.body"},
    "unlisted": {"unlisted.name"},
    "saved": {"saved.name"},
    "upload": {"upload.name"},
    "asked": {"asked.reason"},
    "link": {"link.purpose"},
    "document.title": {"document.title"},
    "document.filename": {"document.filename"},
    "trashed.title": {"trashed.title"},
    "trashed_folder.name": {"trashed_folder.name"},
}
NOT_FOR_TOKENS = {"workspace"}
# Who decides for the owner is told by name who sees its document, and who has seen it.
DECIDERS = {"contributor", "coordinator", "organisation administrator"}


def test_every_route_is_classified() -> None:
    unknown = sorted(set(walk()) - set(ADDRESSES))
    assert not unknown, f"routes that the matrix does not know: {unknown}"
    gone = sorted(set(ADDRESSES) - set(walk()))
    assert not gone, f"routes that are no longer there: {gone}"


def received(scene: Scene, asker: Asker, address: str) -> tuple[int, set[str]]:
    """Ask one address, and return the status and the names of the canaries in every byte."""
    response = asker.client.get(address, headers=asker.headers)
    body = body_of(response)
    head = "\n".join(f"{name}: {value}" for name, value in response.headers.items())
    asked = {scene.words[word] for word in scene.words if word in address}
    # What was asked is echoed back: it tells nothing to whoever typed it.
    return response.status_code, canaries_in(head.encode() + b"\n" + body, scene.words) - asked


def allowed(asker: Asker, name: str) -> bool:
    return name in asker.sees or name.split(".")[0] in asker.sees


# The only pages that name what lies in the trash.
TRASH = {"documents:trash", "documents:workspace-trash", "documents:delete-document"}


def allowed_at(route: str, asker: Asker, name: str) -> bool:
    return allowed(asker, name) and (route in TRASH or not name.startswith("trashed"))


# The routes that could show a document: the others are not asked again after it was narrowed.
OF_DOCUMENTS = ("documents:", "api-v1:", "search:", "home:", "network:workspace", "wagtail_serve")


def ask_everything(scene: Scene, asker: Asker, routes: tuple[str, ...] = ("",)) -> set[str]:
    """Ask every route as `asker`; fail on a leak or a crash; return what was shown.

    `routes`: how the names of the routes begin; all of them by default.
    """
    shown: set[str] = set()
    for route, addresses in ADDRESSES.items():
        for address in addresses(scene) if route.startswith(routes) else ():
            status, found = received(scene, asker, address)
            leaked = {name for name in found if not allowed_at(route, asker, name)}
            assert not leaked, f"{asker.name} received {sorted(leaked)} from {route}: {address}"
            assert status < 500, f"{status} for {asker.name} from {route}: {address}"
            shown |= found
    return shown


def must_be_shown(asker: Asker) -> set[str]:
    keys = asker.sees & set(SHOWN)
    if asker.token:
        keys -= NOT_FOR_TOKENS
    if asker.name == "revoked token":
        return set()
    return {name for key in keys for name in SHOWN[key]}


@pytest.fixture(params=[False, True], ids=["open", "need-to-know"])
def scene(request: pytest.FixtureRequest) -> Scene:
    return Scene(need_to_know=request.param)


def test_steady(scene: Scene) -> None:
    for asker in scene.askers:
        shown = ask_everything(scene, asker)
        missing = must_be_shown(asker) - shown
        assert not missing, f"{asker.name} was not shown {sorted(missing)}"


def test_what_is_in_the_trash_has_no_address(scene: Scene) -> None:
    """Every address of the document, asked of the trashed one and its folder instead."""
    document, trashed = scene.document, scene.trashed
    assert document is not None
    assert document.folder is not None
    assert trashed is not None
    assert trashed.folder is not None
    instead = {document.uuid: trashed.uuid, document.folder.uuid: trashed.folder.uuid}
    for asker in scene.askers:
        for route, addresses in ADDRESSES.items():
            for address in addresses(scene):
                other = address
                for uuid, swapped in instead.items():
                    other = other.replace(str(uuid), str(swapped))
                if other == address or "?" in other:
                    continue
                status, found = received(scene, asker, other)
                if route in TRASH and status == 200:
                    assert all(allowed(asker, name) for name in found), (asker.name, route)
                    continue
                hidden = {name for name in found if name.startswith("trashed")}
                assert not hidden, f"{asker.name} received {hidden} from {route}: {other}"
                assert status in (302, 401, 404, 405), f"{status} for {asker.name}: {other}"


def test_after_access_was_taken_away(scene: Scene) -> None:
    askers = [asker for asker in scene.askers if asker.name in WITH_ACCESS]
    for asker in askers:
        ask_everything(scene, asker)
    scene.take_access_away()
    for asker in askers:
        own_name = {scene.words[asker.person.name]} if asker.person else set()
        # What one has saved stays one's own, whatever it finds.
        asker.sees = {"public_article", *own_name, *(asker.sees & {"saved"})}
        ask_everything(scene, asker)


def test_after_the_audience_was_narrowed(scene: Scene) -> None:
    document = scene.document
    assert document is not None
    steady = {asker.name: set(asker.sees) for asker in scene.askers}
    share_document(acting_user=scene.contributor, document=document, rung="network")
    drain_outbox()
    for asker in scene.askers:
        if asker.name in {"other organisation", "other organisation's token", *WITH_ACCESS}:
            asker.sees.add("document")
        if asker.name in DECIDERS:
            asker.sees |= {"asked", "link", "person_other", "person_workspace"}
        shown = ask_everything(scene, asker, OF_DOCUMENTS)
        assert ("document.title" in shown) == allowed(asker, "document.title"), asker.name
    narrowed = "members" if scene.need_to_know else "organisation"
    share_document(acting_user=scene.contributor, document=document, rung=narrowed)
    # The index has not been taught yet: this is the first request after the change.
    for asker in scene.askers:
        # A link ends with the step down.
        asker.sees = steady[asker.name] if asker.name != HOLDER else {"public_article"}
        if not scene.need_to_know and asker.name == "reader":
            asker.sees -= {"document", "asked", "link"}
        if asker.name in DECIDERS and "document" in asker.sees:
            asker.sees.add("person_other")
        shown = ask_everything(scene, asker, OF_DOCUMENTS)
        assert ("document.title" in shown) == ("document" in asker.sees), asker.name


def test_search_finds_nothing_hidden_by_any_word(scene: Scene) -> None:
    """Each word of a document or article is found by those who may see it, and by nobody else."""
    searchable = ("title", "body", "text", "page", "summary", "name")
    for asker in scene.askers:
        for word, name in scene.words.items():
            thing, part = name.split(".")
            if part not in searchable or thing.startswith(
                ("person", "workspace", "folder", "programme", "saved", "upload")
            ):
                continue
            if thing in ("coalition", "draft", "unlisted") or asker.name == "revoked token":
                continue
            answer = asker.client.get(f"/api/v1/search/?q={word}", headers=asker.headers).json()
            # A link opens one document at its own address: its holder finds nothing by it.
            found = allowed_at("api-v1:search", asker, name) and (
                asker.name != HOLDER or thing == "public_article"
            )
            assert bool(answer["results"]) == found, f"{asker.name}: {name}"
