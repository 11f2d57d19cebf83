"""The three libraries hold what is visible and stands on their rung, and tell nothing more."""

from typing import Any

import pytest

from coalitions.access import LADDER, STRANGER, Rung, Viewer
from coalitions.documents.labels import audience_of
from coalitions.documents.libraries import NETWORK, PUBLIC, Library
from coalitions.documents.models import Document
from coalitions.network.models import (
    ConventionArticle,
    Country,
    DocumentType,
    Programme,
    Theme,
)
from coalitions.network.viewers import viewer_for
from portal.accounts.models import User
from tests import worlds
from tests.documents.conftest import World
from tests.documents.pages import client_of, get

RUNGS = [*LADDER, Rung.MEMBERS]


def place(name: str, world: World | None = None) -> str:
    if name == "coalition":
        assert world is not None
        return f"/en/coalitions/{world.coalition.uuid}/library/"
    return f"/en/libraries/{name}/"


def on_every_rung(world: World) -> dict[str, Document]:
    """Documents on every rung, with and without child data, of two workspaces and coalitions."""
    elsewhere = worlds.make_coalition(world.outside)
    rooms = {"here": world.workspace, "there": worlds.make_workspace(elsewhere)}
    owners = {"here": world.owner, "there": world.outside}
    return {
        f"{room} {rung} {child}": worlds.make_document(
            rooms[room], owners[room], rung=rung, child_data=child, title=f"{room} {rung} {child}"
        )
        for room in rooms
        for rung in RUNGS
        for child in (False, True)
    }


def expected(library: Library, viewer: Viewer) -> set[str]:
    """Say it document by document, from its labels and its audience row."""
    from coalitions.documents.labels import document_labels

    found = set()
    for document in Document.objects.select_related("workspace__coalition", "owner"):
        row = audience_of(document)
        assert row is not None
        height = LADDER.index(Rung(row.rung)) if row.rung in LADDER else -1
        of_it = library.coalition in (None, document.workspace.coalition)
        if (
            viewer.sees(document_labels(document))
            and of_it
            and not row.child_data
            and height >= LADDER.index(library.rung)
        ):
            found.add(document.title)
    return found


def test_a_library_is_what_is_visible_on_its_rung(world: World) -> None:
    on_every_rung(world)
    people = [world.reader, world.editor, world.colleague, world.stranger, world.coordinator]
    viewers = [STRANGER, *map(viewer_for, people)]
    coalition = Library(Rung.COALITION, world.coalition)
    for viewer in viewers:
        for library in (PUBLIC, NETWORK, coalition):
            titles = {row.title for row in library.documents(viewer)}
            assert titles == (expected(library, viewer) if library.is_open_to(viewer) else set())
    assert {row.title for row in PUBLIC.documents(STRANGER)} == {
        "here public False",
        "there public False",
    }
    inside = {row.title for row in coalition.documents(viewer_for(world.colleague))}
    assert inside == {f"here {rung} False" for rung in ("coalition", "network", "public")}


def test_who_comes_in(world: World) -> None:
    partner = worlds.make_person(worlds.make_organisation(kind="partner"))
    doors: list[tuple[User | None, set[str]]] = [
        (None, {"public"}),
        (partner, {"public"}),
        (world.stranger, {"public", "network"}),
        (world.colleague, {"public", "network", "coalition"}),
        (world.reader, {"public", "network", "coalition"}),
    ]
    for user, open_to in doors:
        for name in ("public", "network", "coalition"):
            status = get(user, place(name, world)).status_code
            assert status == (200 if name in open_to else 404), (user, name)
    worlds.suspend(world.owner)
    assert get(world.colleague, place("coalition", world)).status_code == 404
    assert get(world.colleague, place("network")).status_code == 404


def test_nothing_of_the_place_is_told(world: World, document: Document) -> None:
    folder_name, hidden = "Zebrafolder", worlds.make_organisation("Hidden owner", listed=False)
    from coalitions.documents import services

    folder = services.make_folder(
        acting_user=world.coordinator, workspace=world.workspace, name=folder_name
    )
    shared = worlds.make_document(
        world.workspace, hidden, rung="public", folder=folder, title="Shared title"
    )
    for user in (None, world.stranger, world.colleague):
        for name in ("public", "network"):
            answer = get(user, place(name))
            if answer.status_code == 404:
                continue
            page = answer.content.decode()
            assert "Shared title" in page
            for secret in (folder_name, world.workspace.name, str(world.workspace.uuid)):
                assert secret not in page
            assert str(folder.uuid) not in page
    stranger = get(None, place("public")).content.decode()
    assert "Hidden owner" not in stranger
    assert str(hidden.uuid) not in stranger
    assert "Shared title" in get(None, place("public"), owner=str(hidden.uuid)).content.decode()
    assert "Hidden owner" in get(world.stranger, place("public")).content.decode()
    assert shared.reference in stranger


