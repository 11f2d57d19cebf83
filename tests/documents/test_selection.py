"""One act on several documents: a result for each, undo, and nothing told of what is elsewhere."""

import io
import re
import zipfile
from datetime import timedelta
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import override_settings
from django.utils import timezone

from coalitions.documents import services
from coalitions.documents.models import Document, Folder
from coalitions.network.models import AuditEntry, Theme
from portal.accounts.models import User
from tests import worlds
from tests.documents import files
from tests.documents.conftest import World
from tests.documents.pages import client_of, get, streamed

PAGE = "/en/documents/selection/"


@pytest.fixture
def second(world: World) -> Document:
    return services.add_document(
        acting_user=world.contributor,
        workspace=world.workspace,
        content=files.content(b"second words"),
        name="second.txt",
        title="Second title",
    )


@pytest.fixture
def hidden(world: World) -> Document:
    """A document of another place, that nobody of this world but its owner sees."""
    elsewhere = worlds.make_workspace(world.outside)
    return worlds.make_document(elsewhere, world.outside, title="Hidden title")


@pytest.fixture
def folder(world: World) -> Folder:
    return services.make_folder(
        acting_user=world.coordinator, workspace=world.workspace, name="Reports"
    )


def post(user: User | None, act: str, *documents: object, **values: object) -> HttpResponse:
    chosen = [str(getattr(one, "uuid", one)) for one in documents]
    return client_of(user).post(PAGE, {"act": act, "document": chosen, **values})  # type: ignore[return-value]


def done(user: User, act: str, *documents: object, **values: object) -> str:
    answer = post(user, act, *documents, confirmed="yes", **values)
    assert answer.status_code == 200, answer.headers
    return answer.content.decode()


def count(page: str) -> tuple[int, int]:
    found = re.search(r"Done: (\d+) of (\d+)", page)
    assert found, page
    return int(found[1]), int(found[2])


def take_back(user: User, page: str) -> str:
    token = re.search(r'name="undo" value="([^"]+)"', page)
    assert token, page
    answer = client_of(user).post(f"{PAGE}undo/", {"undo": token[1]})
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_list_offers_what_one_may_do(world: World, document: Document, folder: Folder) -> None:
    where = f"/en/workspaces/{world.workspace.uuid}/documents/"
    contributor = get(world.contributor, where).content.decode()
    for act in ("download", "move", "themes", "share", "trash"):
        assert f'name="act" value="{act}"' in contributor
    assert f'name="document" value="{document.uuid}"' in contributor
    assert f'name="folder" value="{folder.uuid}"' in contributor
    reader = get(world.reader, where).content.decode()
    assert 'value="download"' in reader
    assert 'value="move"' not in reader
    assert 'value="trash"' not in reader
    services.share_document(acting_user=world.editor, document=document, rung="public")
    stranger = get(None, "/en/libraries/public/").content.decode()
    assert document.title in stranger
    assert "checkbox" not in stranger


def test_each_act_asks_first_and_names_what_was_chosen(
    world: World, document: Document, second: Document
) -> None:
    for act in ("download", "move", "themes", "share", "trash"):
        page = post(world.editor, act, document, second)
        assert page.status_code == 200
        for one in (document, second):
            assert one.title in page.content.decode()
            assert f'name="document" value="{one.uuid}"' in page.content.decode()
    assert Document.objects.filter(trashed__isnull=True).count() == 2
    assert not AuditEntry.objects.filter(verb="document.downloaded").exists()


def test_moving_and_undo(
    world: World, document: Document, second: Document, folder: Folder
) -> None:
    page = done(world.coordinator, "move", document, second, place=str(folder.uuid))
    assert count(page) == (2, 2)
    assert folder.documents.count() == 2
    services.move_document(
        acting_user=world.coordinator, document=second, folder=None, seen_in=folder
    )
    back = take_back(world.coordinator, page)
    assert count(back) == (2, 2)  # one lies there again already
    assert folder.documents.count() == 0


