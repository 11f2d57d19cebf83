"""What leaves the portal by mail and feed, for everyone who can save a search.

A mail travels in clear and a feed is kept by whoever reads it: nothing in them may name what is not
public, not even for those who may see it; and what they count is what each person may see.
"""

import re
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.db import transaction
from django.test import Client

from coalitions.documents.services import share_document
from portal.notifications.tasks import send_waiting
from search.models import SavedSearch, SavedSearchFind
from search.saved.acts import open_feed, save_search
from search.saved.question import Question
from search.saved.running import run_due
from search.tasks import drain_outbox
from tests import worlds
from tests.search.saving import a_day_passes
from tests.visibility.scene import COMMON, Asker, Scene
from tests.visibility.test_two_worlds import settled
from tests.visibility.words import canaries_in

pytestmark = pytest.mark.django_db
# What anybody reads of this scene without an account.
PUBLIC = "public_article"


def everyone(scene: Scene) -> list[Asker]:
    return [asker for asker in scene.askers if asker.person is not None and asker.person.is_active]


def saved_by(asker: Asker, *, frequency: str = "daily") -> SavedSearch:
    assert asker.person is not None
    return save_search(
        acting_user=asker.person,
        # Another question than the coordinator's own, that finds the same.
        question=Question(f"{COMMON} OR nothing-of-the-kind"),
        name=f"private {asker.name}",
        frequency=frequency,
    )


def forget_what_was_there() -> None:
    """Let everything that is found be new, and other mail be gone."""
    send_waiting()
    SavedSearchFind.objects.all().delete()


def morning() -> list[Any]:
    mail.outbox.clear()
    a_day_passes()
    run_due()
    send_waiting()
    return list(mail.outbox)


def unnamed_in(letter: Any) -> int:
    """How many things the mail counts without naming them, over all searches in it."""
    total = sum(int(n) for n in re.findall(r"(\d+) new result", letter.body))
    return total - len(re.findall(r"^- ", letter.body, re.MULTILINE))


def hidden_seen_by(asker: Asker) -> int:
    return len(asker.sees & {"document", "network_article", "coalition_article"})


@pytest.mark.parametrize("need_to_know", [False, True])
def test_alerts_name_what_is_public_and_count_what_each_person_sees(need_to_know: bool) -> None:
    scene = Scene(need_to_know=need_to_know)
    scene.saved.delete()
    askers = {asker.person.email: asker for asker in everyone(scene) if asker.person}
    for asker in askers.values():
        saved_by(asker)
    forget_what_was_there()
    letters = morning()
    assert {letter.to[0] for letter in letters} == set(askers)
    for letter in letters:
        asker = askers[letter.to[0]]
        said = f"{letter.subject}\n{letter.body}\n{letter.extra_headers}".encode()
        named = canaries_in(said, scene.words)
        assert named == {f"{PUBLIC}.title"}, asker.name
        assert COMMON in letter.body  # of the public title, not of the question
        assert f"private {asker.name}" not in letter.body
        assert unnamed_in(letter) == hidden_seen_by(asker), asker.name
    assert morning() == []


@pytest.mark.parametrize("need_to_know", [False, True])
def test_feeds_name_what_is_public_and_count_what_each_person_sees(need_to_know: bool) -> None:
    scene = Scene(need_to_know=need_to_know)
    stranger = Client()
    for asker in everyone(scene):
        key = open_feed(saved_by(asker, frequency="never"), acting_user=asker.person)
        answer = stranger.get(f"/feeds/searches/{key}/")
        head = "\n".join(f"{k}: {v}" for k, v in answer.headers.items()).encode()
        assert canaries_in(head + answer.content, scene.words) == {f"{PUBLIC}.title"}, asker.name
        entries = answer.content.count(b"<entry>")
        assert entries == hidden_seen_by(asker) + 1, asker.name


def test_after_access_was_taken_away() -> None:
    scene = Scene()
    feeds = {}
    for asker in everyone(scene):
        feeds[asker.name] = open_feed(saved_by(asker), acting_user=asker.person)
    scene.take_access_away()
    forget_what_was_there()
    for letter in morning():
        assert unnamed_in(letter) == 0
        assert canaries_in(letter.body.encode(), scene.words) == {f"{PUBLIC}.title"}
    for name, key in feeds.items():
        answer = Client().get(f"/feeds/searches/{key}/")
        assert answer.content.count(b"<entry>") == 1, name


def test_after_the_audience_was_narrowed_with_a_stale_index() -> None:
    scene = Scene()
    document = scene.document
    assert document is not None
    share_document(acting_user=scene.contributor, document=document, rung="network")
    drain_outbox()
    other = scene.asker("other organisation")
    key = open_feed(saved_by(other), acting_user=other.person)
    forget_what_was_there()
    address = f"/feeds/searches/{key}/"
    assert document.reference.encode() in Client().get(address).content
    a_day_passes()
    run_due()
    share_document(acting_user=scene.contributor, document=document, rung="organisation")
    # Neither the index nor the mail that is owed has been taught yet.
    assert document.reference.encode() not in Client().get(address).content
    mail.outbox.clear()
    send_waiting()
    letter = next(one for one in mail.outbox if one.to == [scene.other.email])
    assert unnamed_in(letter) == len(other.sees & {"network_article"})


def test_a_deactivated_account_is_like_none() -> None:
    scene = Scene()
    reader = scene.asker("reader")
    key = open_feed(saved_by(reader), acting_user=reader.person)
    forget_what_was_there()
    scene.reader.is_active = False
    scene.reader.save()
    dead = Client().get(f"/feeds/searches/{key}/")
    unknown = Client().get("/feeds/searches/nps_unknown/")
    assert (dead.status_code, dead.content) == (unknown.status_code, unknown.content)
    assert dict(dead.headers) == dict(unknown.headers)
    assert scene.reader.email not in {one.to[0] for one in morning()}


@pytest.mark.parametrize("name", ["other organisation", "staff", "ended affiliation"])
def test_hidden_things_make_no_difference(name: str) -> None:
    """The same mail and the same feed, in a world with the hidden things and in one without."""
    answers = []
    for hidden in (True, False):
        cache.clear()
        mail.outbox.clear()
        with transaction.atomic():
            worlds.restart()
            scene = Scene(hidden=hidden, network_article=name.startswith("other"))
            scene.saved.delete()
            asker = scene.asker(name)
            key = open_feed(saved_by(asker), acting_user=asker.person)
            forget_what_was_there()
            letters = [f"{one.subject}\n{one.body}" for one in morning()]
            feed = Client().get(f"/feeds/searches/{key}/").content
            # What was found in one run stands in the order of random identifiers.
            entries = sorted(_quiet(feed).removesuffix(b"</feed>").split(b"<entry>"))
            answers.append((sorted(_quiet("\n".join(letters).encode()).splitlines()), entries))
            transaction.set_rollback(True)
    assert answers[0] == answers[1]


def _quiet(text: bytes) -> bytes:
    text = re.sub(rb"/(alerts/stop|feeds/searches)/[^/]+/", rb"/\1/~/", text)
    return settled(re.sub(rb"\d{4}-\d\d-\d\dT[\d:.+]+", b"~", text))
