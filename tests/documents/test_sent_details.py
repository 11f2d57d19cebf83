"""Details of the files that were just sent: one page, one row each, one result each."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.test import Client
from django.utils import timezone

from coalitions.documents import services
from coalitions.documents.models import Document
from coalitions.network.models import AuditEntry, DocumentType, Theme
from portal.accounts.models import User
from tests import worlds
from tests.documents import files
from tests.documents.conftest import World
from tests.documents.pages import client_of, text_of


def address(world: World) -> str:
    return f"/en/workspaces/{world.workspace.uuid}/upload/details/"


def add(world: World, title: str, user: User | None = None, **more: Any) -> Document:
    return services.add_document(
        acting_user=user or world.contributor,
        workspace=world.workspace,
        content=files.content(title.encode()),
        name=f"{title}.txt",
        title=title,
        **more,
    )


def row(document: Document, **values: Any) -> dict[str, Any]:
    document.refresh_from_db()
    language = "" if document.language_from_text else document.language
    said = {"title": document.title, "language": language, **values}
    return {f"{document.uuid.hex}-{name}": value for name, value in said.items()}


def save(world: World, rows: dict[str, Any], *documents: Document, user: User | None = None) -> Any:
    return client_of(user or world.contributor).post(
        address(world), {**rows, "document": [str(document.uuid) for document in documents]}
    )


def test_rows_of_one_form_of_a_time_and_of_the_last_day(world: World) -> None:
    mark = uuid4()
    first = add(world, "one")
    add(world, "two", submission=mark)
    add(world, "three")
    long_ago = timezone.now() - timedelta(days=2)
    Document.objects.filter(pk=first.pk).update(created=long_ago)
    add(world, "four", world.coordinator)
    client = client_of(world.contributor)

    def titles(**query: Any) -> set[str]:
        page = text_of(client.get(address(world), query))
        return {title for title in ("one", "two", "three", "four") if f'value="{title}"' in page}

    assert titles() == {"two", "three"}
    assert titles(sent=str(mark)) == {"two"}
    assert titles(since="0") == {"one", "two", "three"}
    assert titles(since="99999999999999999999", page="9" * 30) <= {"two", "three"}
    assert titles(since="x", sent="wrong") == {"two", "three"}


def test_one_submit_with_a_result_for_each(world: World) -> None:
    one, two, three = (add(world, title) for title in ("one", "two", "three"))
    kind, theme = DocumentType.objects.order_by("pk")[0], Theme.objects.order_by("pk")[0]
    answer = save(
        world,
        row(one, title="Lights", type=kind.pk, themes=[theme.pk], language="fr")
        | row(two, title="  ")
        | row(three),
        one, two, three,
    )  # fmt: skip
    page = text_of(answer)
    assert "1 file was not saved" in page
    assert page.count("tag-ok") == page.count("tag-danger") == 1
    assert "Nothing was changed" in page
    for document in (one, two, three):
        document.refresh_from_db()
    assert (one.title, one.type, one.language) == ("Lights", kind, "fr")
    assert not one.language_from_text
    assert list(one.themes.all()) == [theme]
    assert (two.title, three.title, three.language_from_text) == ("two", "three", True)
    assert AuditEntry.objects.filter(verb="document.edited").count() == 1


def test_what_is_of_elsewhere_is_neither_shown_nor_changed(world: World) -> None:
    own = add(world, "own")
    others = add(world, "others", world.coordinator)
    elsewhere = worlds.make_workspace(world.coalition)
    worlds.join(elsewhere, world.contributor, world.owner, "contributor")
    away = services.add_document(
        acting_user=world.contributor, workspace=elsewhere, content=files.content(b"away"),
        name="away.txt", title="away",
    )  # fmt: skip
    gone = add(world, "gone")
    Document.objects.filter(pk=gone.pk).update(trashed=timezone.now())
    rows: dict[str, Any] = {}
    for document in (own, others, away, gone):
        rows |= row(document, title="Swapped")
    page = text_of(save(world, rows, own, others, away, gone))
    assert page.count("tag-ok") == 1
    titles = set(Document.objects.values_list("title", flat=True))
    assert titles == {"Swapped", "others", "away", "gone"}
    assert "others" not in page


def test_values_that_nobody_was_offered(world: World) -> None:
    own = add(world, "own")
    for wrong in (
        {"programme": "9" * 30},
        {"themes": ["9" * 30]},
        {"type": "x"},
        {"language": "xx"},
        {"title": "a" * 300},
        {"title": "a\x00b"},
    ):
        page = text_of(save(world, row(own, **wrong), own))
        assert "tag-danger" in page
    own.refresh_from_db()
    assert own.title == "own"
    answer = client_of(world.contributor).post(address(world), {"document": ["x", "\x00", ""]})
    assert answer.status_code == 200


def test_for_contributors_alone(world: World) -> None:
    own = add(world, "own")
    for user in (world.reader, world.editor, world.colleague, world.stranger):
        assert client_of(user).get(address(world)).status_code == 404
        assert save(world, row(own, title="Swapped"), own, user=user).status_code == 404
    assert Client().get(address(world)).status_code == 302
    own.refresh_from_db()
    assert own.title == "own"


def test_an_empty_page_leads_on(world: World) -> None:
    page = text_of(client_of(world.contributor).get(address(world)))
    assert "You sent nothing here" in page


def test_many_are_shown_in_pages_with_few_questions(
    world: World, django_assert_max_num_queries: Any
) -> None:
    for number in range(23):
        add(world, f"file {number}")
    client = client_of(world.contributor)
    with django_assert_max_num_queries(130):
        page = text_of(client.get(address(world)))
    assert page.count('name="document"') == 20
    assert text_of(client.get(address(world), {"page": 2})).count('name="document"') == 3