def test_undo_leaves_what_was_changed_meanwhile(
    world: World, document: Document, second: Document, folder: Folder
) -> None:
    page = done(world.coordinator, "move", document, second, place=str(folder.uuid))
    other = services.make_folder(
        acting_user=world.coordinator, workspace=world.workspace, name="Other"
    )
    services.move_document(
        acting_user=world.contributor, document=second, folder=other, seen_in=folder
    )
    back = take_back(world.coordinator, page)
    assert count(back) == (1, 2)
    assert "Somebody else changed this meanwhile" in back
    second.refresh_from_db()
    assert second.folder == other


def test_what_was_moved_meanwhile_is_told(
    world: World, document: Document, second: Document, folder: Folder
) -> None:
    services.move_document(
        acting_user=world.contributor, document=second, folder=folder, seen_in=None
    )
    seen = [f"{one.uuid} top workspace" for one in (document, second)]
    other = services.make_folder(
        acting_user=world.coordinator, workspace=world.workspace, name="Other"
    )
    page = done(world.coordinator, "move", document, second, place=str(other.uuid), seen=seen)
    assert count(page) == (1, 2)
    assert "Somebody else changed this meanwhile" in page


def test_folders_move_and_come_back(world: World, folder: Folder, document: Document) -> None:
    inner = services.make_folder(
        acting_user=world.contributor, workspace=world.workspace, name="Inner"
    )
    page = done(
        world.coordinator, "move", document, folder=[str(inner.uuid)], place=str(folder.uuid)
    )
    assert count(page) == (2, 2)
    inner.refresh_from_db()
    assert inner.parent == folder
    itself = done(world.coordinator, "move", folder=[str(folder.uuid)], place=str(inner.uuid))
    assert count(itself) == (0, 1)
    assert "cannot be moved into itself" in itself
    assert count(take_back(world.coordinator, page)) == (2, 2)
    inner.refresh_from_db()
    assert inner.parent is None


def test_themes_are_added_and_taken_away(
    world: World, document: Document, second: Document
) -> None:
    first, other = Theme.objects.all()[:2]
    document.themes.add(first)
    page = done(
        world.contributor, "themes", document, second, mode="add", themes=[first.pk, other.pk]
    )
    assert count(page) == (2, 2)
    assert set(document.themes.all()) == set(second.themes.all()) == {first, other}
    assert count(take_back(world.contributor, page)) == (2, 2)
    assert set(document.themes.all()) == {first}
    assert not second.themes.exists()
    removed = done(world.contributor, "themes", document, second, mode="remove", themes=[first.pk])
    assert count(removed) == (1, 2)
    assert not document.themes.exists()


def test_sharing_in_steps_that_are_said(world: World, document: Document, second: Document) -> None:
    page = done(world.editor, "share", document, second, rung="coalition")
    assert count(page) == (2, 2)
    assert {row.rung for row in Document.objects.with_audience()} == {"coalition"}
    ask = done(world.editor, "share", document, second, rung="network")
    assert "Share these documents with the network?" in ask
    assert "People of" in ask
    assert {row.rung for row in Document.objects.with_audience()} == {"coalition"}
    sure = done(world.editor, "share", document, second, rung="public", sure="network")
    assert "Make these documents public?" in sure
    public = done(world.editor, "share", document, second, rung="public", sure="public")
    assert count(public) == (2, 2)
    assert count(take_back(world.editor, public)) == (2, 2)
    assert {row.rung for row in Document.objects.with_audience()} == {"coalition"}
    closed = done(world.editor, "share", document, rung="workspace")
    assert count(closed) == (1, 1)
    assert 'name="undo"' not in closed  # taking that back would share further


