"""Search in two worlds, question by question: with and without things that the asker may not see.

Compared are results, totals, every facet, corrections, suggestions, highlights, pages and, for
strangers, the order; per engine; with an index that is up to date, and with one that has not
learned yet that an audience was narrowed.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import override_settings
from django.utils import timezone

from coalitions.documents.services import share_document
from coalitions.network.models import Organisation
from search import engines
from search.asking import is_current
from search.engines.base import FACETS
from search.rebuilding import rebuild
from search.tasks import drain_outbox
from tests import worlds
from tests.visibility.scene import COMMON, Asker, Scene
from tests.visibility.test_two_worlds import settled, unordered

pytestmark = pytest.mark.django_db

SERVER = os.environ.get("ELASTICSEARCH_URL", "")
STRANGERS = ("anonymous", "revoked token")
ASKERS = [
    "anonymous",
    "other organisation",
    pytest.param("other organisation's token", marks=pytest.mark.nightly),
    pytest.param("revoked token", marks=pytest.mark.nightly),
    pytest.param("staff", marks=pytest.mark.nightly),
    pytest.param("suspended organisation", marks=pytest.mark.nightly),
]


@pytest.fixture(
    params=[
        "embedded",
        pytest.param("elasticsearch", marks=pytest.mark.services),
    ]
)
def engine(request: pytest.FixtureRequest) -> Iterator[str]:
    """The engine that answers: the one in the database, or a real server beside it."""
    if request.param == "embedded":
        yield "embedded"
        return
    if not SERVER:
        pytest.skip("ELASTICSEARCH_URL names no server")
    from django.conf import settings

    own = {**settings.ELASTICSEARCH, "url": SERVER, "prefix": f"worlds-{secrets.token_hex(4)}"}
    with override_settings(ELASTICSEARCH=own):
        yield "elasticsearch"
        beside = engines.beside()
        assert beside is not None
        beside.drop()


def misspelt(word: str) -> str:
    """The word with two letters exchanged."""
    return word[:2] + word[3] + word[2] + word[4:]


def questions(scene: Scene) -> list[str]:
    """What is asked: the word that stands everywhere, words of hidden things, and slips in them.

    Canaries are numbered alike in both worlds, so that the same words are asked in both.
    """
    hidden = [
        word
        for word, name in scene.words.items()
        if name.startswith(("public_article", "unlisted", "coalition.", "workspace."))
    ]
    words = [COMMON, misspelt(COMMON), f"{COMMON} stands", f'"{COMMON} stands"', f"-{COMMON}"]
    return [*words, *hidden[:4], *(misspelt(word) for word in hidden[:2])]


class Questioner:
    """Asks as one asker, and keeps every answer under what was asked."""

    def __init__(self, asker: Asker, *, ordered: bool) -> None:
        self.asker, self.ordered = asker, ordered
        self.answers: dict[str, Any] = {}

    def ask(self, address: str) -> None:
        response = self.asker.client.get(address, headers=self.asker.headers)
        body = settled(response.content)
        key = settled(address.encode()).decode()
        self.answers[key] = (
            response.status_code,
            body if self.ordered else unordered(response.content),
        )

    def facts(self, address: str) -> None:
        """Ask the API, where the order is told apart from sets, totals and facets."""
        answer = self.asker.client.get(address, headers=self.asker.headers).json()
        hits = [settled(repr(hit).encode()) for hit in answer.pop("results", [])]
        key = settled(address.encode()).decode()
        self.answers[key] = (hits if self.ordered else sorted(hits), settled(repr(answer).encode()))

    def ask_all(self, scene: Scene) -> dict[str, Any]:
        for words in questions(scene):
            self.facts(f"/api/v1/search/?q={words}")
            self.ask(f"/en/search/?q={words}")
            self.ask(f"/en/search/?q={words}&sort=date&page=2")
            self.ask(f"/en/search/suggest/?q={words[:7]}")
        for facet, value in chosen_values(scene).items():
            self.ask(f"/en/search/?q={COMMON}&{facet}={value}")
            self.facts(f"/api/v1/search/?q={COMMON}&{facet}={value}")
        return self.answers


def chosen_values(scene: Scene) -> dict[str, str]:
    """A value of every facet, those of hidden places and owners among them."""
    values = {
        "kind": "document",
        "theme": "migration",
        "article": "22",
        "country": "NL",
        "organisation": str(scene.unlisted.uuid),
        "workspace": str(scene.workspace.uuid),
        "language": "en",
        "type": "report",
        "year": "2026",
        "audience": "coalition",
    }
    assert set(values) == set(FACETS)
    return values


def index_everything(engine: str) -> None:
    """Bring every engine in step, and make sure that the one asked for is the one that answers.

    What is made within a millisecond is of one age to an engine, and then ordered by random
    identifiers: two worlds are compared, so let no two things be of one age.
    """
    for days, organisation in enumerate(Organisation.objects.order_by("pk")):
        made = timezone.now() - timedelta(days=400 + days)
        Organisation.objects.filter(pk=organisation.pk).update(created=made)
    drain_outbox()
    if engine == "elasticsearch":
        beside = engines.named(engine)
        rebuild(beside, jobs=1)
        assert is_current(engine), "the server would not be asked"


def world(name: str, engine: str, *, hidden: bool) -> dict[str, Any]:
    cache.clear()
    with transaction.atomic():
        worlds.restart()
        scene = Scene(hidden=hidden, network_article=name.startswith("other") or hidden)
        index_everything(engine)
        questioner = Questioner(scene.asker(name), ordered=name in STRANGERS)
        found = questioner.ask_all(scene)
        transaction.set_rollback(True)
    return found


@pytest.mark.parametrize("name", ASKERS)
def test_no_question_tells_the_worlds_apart(name: str, engine: str) -> None:
    with_hidden = world(name, engine, hidden=True)
    without = world(name, engine, hidden=False)
    different = [key for key in without if with_hidden.get(key) != without[key]]
    assert not different, f"{name} can tell the worlds apart by {different}"


@pytest.mark.parametrize("name", ["other organisation", "anonymous"])
def test_a_stale_index_tells_nothing(name: str, engine: str) -> None:
    """After an audience was narrowed, and before the index learned it, all is as never shared."""
    scene = Scene()
    index_everything(engine)
    ordered = name == "anonymous"
    before = Questioner(scene.asker(name), ordered=ordered).ask_all(scene)
    rung = "public" if name == "anonymous" else "network"
    document = scene.document
    assert document is not None
    share_document(acting_user=scene.contributor, document=document, rung=rung)
    drain_outbox()
    shared = Questioner(scene.asker(name), ordered=ordered).ask_all(scene)
    assert shared != before, "sharing showed nothing: the test could not fail"
    share_document(acting_user=scene.contributor, document=document, rung="organisation")
    after = Questioner(scene.asker(name), ordered=ordered).ask_all(scene)
    different = [key for key in before if after[key] != before[key]]
    assert not different, f"{name} still sees traces by {different}"
