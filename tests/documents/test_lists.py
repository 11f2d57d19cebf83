"""Lists: what one may see, narrowed, sorted, in pages, at a constant price."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from coalitions.documents import services
from coalitions.documents.models import Document
from portal.accounts.models import User
from tests import worlds
from tests.documents import files
from tests.documents.conftest import World
from tests.documents.pages import client_of, get, page_of


def test_lists_hold_what_one_may_see(world: World, document: Document) -> None:
    secret = services.add_document(
        acting_user=world.contributor,
        workspace=world.workspace,
        content=files.content(b"secret"),
        name="Secret.txt",
        rung="organisation",
    )
    where = f"/en/workspaces/{world.workspace.uuid}/documents/"
    seen = get(world.reader, where).content.decode()
    assert "Telltale title" in seen
    assert secret.title not in seen
    assert "1 document" in seen
    for user in (world.colleague, world.stranger):
        assert get(user, where).status_code == 404
    assert get(None, where).status_code == 302
    mine = get(world.colleague, "/en/documents/").content.decode()
    assert "Telltale title" in mine
    assert secret.title in mine
    assert "Telltale title" not in get(world.stranger, "/en/documents/").content.decode()
    assert "Telltale title" not in get(None, "/en/documents/").content.decode()
    services.share_document(acting_user=world.editor, document=document, rung="public")
    assert "Telltale title" in get(None, "/en/documents/").content.decode()


def test_filters_sorting_and_pages(world: World, document: Document) -> None:
    for number in range(30):
        worlds.make_document(
            world.workspace,
            world.partner,
            by=world.reader,
            title=f"Paper {number:02}",
            language="fr",
        )
    where = f"/en/workspaces/{world.workspace.uuid}/documents/"
    french = get(world.reader, where, language="fr", sort="name").content.decode()
    assert french.index("Paper 00") < french.index("Paper 01")
    assert "Telltale" not in french
    assert "30 documents" in french
    last = get(world.reader, where, language="fr", sort="name", at="last").content.decode()
    assert "Paper 29" in last
    assert "Paper 04" not in last
    owned = get(world.reader, where, owner=str(world.owner.uuid)).content.decode()
    assert "Paper" not in owned
    none = get(world.reader, where, language="de").content.decode()
    assert "No document fits this choice." in none
    for values in ({"sort": "x"}, {"owner": "x"}, {"type": "9" * 999}, {"at": "9" * 5000}):
        assert get(world.reader, where, **values).status_code == 200


def count_queries(user: User | None, path: str) -> int:
    client = client_of(user)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(path).status_code == 200
    return len(queries)


def test_lists_ask_no_more_for_more_rows(world: World, document: Document) -> None:
    where = f"/en/workspaces/{world.workspace.uuid}/documents/"
    paths = (where, "/en/documents/")
    for path in paths:
        client_of(world.reader).get(path)
    before = [count_queries(world.reader, path) for path in paths]
    for _ in range(10):
        worlds.make_document(world.workspace, world.partner, by=world.reader)
    assert [count_queries(world.reader, path) for path in paths] == before
    assert max(before) <= 25


def test_the_document_page_asks_no_more_for_more_versions(world: World, document: Document) -> None:
    before = count_queries(world.editor, page_of(document))
    for number in range(5):
        services.add_version(
            acting_user=world.contributor,
            document=document,
            content=files.content(f"text {number}".encode()),
            name="t.txt",
        )
    assert count_queries(world.editor, page_of(document)) <= before
    assert before <= 45