def test_each_is_refused_by_itself(world: World, document: Document) -> None:
    theirs = worlds.make_document(world.workspace, world.partner, title="Theirs")
    child = worlds.make_document(world.workspace, world.owner, child_data=True, title="Child")
    page = done(world.editor, "share", document, theirs, child, rung="coalition")
    assert count(page) == (1, 3)
    assert "Only its owner decides who can see it." in page
    assert "data about a child" in page
    assert "Only people of its owner" in done(
        world.editor, "themes", theirs, mode="add", themes=[Theme.objects.all()[0].pk]
    )
    for act, values in (
        ("move", {"place": "top"}),
        ("themes", {"mode": "add", "themes": [Theme.objects.all()[0].pk]}),
        ("share", {"rung": "organisation"}),
        ("trash", {}),
    ):
        before = AuditEntry.objects.count()
        answer = done(world.reader, act, document, **values)
        assert count(answer)[0] == 0, act
        assert AuditEntry.objects.count() == before


def test_the_trash_and_back(
    world: World, document: Document, second: Document, folder: Folder
) -> None:
    services.move_document(
        acting_user=world.contributor, document=second, folder=folder, seen_in=None
    )
    page = done(world.coordinator, "trash", document, second, folder=[str(folder.uuid)])
    assert count(page) == (3, 3)
    assert not Document.objects.filter(trashed__isnull=True).exists()
    assert count(take_back(world.coordinator, page)) == (3, 3)
    assert Document.objects.filter(trashed__isnull=True).count() == 2


def test_of_what_is_elsewhere_nothing_is_told(
    world: World, document: Document, hidden: Document, folder: Folder
) -> None:
    """A document that is hidden, one that never was and nonsense look the same."""
    room = worlds.make_workspace(world.outside)
    other = services.make_folder(
        acting_user=worlds.join(room, world.stranger, world.outside, "coordinator").person,
        workspace=room,
        name="Otherfolder",
    )
    for act, values in (
        ("download", {}),
        ("move", {"place": "top"}),
        ("themes", {"mode": "add", "themes": [Theme.objects.all()[0].pk]}),
        ("share", {"rung": "organisation"}),
        ("trash", {}),
    ):
        answers = []
        for strange in (hidden.uuid, uuid4(), "nonsense"):
            asked = post(world.editor, act, document, strange, **values)
            assert "One thing was not found." in asked.content.decode()
            alone = post(world.editor, act, strange, **values).content.decode()
            assert count(alone) == (0, 1)
            assert "Hidden title" not in alone
            answers.append(re.sub(r"csrf[^>]*>", "", alone).replace(str(strange), ""))
        for strange_folder in (other.uuid, uuid4()):
            alone = post(world.editor, act, folder=[str(strange_folder)]).content.decode()
            assert "Otherfolder" not in alone
            answers.append(re.sub(r"csrf[^>]*>", "", alone).replace(str(strange_folder), ""))
        nonces = {re.sub(r'value="[^"]{40,}"', "", answer) for answer in answers}
        assert len(nonces) == 1, act
    # A place of another workspace is no place.
    place = post(world.editor, "move", document, place=str(other.uuid), confirmed="yes")
    assert "That folder is not there any more" in place.content.decode()


def test_outside_its_workspace_nothing_of_the_place_is_told(
    world: World, document: Document, folder: Folder
) -> None:
    secret = worlds.make_workspace(world.coalition, "Secret room", need_to_know=True)
    there = worlds.make_document(secret, world.owner, rung="network", title="Far out")
    services.move_document(
        acting_user=world.contributor, document=document, folder=folder, seen_in=None
    )
    services.share_document(acting_user=world.editor, document=document, rung="network")
    for user in (world.stranger, world.colleague):
        for act in ("download", "move", "themes", "share", "trash"):
            answer = post(user, act, document)
            page = answer.content.decode()
            assert folder.name not in page
            assert str(folder.uuid) not in page
            assert world.workspace.name not in page
            assert (answer.status_code == 302) == (act == "move")
    assert 'value="members"' not in post(world.stranger, "share", there).content.decode()