@pytest.fixture
def two(world: World) -> tuple[Document, Document]:
    """A public document about everything, and a hidden one about everything else."""
    coalition = worlds.make_coalition(world.outside)
    themes = list(Theme.objects.filter(parent__isnull=True)[:2])
    types = list(DocumentType.objects.all()[:2])
    made = []
    for number, (rung, codes) in enumerate((("public", "NL"), ("workspace", "BO"))):
        programme = Programme.objects.create(
            code=f"p-{number}", names={"en": f"Programme {number}"}, coalition=None
        )
        document = worlds.make_document(
            world.workspace,
            (world.owner, world.partner)[number],
            rung=rung,
            title=f"Paper {number}",
            type=types[number],
            language=("fr", "es")[number],
            programme=programme,
            date=f"{2001 + number}-05-06",
        )
        document.themes.add(themes[number])
        document.articles.add(ConventionArticle.objects.get(number=12 + number))
        document.countries.add(Country.objects.get(code=codes))
        made.append(document)
    assert coalition is not None
    return made[0], made[1]


def filters_of(document: Document) -> dict[str, str]:
    return {
        "theme": document.themes.get().code,
        "article": str(document.articles.get().number),
        "country": document.countries.get().code,
        "owner": str(document.owner.uuid),
        "language": document.language,
        "type": document.type.code if document.type else "",
        "programme": document.programme.code if document.programme else "",
        "year": str(document.date)[:4],
    }


def test_every_filter_narrows(two: tuple[Document, Document]) -> None:
    public, _hidden = two
    other = worlds.make_document(public.workspace, public.owner, rung="public", title="Other")
    worlds.make_document(public.workspace, other.owner, rung="public", title="Third", language="ar")
    for name, value in filters_of(public).items():
        page = get(None, place("public"), **{name: value}).content.decode()
        assert "Paper 0" in page, name
        # All are of one owner; by all else the others do not match.
        assert ("Other" in page.split("<tbody")[1]) == (name == "owner"), name
    every = get(None, place("public"), **filters_of(public)).content.decode()
    assert "1 document" in every
    sub = Theme.objects.create(code="sub-x", labels={"en": "Sub"}, parent=public.themes.get())
    other.themes.add(sub)
    theme = get(None, place("public"), theme=public.themes.get().code).content.decode()
    assert "2 documents" in theme


def test_choices_come_from_what_may_be_seen(two: tuple[Document, Document], world: World) -> None:
    public, hidden = two
    page = get(None, place("public")).content.decode()
    for name, value in filters_of(public).items():
        assert f'<option value="{value}"' in page, name
    for name, value in filters_of(hidden).items():
        assert f'<option value="{value}"' not in page, name
        # A choice that is not offered is no choice, whether or not it exists.
        told = get(None, place("public"), **{name: value}).content.decode()
        assert "Paper 0" in told
        assert "Paper 1" not in told
    inside = get(world.reader, "/en/documents/").content.decode()
    for name, value in filters_of(hidden).items():
        assert f'<option value="{value}"' in inside, name


@pytest.mark.parametrize(
    "values",
    [
        {"theme": "x" * 5000},
        {"year": "9" * 400},
        {"article": "-1"},
        {"sort": "password"},
        {"per": "1000000"},
        {"view": "<script>"},
        {"at": "last", "view": "grid", "per": "200", "sort": "-size"},
        {"at": "bnVsbA"},
        {"at": "W10"},
        {"at": "é"},
        {"at": "A" * 9000},
        {"in": "all"},
    ],
)
def test_strange_addresses_answer(two: Any, values: dict[str, str]) -> None:
    for user in (None, two[0].created_by):
        answer = client_of(user).get(place("public"), values)
        assert answer.status_code == 200
        assert "Paper 0" in answer.content.decode()
