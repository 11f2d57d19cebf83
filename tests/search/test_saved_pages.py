"""The pages of saved searches: for their owner alone, whatever is typed into them."""

from __future__ import annotations

import re
from typing import Any
from unittest import mock
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.http import QueryDict
from django.test import Client

from coalitions.access import NotAllowed
from coalitions.network.models import AuditEntry, WorkspaceMembership
from coalitions.network.services.refusals import Refused
from search.models import SavedSearch
from search.saved import acts
from search.saved.question import Question, question_of, read
from search.service import SearchUnavailable
from tests import worlds
from tests.search.saving import WORD, Saving, make_saving

pytestmark = pytest.mark.django_db
LIST = "/en/my/searches/"
NEW = "/en/my/searches/new/"
HOSTILE = (
    "<script>alert(1)</script>",
    "{{ 7|add:7 }} {% now %}",
    "'; DROP TABLE search_savedsearch; --",
    "مأوى الأطفال",
    "\u202egnihtyna",
    "=HYPERLINK(1)",
    "x" * 80,
)


@pytest.fixture
def world() -> Saving:
    return make_saving()


@pytest.fixture
def client(world: Saving) -> Client:
    return signed_in(world.reader)


def signed_in(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


def page_of(saved: SavedSearch, more: str = "") -> str:
    return f"{LIST}{saved.uuid}/{more}"


# Saving ----------------------------------------------------------------------------------------
def test_from_the_results_to_a_saved_search(world: Saving, client: Client) -> None:
    world.document()
    results = client.get(f"/en/search/?q={WORD}&kind=document&page=1&sort=date").content.decode()
    link = re.search(r'href="(/en/my/searches/new/[^"]+)"', results)
    assert link is not None
    address = link[1].replace("&amp;", "&")
    assert "page=" not in address
    asked = client.get(address)
    assert asked.status_code == 200
    assert f'value="{WORD}"' in asked.content.decode()
    done = client.post(address, {"name": "Shelters", "frequency": "daily"}, follow=True)
    saved = SavedSearch.objects.get()
    assert done.redirect_chain == [(page_of(saved), 302)]
    assert (saved.owner, saved.number, saved.name) == (world.reader, 1, "Shelters")
    assert (saved.text, saved.filters, saved.sort) == (WORD, {"kind": ["document"]}, "date")
    assert saved.language == "en"
    assert AuditEntry.objects.filter(verb="search.saved", object_uuid=saved.uuid).exists()
    again = client.get(address)
    assert again["Location"] == page_of(saved)


def test_no_link_for_strangers(world: Saving) -> None:
    world.article()
    assert b"my/searches" not in Client().get(f"/en/search/?q={WORD}").content


def test_the_question_is_kept_as_it_can_be_asked() -> None:
    values = [("kind", "document"), ("kind", "article"), ("kind", "x" * 81), ("nonsense", "1")]
    question = read(QueryDict(urlencode([("q", f"  {WORD}\n a "), *values, ("concepts", "off")])))
    assert question == Question(f"{WORD} a", {"kind": ("article", "document")}, concepts=False)
    assert read(QueryDict(question.address)) == question
    assert read(QueryDict(Question("a", sort="date").address)).sort == "date"
    assert len(read(QueryDict(urlencode({"q": "b" * 1000}))).text) == 400


def test_the_same_question_is_saved_once(world: Saving) -> None:
    saved = world.save(question=Question(WORD, {"kind": ("article", "document")}))
    assert (
        question_of(saved).digest == read(QueryDict(f"q={WORD}&kind=document&kind=article")).digest
    )
    with pytest.raises(Refused, match="already"):
        world.save(question=Question(WORD, {"kind": ("article", "document")}, sort="date"))
    world.save(world.neighbour, question=Question(WORD, {"kind": ("article", "document")}))


def test_nothing_asked_is_nothing_to_save(world: Saving, client: Client) -> None:
    assert client.get(NEW)["Location"] == "/en/search/"
    assert client.get(f"{NEW}?q=+&kind=")["Location"] == "/en/search/"
    with pytest.raises(Refused):
        world.save(question=Question())


def test_fifty_and_no_more(world: Saving, client: Client) -> None:
    for number in range(50):
        world.save(question=Question(f"word{number}"), frequency="never")
    answer = client.post(f"{NEW}?q=another", {"name": "One more", "frequency": "never"})
    assert answer.status_code == 200
    assert "Delete one that you no longer need" in answer.content.decode()
    assert SavedSearch.objects.count() == 50
    world.save(world.neighbour)


def test_what_is_refused_is_not_searched_for(world: Saving) -> None:
    world.save(question=Question("held"))
    with mock.patch.object(acts, "present_refs") as searched:
        with pytest.raises(Refused, match="already"):
            world.save(question=Question("held"))
        with mock.patch.object(acts, "MOST", 1), pytest.raises(Refused, match="Delete one"):
            world.save(question=Question("another"))
    searched.assert_not_called()


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_text(world: Saving, client: Client, name: str) -> None:
    address = f"{NEW}?{urlencode({'q': name})}"
    assert client.get(address).status_code == 200
    answer = client.post(address, {"name": name, "frequency": "never"})
    saved = SavedSearch.objects.get()
    assert answer["Location"] == page_of(saved)
    assert saved.name == name
    for place in (LIST, page_of(saved), page_of(saved, "delete/")):
        page = client.get(place).content.decode()
        assert "<script>alert" not in page
        title = re.search(r"<title>(.*?)</title>", page, re.DOTALL)
        assert title is not None
        assert name not in title[1]


@pytest.mark.parametrize("name", ["", "   ", "\u200b\u200d", "a\x00b", "x" * 81])
def test_names_that_cannot_be_kept_are_said(world: Saving, client: Client, name: str) -> None:
    answer = client.post(f"{NEW}?q={WORD}", {"name": name, "frequency": "never"})
    assert answer.status_code == 200
    assert "error-summary" in answer.content.decode()
    assert not SavedSearch.objects.exists()


def test_unknown_frequencies_are_said(world: Saving, client: Client) -> None:
    for frequency in ("", "hourly", "never\x00"):
        answer = client.post(f"{NEW}?q={WORD}", {"name": "x", "frequency": frequency})
        assert answer.status_code == 200
    with pytest.raises(Refused):
        world.save(frequency="hourly")


def test_search_that_does_not_answer_loses_nothing(world: Saving, client: Client) -> None:
    with mock.patch.object(acts, "present_refs", side_effect=SearchUnavailable):
        answer = client.post(f"{NEW}?q={WORD}", {"name": "Kept words", "frequency": "daily"})
    assert answer.status_code == 200
    assert "in a minute" in answer.content.decode()
    assert 'value="Kept words"' in answer.content.decode()


# Changing ----------------------------------------------------------------------------------------
def test_rename_pause_and_delete(world: Saving, client: Client) -> None:
    saved = world.save()
    sent = {"name": "Renamed", "frequency": "weekly", "paused": "on"}
    assert client.post(page_of(saved), sent)["Location"] == page_of(saved)
    saved.refresh_from_db()
    assert (saved.name, saved.frequency, saved.paused) == ("Renamed", "weekly", True)
    assert "Paused" in client.get(LIST).content.decode()
    assert client.get(page_of(saved, "delete/")).status_code == 200
    assert SavedSearch.objects.exists()
    assert client.post(page_of(saved, "delete/"))["Location"] == LIST
    assert not SavedSearch.objects.exists()
    assert AuditEntry.objects.filter(verb="search.saved_deleted").exists()


def test_numbers_are_each_persons_own(world: Saving) -> None:
    first, second = world.save(), world.save(question=Question("river"))
    other = world.save(world.neighbour)
    assert [first.number, second.number, other.number] == [1, 2, 1]


def test_found_lately_shows_what_may_be_seen_now(world: Saving, client: Client) -> None:
    world.document("Old plans")
    saved = world.save()
    assert "Old plans" in client.get(page_of(saved)).content.decode()
    WorkspaceMembership.objects.get(person=world.reader).end()
    page = client.get(page_of(saved)).content.decode()
    assert "Old plans" not in page
    assert "will stand here" in page


def test_filters_are_named_as_far_as_they_may_be_known(world: Saving, client: Client) -> None:
    place = str(world.workspace.uuid)
    saved = world.save(question=Question(WORD, {"workspace": (place,), "language": ("ar",)}))
    page = client.get(page_of(saved)).content.decode()
    assert "Quiet room" in page
    assert "Arabic" in page
    WorkspaceMembership.objects.get(person=world.reader).end()
    assert "Quiet room" not in client.get(page_of(saved)).content.decode()


# Whose they are ----------------------------------------------------------------------------------
def test_another_persons_saved_search_is_missing(world: Saving) -> None:
    saved = world.save()
    stranger = signed_in(world.neighbour)
    for more in ("", "feed/", "delete/"):
        for uuid in (saved.uuid, uuid4()):
            path = f"{LIST}{uuid}/{more}"
            statuses = {stranger.post(path, {"name": "Mine", "frequency": "never"}).status_code}
            if more != "feed/":
                statuses.add(stranger.get(path).status_code)
            assert statuses == {404}, path
    assert "My private name" not in stranger.get(LIST).content.decode()
    saved.refresh_from_db()
    assert saved.name == "My private name"
    assert saved.feed_digest is None


def test_superusers_see_no_more(world: Saving) -> None:
    saved = world.save()
    root = signed_in(worlds.make_person(is_superuser=True, is_staff=True))
    assert root.get(page_of(saved)).status_code == 404


def test_strangers_are_sent_to_sign_in(world: Saving) -> None:
    saved = world.save()
    for path in (
        LIST,
        f"{NEW}?q=a",
        page_of(saved),
        page_of(saved, "delete/"),
        f"{LIST}{uuid4()}/",
    ):
        answer = Client().get(path)
        assert answer.status_code == 302, path
        assert answer["Location"].startswith("/en/account/"), path
    assert Client().post(page_of(saved, "feed/")).status_code == 302


def test_services_refuse_others(world: Saving) -> None:
    saved = world.save()
    other = world.neighbour
    tries = (
        lambda: acts.change_saved_search(
            saved, acting_user=other, name="x", frequency="never", paused=False
        ),
        lambda: acts.delete_saved_search(saved, acting_user=other),
        lambda: acts.open_feed(saved, acting_user=other),
        lambda: acts.close_feed(saved, acting_user=other),
        lambda: acts.save_search(
            acting_user=None, question=Question(WORD), name="x", frequency="never"
        ),
    )
    for attempt in tries:
        with pytest.raises(NotAllowed):
            attempt()


def test_who_lost_every_affiliation_keeps_what_is_theirs(world: Saving, client: Client) -> None:
    saved = world.save()
    worlds.suspend(world.other)
    assert client.get(page_of(saved)).status_code == 200
    assert client.post(page_of(saved, "delete/")).status_code == 302


def test_pages_are_linked(world: Saving, client: Client) -> None:
    assert f'href="{LIST}"' in client.get("/en/my/").content.decode()
    assert "You have not saved a search yet" in client.get(LIST).content.decode()