def test_undo_is_for_one_person_and_not_to_be_made_up(
    world: World, document: Document, folder: Folder
) -> None:
    page = done(world.coordinator, "move", document, place=str(folder.uuid))
    token = re.search(r'name="undo" value="([^"]+)"', page)
    assert token
    for user, text in (
        (world.contributor, token[1]),
        (world.coordinator, token[1] + "x"),
        (world.coordinator, ""),
        (world.coordinator, "\u00e9" * 50),
    ):
        answer = client_of(user).post(f"{PAGE}undo/", {"undo": text})
        assert answer.status_code == 302
    document.refresh_from_db()
    assert document.folder == folder
    lost = world.workspace.memberships.get(person=world.coordinator)
    lost.end()
    assert count(take_back(world.coordinator, page)) == (0, 1)


def test_a_zip_of_a_mix(
    world: World, document: Document, second: Document, hidden: Document, folder: Folder
) -> None:
    inner = services.make_folder(
        acting_user=world.coordinator, workspace=world.workspace, name="Inner", parent=folder
    )
    services.move_document(
        acting_user=world.contributor, document=document, folder=inner, seen_in=None
    )
    secret = services.add_document(
        acting_user=world.contributor,
        workspace=world.workspace,
        content=files.content(b"own words"),
        name="own.txt",
        title="Own",
        rung="organisation",
        folder=folder,
    )
    chosen = {"folder": [str(folder.uuid)]}
    asked = post(world.reader, "download", second, secret, hidden, **chosen).content.decode()
    assert "2 files" in asked
    answer = client_of(world.reader).post(
        PAGE,
        {
            "act": "download",
            "confirmed": "yes",
            "document": [str(one.uuid) for one in (second, secret, hidden)],
            **chosen,
        },
    )
    assert answer.headers["Content-Type"] == "application/zip"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "attachment" in answer.headers["Content-Disposition"]
    data = streamed(answer)
    names = zipfile.ZipFile(io.BytesIO(data)).namelist()
    assert names == ["Second title.txt", "Reports/Inner/Telltale title.pdf"]
    audited = AuditEntry.objects.filter(verb="document.downloaded", actor=world.reader.uuid)
    assert audited.count() == 2
    # Outside the workspace the folders are not named.
    outside = client_of(world.colleague).post(
        PAGE, {"act": "download", "confirmed": "yes", "document": [str(document.uuid)]}
    )
    data = streamed(outside)
    assert zipfile.ZipFile(io.BytesIO(data)).namelist() == ["Telltale title.pdf"]


def test_a_zip_that_would_be_too_large_is_said_before(world: World, document: Document) -> None:
    with override_settings(ZIP_MAX_BYTES=10):
        page = post(world.reader, "download", document).content.decode()
        assert "A ZIP holds at most" in page
        again = post(world.reader, "download", document, confirmed="yes")
        assert not again.streaming
        assert "A ZIP holds at most" in again.content.decode()
    assert not AuditEntry.objects.filter(verb="document.downloaded").exists()


def test_bad_forms_are_explained(world: World, document: Document) -> None:
    nothing = client_of(world.editor).post(PAGE, {"act": "trash", "back": "/en/libraries/public/"})
    assert nothing.headers["Location"] == "/en/libraries/public/"
    elsewhere = client_of(world.editor).post(
        PAGE, {"act": "trash", "back": "https://elsewhere.example/"}
    )
    assert elsewhere.headers["Location"] == "/en/documents/"
    many = post(world.editor, "trash", *[uuid4() for _ in range(201)])
    assert many.status_code == 302
    assert post(world.editor, "burn", document).status_code == 404
    assert post(None, "trash", document).status_code == 302
    assert "Choose a place." in done(world.coordinator, "move", document)
    assert "Choose at least one theme." in done(world.editor, "themes", document, mode="add")
    assert "Choose who can see them." in done(world.editor, "share", document, rung="world")
    for value in ("9" * 400, "x", "-1", "\u00b2"):
        done(world.editor, "themes", document, mode="add", themes=[value])
    for seen in ("", "x y z", f"{document.uuid}", f"{document.uuid} \x00 \x00 x"):
        done(world.coordinator, "move", document, place="top", seen=[seen])
    other = worlds.make_workspace(world.coalition)
    worlds.join(other, world.editor, world.owner, "contributor")
    there = worlds.make_document(other, world.owner)
    assert post(world.editor, "move", document, there).status_code == 302
    assert get(world.editor, PAGE).status_code == 302
    assert get(None, PAGE).status_code == 302


