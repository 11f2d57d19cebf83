"""The feed of a saved search: its owner's sight of that moment, told as carefully as a mail."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any
from unittest import mock

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from lxml import etree

from coalitions.documents.models import Document, DocumentAudience
from coalitions.network.models import Affiliation, AuditEntry, WorkspaceMembership
from search.models import SavedSearch
from search.saved import acts, feed
from search.saved.question import Question
from search.service import SearchUnavailable
from tests import worlds
from tests.search.saving import WORD, Saving, make_saving, morning, reindexed

pytestmark = pytest.mark.django_db
ATOM = {"a": "http://www.w3.org/2005/Atom"}


@pytest.fixture
def world() -> Saving:
    return make_saving()


def address_of(saved: SavedSearch) -> str:
    return f"/feeds/searches/{acts.open_feed(saved, acting_user=saved.owner)}/"


def read(address: str) -> Any:
    answer = Client().get(address)
    assert answer.status_code == 200
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    return etree.fromstring(answer.content, parser)


def titles(address: str) -> list[str]:
    return [str(t) for t in read(address).xpath("a:entry/a:title/text()", namespaces=ATOM)]


# What it holds -----------------------------------------------------------------------------------
def test_what_is_public_by_title_and_the_rest_by_reference(world: Saving) -> None:
    saved = world.save(frequency="never")
    closed = world.document("Secret moves")
    public = world.document("Open plans", rung="public")
    world.article("Of the network", "of-the-network", level="network")
    address = address_of(saved)
    answer = Client().get(address)
    assert titles(address) == [
        "A knowledge article that is not public",
        "Open plans",
        f"Document {closed.reference}",
    ]
    links = read(address).xpath("a:entry/a:link/@href", namespaces=ATOM)
    assert links == [
        f"http://testserver/en/my/searches/{saved.uuid}/",
        f"http://testserver/en/documents/{public.uuid}/",
        f"http://testserver/en/documents/{closed.uuid}/",
    ]
    text = re.sub("Network Portal", "", without_key(answer.content.decode(), address))
    for secret in ("Secret", "network", WORD, "My private name", "Quiet room", "river", "nps_"):
        assert secret not in text, secret


def without_key(text: str, address: str) -> str:
    """The feed without its link to itself, in which alone its key may stand."""
    link = f'<link href="http://testserver{address}" rel="self"/>'
    assert text.count(link) == 1
    return text.replace(link, "")


def test_summaries_tell_of_what_is_public_and_how_to_see_the_rest(world: Saving) -> None:
    saved = world.save(frequency="never")
    closed = world.document("Secret moves")
    public = world.document("Open plans", rung="public")
    Document.objects.filter(pk=public.pk).update(date=date(2026, 3, 9))
    reindexed(public)
    root = read(address_of(saved))
    told = {
        entry.findtext("a:title", namespaces=ATOM): entry.findtext("a:summary", namespaces=ATOM)
        for entry in root.findall("a:entry", ATOM)
    }
    assert told == {
        "Open plans": "Document · 9 Mar 2026",
        f"Document {closed.reference}": "Not public. Sign in to the portal to see it.",
    }


def test_it_is_valid_atom(world: Saving) -> None:
    saved = world.save()
    world.document("One & <two>\x0b\u202e", rung="public")
    address = address_of(saved)
    root = read(address)
    assert root.tag == "{http://www.w3.org/2005/Atom}feed"
    for required in ("id", "title", "updated", "author"):
        assert len(root.xpath(f"a:{required}", namespaces=ATOM)) == 1, required
    assert root.xpath("a:id/text()", namespaces=ATOM) == [saved.uuid.urn]
    entries = root.xpath("a:entry", namespaces=ATOM)
    assert len(entries) == 1
    for required in ("id", "title", "updated", "link", "summary"):
        assert len(entries[0].xpath(f"a:{required}", namespaces=ATOM)) == 1, required
    assert root.xpath("a:author/a:name/text()", namespaces=ATOM) == ["Network Portal"]
    links = {link.get("rel"): link.get("href") for link in root.findall("a:link", ATOM)}
    assert links == {
        "alternate": f"http://testserver/en/my/searches/{saved.uuid}/",
        "self": f"http://testserver{address}",
    }
    identities = root.xpath("//a:id/text()", namespaces=ATOM)
    assert all(one.startswith("urn:uuid:") for one in identities)
    assert len(set(identities)) == 2
    assert entries[0].xpath("a:title/text()", namespaces=ATOM) == ["One & <two>"]
    moments = root.xpath("//a:updated/text()", namespaces=ATOM)
    assert all(
        re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d.*(Z|[+-]\d\d:\d\d)", m) for m in moments
    )


def test_an_empty_feed_is_a_feed(world: Saving) -> None:
    saved = world.save()
    address = address_of(saved)
    assert titles(address) == []
    saved.refresh_from_db()
    assert saved.feed_made is not None
    moment = read(address).findtext("a:updated", namespaces=ATOM)
    assert datetime.fromisoformat(moment) == saved.feed_made


def test_what_came_last_stands_first_and_nothing_changes_by_itself(world: Saving) -> None:
    first = world.document()
    saved = world.save(frequency="never")
    address = address_of(saved)
    second = world.document()
    expected = [f"Document {second.reference}", f"Document {first.reference}"]
    assert titles(address) == expected
    assert Client().get(address).content == Client().get(address).content
    reindexed(first)
    assert titles(address) == expected


def test_reading_the_feed_takes_nothing_from_the_mail(world: Saving) -> None:
    saved = world.save()
    address = address_of(saved)
    world.document()
    assert len(titles(address)) == 1
    moment = saved.finds.get().first_seen
    assert morning() == 1
    assert morning() == 0
    assert len(titles(address)) == 1
    assert saved.finds.get().first_seen == moment


def test_it_speaks_the_language_in_which_it_was_saved(world: Saving) -> None:
    saved = world.save(language="fr")
    document = world.document()
    links = read(address_of(saved)).xpath("a:entry/a:link/@href", namespaces=ATOM)
    assert links == [f"http://testserver/fr/documents/{document.uuid}/"]


# Whose sight it has ----------------------------------------------------------------------------
def test_a_lost_membership_ends_it_on_the_next_request(world: Saving) -> None:
    address = address_of(world.save())
    world.document()
    world.article("Known to all")
    assert len(titles(address)) == 2
    WorkspaceMembership.objects.get(person=world.reader).end()
    assert titles(address) == ["Known to all"]


def test_a_suspended_organisation_leaves_what_is_public(world: Saving) -> None:
    address = address_of(world.save())
    world.document()
    world.article("Known to all")
    worlds.suspend(world.other)
    assert titles(address) == ["Known to all"]
    Affiliation.objects.get(person=world.reader).end()
    assert titles(address) == ["Known to all"]


def test_a_narrowed_audience_with_a_stale_index(world: Saving) -> None:
    address = address_of(world.save())
    document = world.document("Open plans", rung="public")
    assert titles(address) == ["Open plans"]
    DocumentAudience.objects.filter(document=document).update(rung="organisation")
    assert titles(address) == []


def test_need_to_know_documents_are_for_members(world: Saving) -> None:
    closed = worlds.make_workspace(world.workspace.coalition, name="Closed", need_to_know=True)
    member = worlds.make_person(world.owner)
    worlds.join(closed, member, world.owner)
    theirs, readers = address_of(world.save(member)), address_of(world.save())
    document = world.document("Hidden", rung="members", workspace=closed, child_data=True)
    assert titles(theirs) == [f"Document {document.reference}"]
    assert titles(readers) == []
    WorkspaceMembership.objects.get(person=member).end()
    assert titles(theirs) == []


# The key -----------------------------------------------------------------------------------------
def test_every_dead_address_gets_the_same_answer(world: Saving) -> None:
    world.article()
    saved = world.save()
    renewed = address_of(saved)
    live = address_of(saved)
    closed = world.save(question=Question("river"))
    revoked = address_of(closed)
    acts.close_feed(closed, acting_user=world.reader)
    deleted = world.save(question=Question("mountain"))
    gone = address_of(deleted)
    acts.delete_saved_search(deleted, acting_user=world.reader)
    deactivated = address_of(world.save(world.neighbour))
    world.neighbour.is_active = False
    world.neighbour.save()
    unknown = [f"/feeds/searches/{key}/" for key in ("x", "nps_" + "A" * 43, "é", "n" * 5000)]
    answers = [Client().get(path) for path in (renewed, revoked, gone, deactivated, *unknown)]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    assert len({tuple(sorted(answer.headers.items())) for answer in answers}) == 1
    assert Client().get(live).status_code == 200
    owner = Client()
    owner.force_login(world.reader)
    assert owner.get(revoked).content == answers[0].content


def test_the_key_is_kept_nowhere(world: Saving) -> None:
    saved = world.save()
    key = acts.open_feed(saved, acting_user=world.reader)
    saved.refresh_from_db()
    row = SavedSearch.objects.filter(pk=saved.pk).values().get()
    assert not any(key in str(value) for value in row.values())
    for entry in AuditEntry.objects.filter(object_uuid=saved.uuid):
        assert key not in str(entry.details)


def test_a_retired_secret_key_still_opens(world: Saving, settings: Any) -> None:
    address = address_of(world.save())
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another " * 10
    assert Client().get(address).status_code == 200
    settings.SECRET_KEY_FALLBACKS = []
    assert Client().get(address).status_code == 404


def test_the_page_shows_the_address_once(world: Saving) -> None:
    saved = world.save()
    client = Client()
    client.force_login(world.reader)
    page = f"/en/my/searches/{saved.uuid}/"
    made = client.post(f"{page}feed/", {"act": "open"})
    found = re.search(r"/feeds/searches/(nps_[\w-]+)/", made.content.decode())
    assert found is not None
    assert f"{settings.PUBLIC_URL}{found[0]}" in made.content.decode()
    assert made["Cache-Control"] == "private, no-store"
    assert Client().get(found[0]).status_code == 200
    assert "nps_" not in client.get(page).content.decode()
    renewed = client.post(f"{page}feed/", {"act": "open"}).content.decode()
    assert found[1] not in renewed
    assert Client().get(found[0]).status_code == 404
    assert client.post(f"{page}feed/", {"act": "close"})["Location"] == page
    saved.refresh_from_db()
    assert saved.feed_digest is None
    verbs = AuditEntry.objects.filter(object_uuid=saved.uuid).values_list("verb", flat=True)
    assert list(verbs)[-3:] == ["search.feed_opened", "search.feed_opened", "search.feed_closed"]


def test_nothing_keeps_it(world: Saving) -> None:
    answer = Client().get(address_of(world.save()))
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert answer["X-Robots-Tag"] == "noindex"
    assert "Last-Modified" not in answer
    assert answer["Content-Type"].startswith("application/atom+xml")


def test_it_is_read_so_often_and_no_more(world: Saving) -> None:
    cache.clear()
    address = address_of(world.save())
    with mock.patch.object(feed.FeedThrottle, "rate", "3/min"):
        answers = [Client().get(address) for _ in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
    assert 0 < int(answers[-1]["Retry-After"]) <= 60
    assert answers[-1]["Cache-Control"] == "private, no-store"
    other = address_of(world.save(world.neighbour))
    assert Client().get(other).status_code == 200


def test_all_feeds_of_a_person_are_read_so_often_and_no_more(world: Saving) -> None:
    cache.clear()
    addresses = [
        address_of(world.save(question=Question(f"{WORD} {number}"))) for number in range(4)
    ]
    with mock.patch.object(feed.OwnerThrottle, "rate", "3/min"):
        answers = [Client().get(address) for address in addresses]
        other = Client().get(address_of(world.save(world.neighbour)))
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert 0 < int(answers[-1]["Retry-After"]) <= 60
    assert answers[-1]["Cache-Control"] == "private, no-store"
    assert other.status_code == 200


def test_search_that_does_not_answer_is_said(world: Saving) -> None:
    address = address_of(world.save())
    with mock.patch.object(feed, "present_refs", side_effect=SearchUnavailable):
        answer = Client().get(address)
    assert answer.status_code == 503
    assert answer["Cache-Control"] == "private, no-store"


def test_nothing_of_it_is_logged(world: Saving, caplog: pytest.LogCaptureFixture) -> None:
    saved = world.save()
    world.document("Open plans", rung="public")
    address = address_of(saved)
    with caplog.at_level(0):
        Client().get(address)
        Client().get("/feeds/searches/nps_wrong/")
    for word in ("Open plans", "My private name"):
        assert word not in caplog.text
