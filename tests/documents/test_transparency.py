"""Who can see a document, and who has seen it: what is told to whom."""

import csv
from datetime import timedelta

import pytest
from django.utils import timezone

from coalitions.documents import services
from coalitions.documents.models import Document, DocumentView
from coalitions.documents.models.view import ViewIsKept
from tests import worlds
from tests.documents.conftest import World
from tests.documents.pages import client_of, get, page_of, streamed


def test_names_are_for_the_owner_alone(world: World, document: Document) -> None:
    page = get(world.reader, page_of(document, "who/")).content.decode()
    assert "This workspace: 2 organisations, 4 people" in page
    assert world.partner.name in page
    for person in (world.editor, world.contributor, world.colleague, world.coordinator):
        assert person.name not in page
    told = get(world.editor, page_of(document, "who/")).content.decode()
    for person in (world.editor, world.contributor, world.colleague, world.reader):
        assert person.name in told
    assert world.stranger.name not in told
    assert "<strong>5 people</strong>" in told


def test_numbers_are_those_the_viewer_may_know(world: World, document: Document) -> None:
    services.share_document(acting_user=world.editor, document=document, rung="network")
    outside = get(world.stranger, page_of(document, "who/")).content.decode()
    assert "People of 3 organisations" in outside
    assert "<strong>6 people</strong>" in outside
    for hidden in (world.workspace.name, world.coalition.name, world.reader.name):
        assert hidden not in outside
    services.share_document(acting_user=world.editor, document=document, rung="public")
    public = get(None, page_of(document, "who/")).content.decode()
    assert "Everybody can see it" in public
    for hidden in (world.owner.name, world.reader.name, world.coalition.name, "people</strong>"):
        assert hidden not in public


def test_child_data_counts_the_sealed_alone(world: World, document: Document) -> None:
    services.share_document(acting_user=world.editor, document=document, rung="network")
    services.mark_child_data(acting_user=world.editor, document=document)
    told = get(world.editor, page_of(document, "who/")).content.decode()
    assert "<strong>5 people</strong>" in told
    assert get(world.stranger, page_of(document, "who/")).status_code == 404


def test_views_are_kept_once_an_hour(world: World, document: Document) -> None:
    client = client_of(world.reader)
    for _ in range(3):
        client.get(page_of(document))
        client.head(page_of(document, "versions/1/"))
    assert DocumentView.objects.count() == 1
    view = DocumentView.objects.get()
    assert (view.person, view.organisation) == (world.reader, world.partner)
    get(world.stranger, page_of(document))
    services.share_document(acting_user=world.editor, document=document, rung="public")
    get(None, page_of(document))
    assert DocumentView.objects.count() == 1
    with pytest.raises(ViewIsKept):
        view.save()
    with pytest.raises(ViewIsKept):
        DocumentView.objects.update(at=timezone.now())


def test_who_has_seen_it_is_for_the_owner_alone(world: World, document: Document) -> None:
    services.share_document(acting_user=world.editor, document=document, rung="coalition")
    get(world.reader, page_of(document))
    get(world.reader, page_of(document, "versions/1/download/"))
    for user in (world.reader, world.coordinator, world.contributor, world.colleague):
        for query in ("", "?format=csv"):
            assert get(user, page_of(document, f"seen/{query}")).status_code == 404
    page = get(world.editor, page_of(document, "seen/")).content.decode()
    assert world.reader.name in page
    assert world.partner.name in page
    assert "1 view, 1 download" in page
    assert get(world.editor, page_of(document, "seen/?page=x")).status_code == 200


def test_the_table_of_all_acts(world: World, document: Document) -> None:
    world.reader.name = "=HYPERLINK(1)"
    world.reader.save()
    get(world.reader, page_of(document))
    get(world.reader, page_of(document, "versions/1/download/"))
    answer = get(world.editor, page_of(document, "seen/?format=csv"))
    text = streamed(answer).decode("utf-8-sig")
    rows = list(csv.reader(text.splitlines()))
    assert [row[1] for row in rows] == ["What", "Downloaded", "Viewed"]
    assert rows[1][2:] == ["1", world.partner.name, "'=HYPERLINK(1)"]
    assert document.title not in text


def test_people_who_left_stay_on_record(world: World, document: Document) -> None:
    get(world.reader, page_of(document))
    for row in world.reader.affiliations.all():
        row.end(timezone.now() - timedelta(minutes=1))
    page = get(world.editor, page_of(document, "seen/")).content.decode()
    assert world.reader.name in page
    assert world.reader.name not in get(world.editor, page_of(document, "who/")).content.decode()


def test_paging_of_names(world: World, document: Document) -> None:
    for _ in range(60):
        worlds.join(world.workspace, worlds.make_person(world.partner), world.partner)
    page = get(world.editor, page_of(document, "who/?page=2")).content.decode()
    assert "<strong>65 people</strong>" in page
    assert 'aria-current="page"' in page


def test_an_organisation_that_is_not_listed_is_named_to_nobody_who_may_not_know_it(
    world: World, document: Document
) -> None:
    """An owner of kind *partner* carries no label `network`, and knows only what is listed."""
    type(world.owner).objects.filter(pk=world.owner.pk).update(kind="partner")
    type(world.partner).objects.filter(pk=world.partner.pk).update(listed=False)
    path = page_of(document)
    get(world.reader, path)
    get(world.reader, page_of(document, "versions/1/download/"))
    request = services.ask_to_share(
        acting_user=world.reader, document=document, rung="coalition", reason="For the report"
    )
    pages = [page_of(document, end) for end in ("seen/", "seen/?format=csv", "downloads/", "")]
    for page in [*pages, page_of(document, f"requests/{request.uuid}/")]:
        told = client_of(world.editor).get(page)
        assert told.status_code == 200
        text = b"".join(told) if told.streaming else told.content
        assert world.partner.name not in text.decode(), page
        assert "an organisation" in text.decode().lower(), page
    type(world.owner).objects.filter(pk=world.owner.pk).update(kind="ecpat_member")
    assert world.partner.name in client_of(world.editor).get(pages[0]).content.decode()
