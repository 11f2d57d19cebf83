"""Whatever shows a person what is in a document leaves a trace for its owner, once an hour."""

import pytest

from coalitions.documents import services, tasks
from coalitions.documents.models import Document, DocumentView
from portal.accounts.models import User
from tests.documents import files
from tests.documents.conftest import World
from tests.documents.pages import client_of, get, page_of
from tests.worlds import make_person


def seen_by(person: User) -> list[int]:
    """The numbers of the versions that this person has seen, as they were kept."""
    kept = DocumentView.objects.filter(person=person).order_by("version__number")
    return list(kept.values_list("version__number", flat=True))


@pytest.fixture
def two(world: World, document: Document) -> Document:
    """The document with a second version."""
    services.add_version(
        acting_user=world.contributor,
        document=document,
        content=files.content(files.pdf("Alpha page", "The duties of the state")),
        name="Telltale.pdf",
    )
    assert document.current_version_id is not None
    tasks.extract(document.current_version_id)
    return document


@pytest.mark.parametrize(
    ("end", "versions"),
    [
        ("", [2]),
        ("versions/1/", [1]),
        ("versions/1/pages/2.png", [1]),
        ("versions/2/pages/1.png?width=2000", [2]),
        ("versions/1/pages/1.png?width=160", [1]),
        ("versions/1/pages/", [1]),
        ("versions/1/compare/2/", [1, 2]),
        ("versions/1/compare/2/?view=side", [1, 2]),
    ],
)
def test_what_shows_content_is_kept_once(
    world: World, two: Document, end: str, versions: list[int]
) -> None:
    client = client_of(world.reader)
    client.head(page_of(two, end))
    assert seen_by(world.reader) == []
    for _ in range(3):
        assert client.get(page_of(two, end)).status_code == 200
    assert seen_by(world.reader) == versions
    assert DocumentView.objects.filter(organisation=world.partner).count() == len(versions)


@pytest.mark.parametrize(
    ("end", "versions"), [("pages/", [2]), ("versions/1/pages/", [1]), ("versions/", []), ("", [])]
)
def test_text_through_the_api_is_kept_for_people(
    world: World, two: Document, end: str, versions: list[int]
) -> None:
    client = client_of(world.reader)
    for _ in range(2):
        assert client.get(f"/api/v1/documents/{two.uuid}/{end}").status_code == 200
    assert seen_by(world.reader) == versions


def test_lists_and_facts_leave_no_trace(world: World, two: Document) -> None:
    client = client_of(world.reader)
    place = f"/en/workspaces/{world.workspace.uuid}/documents/"
    for path in (place, f"{place}?view=grid", "/en/documents/"):
        assert client.get(path).status_code == 200
    for end in ("versions/", "who/", "ask/"):
        assert client.get(page_of(two, end)).status_code == 200
    assert seen_by(world.reader) == []


def test_what_was_not_shown_is_not_kept(world: World, two: Document) -> None:
    client = client_of(world.reader)
    for end in ("versions/1/pages/9.png", "versions/9/pages/1.png", "versions/1/compare/9/"):
        assert client.get(page_of(two, end)).status_code == 404
    outsider = make_person(world.outside)
    assert get(outsider, page_of(two, "versions/1/pages/1.png")).status_code == 404
    services.share_document(acting_user=world.editor, document=two, rung="public")
    for end in ("versions/1/pages/1.png", "versions/1/compare/2/"):
        assert get(None, page_of(two, end)).status_code == 200
    assert not DocumentView.objects.exists()