def test_whether_documents_share_a_place_is_told_to_those_who_see_it(
    world: World, document: Document, second: Document
) -> None:
    listed = worlds.make_coalition(world.owner, world.partner, listed=True, name="Known coalition")
    place = worlds.make_workspace(listed)
    first, other = (worlds.make_document(place, world.owner, rung="network") for _ in range(2))
    apart = worlds.make_document(world.workspace, world.owner, rung="network")
    for user in (world.stranger, world.colleague):
        alike, unlike = (
            re.sub(r"nonce-\S+|D-\w+|Document \d+|[0-9a-f-]{36}|value=\"\w{64}\"", "", page)
            for page in (
                post(user, "share", *pair).content.decode()
                for pair in ((first, other), (first, apart))
            )
        )
        assert "Known coalition" not in alike
        assert world.owner.name not in alike
        assert alike == unlike
    assert world.coalition.name in post(world.editor, "share", document, second).content.decode()


def picks(user: User, path: str) -> dict[str, str]:
    """What a list says of each thing that can be chosen: by its uuid."""
    page = client_of(user).get(path).content.decode()
    found = re.findall(r'name="seen" value="(\S+) ([^"]+)"', page)
    return {uuid: f"{uuid} {rest}" for uuid, rest in found}


@pytest.mark.parametrize("act", ["move", "trash"])
def test_the_later_of_two_is_told_what_became_of_a_folder(
    world: World, document: Document, folder: Folder, act: str
) -> None:
    place = f"/en/workspaces/{world.workspace.uuid}/documents/"
    other = services.make_folder(
        acting_user=world.coordinator, workspace=world.workspace, name="Other"
    )
    seen = picks(world.coordinator, place)
    form = {"folder": str(folder.uuid), "seen": seen[str(folder.uuid)], "place": str(other.uuid)}
    asked = post(world.coordinator, act, **form).content.decode()
    assert f'value="{seen[str(folder.uuid)]}"' in asked
    services.change_folder(
        acting_user=world.coordinator, folder=folder, name="Renamed", parent=None, revision=1
    )
    page = done(world.coordinator, act, **form)
    assert count(page) == (0, 1)
    folder.refresh_from_db()
    assert (folder.parent, folder.trashed) == (None, None)
    fresh = picks(world.coordinator, place)[str(folder.uuid)]
    assert count(done(world.coordinator, act, **{**form, "seen": fresh})) == (1, 1)


def test_the_later_of_two_is_told_what_became_of_a_document(
    world: World, document: Document, folder: Folder
) -> None:
    place = f"/en/workspaces/{world.workspace.uuid}/documents/"
    seen = picks(world.coordinator, place)[str(document.uuid)]
    asked = post(world.coordinator, "trash", document, seen=seen).content.decode()
    assert f'value="{seen}"' in asked
    services.edit_details(acting_user=world.contributor, document=document, title="Another title")
    assert count(done(world.coordinator, "trash", document, seen=seen)) == (0, 1)
    document.refresh_from_db()
    assert document.trashed is None
    for nonsense in (f"{document.uuid}", f"{document.uuid} - - - - -", "x y z"):
        assert post(world.coordinator, "trash", document, seen=nonsense).status_code == 200
    fresh = picks(world.coordinator, place)[str(document.uuid)]
    assert count(done(world.coordinator, "trash", document, seen=fresh)) == (1, 1)


def test_an_end_that_falls_away_is_said(world: World, document: Document) -> None:
    until = timezone.now() + timedelta(days=3)
    services.share_document(
        acting_user=world.editor, document=document, rung="coalition", until=until
    )
    page = done(world.editor, "share", document, rung="network", sure="network")
    assert "The end that was planned for it fell away." in page
    assert 'name="undo"' not in page
