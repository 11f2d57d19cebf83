"""Who answers: the engine beside the database while it is whole, else the embedded one, at once."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from coalitions.documents import services
from coalitions.documents.models import Document
from coalitions.language import ANALYSER_VERSION
from coalitions.network.viewers import viewer_for
from search import engines, outbox, withholding
from search.asking import Answered, ask, breaker
from search.breaker import Breaker, State
from search.engines.base import Access
from search.models import Feed, OutboxRow, Withheld
from search.query import parse
from search.rebuilding import rebuild
from search.service import find
from tests import worlds
from tests.knowledge.makers import make_article, make_site, make_staff
from tests.search import memory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_breaker() -> Iterator[None]:
    breaker().reset()
    yield
    breaker().reset()


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> memory.Server:
    return memory.install(monkeypatch)


@pytest.fixture
def world(server: memory.Server) -> Any:
    make_site()
    owner, other = worlds.make_organisation("Owner"), worlds.make_organisation("Other")
    workspace = worlds.make_workspace(worlds.make_coalition(owner, other))
    editor = worlds.make_person(owner, "editor")
    worlds.join(workspace, editor, owner, "contributor")
    report = worlds.make_document(
        workspace, owner, by=editor, title="Shelter report", rung="coalition", pages=("alpha",)
    )
    article = make_article("public", title="Shelter article")
    beside = engines.beside()
    assert beside is not None
    outbox.drain()
    rebuild(beside)

    class World:
        ref = f"document:{report.uuid}"
        article_ref = f"article:{article.translation_key}:en"
        owner_, editor_ = owner, editor
        document = report
        page = article
        mine = Access.for_labels(viewer_for(editor).labels)
        theirs = Access.for_labels(viewer_for(worlds.make_person(other)).labels)
        nobodys = Access.for_labels({"public"})

    return World


def found(text: str, access: Access) -> tuple[set[str], Answered]:
    answered = ask(parse(text).query, access)
    return {hit.ref for hit in answered.results.hits}, answered


def who(access: Access, text: str = "shelter") -> tuple[str, bool]:
    answered = ask(parse(text).query, access)
    return answered.engine_name, answered.complete


# Who is asked ------------------------------------------------------------------------------------
def test_alone_the_embedded_engine_answers_completely() -> None:
    assert who(Access.for_labels({"public"})) == ("embedded", True)


def test_the_engine_beside_answers_once_it_is_built(world: Any, server: memory.Server) -> None:
    assert who(world.mine) == ("elasticsearch", True)
    Feed.objects.filter(name="elasticsearch").update(built=None)
    assert who(world.mine) == ("embedded", False)
    Feed.objects.filter(name="elasticsearch").update(
        built=timezone.now(), analyser=ANALYSER_VERSION + 1
    )
    assert who(world.mine) == ("embedded", False)


def test_an_index_long_behind_is_not_asked(world: Any) -> None:
    outbox.note("document", world.document.uuid)
    assert who(world.mine) == ("elasticsearch", True)
    OutboxRow.objects.update(created=timezone.now() - timedelta(minutes=11))
    assert who(world.mine) == ("embedded", False)
    OutboxRow.objects.update(set_aside=True)
    assert who(world.mine) == ("elasticsearch", True)


def test_a_server_that_is_away_costs_one_question(world: Any, server: memory.Server) -> None:
    server.down, server.asked = True, []
    for _ in range(6):
        refs, answered = found("shelter", world.theirs)
        assert refs == {world.ref, world.article_ref}
        assert (answered.engine_name, answered.complete) == ("embedded", False)
    assert len(server.asked) == 1
    assert breaker().state is State.OPEN


def test_it_is_asked_again_when_a_probe_finds_it(
    world: Any, server: memory.Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.down = True
    who(world.mine)
    server.down = False
    assert who(world.mine) == ("embedded", False)
    monkeypatch.setattr(breaker(), "_until", 0.0)
    until = time.monotonic() + 5
    while who(world.mine)[0] == "embedded" and time.monotonic() < until:
        time.sleep(0.01)
    assert who(world.mine) == ("elasticsearch", True)


def test_the_page_and_the_service_say_who_stood_in(world: Any, server: memory.Server) -> None:
    viewer = viewer_for(world.editor_)
    assert find(viewer, "shelter").complete
    server.down = True
    stood_in = find(viewer, "shelter")
    assert (stood_in.complete, stood_in.engine_name, stood_in.total) == (False, "embedded", 2)


def test_dropped_hits_are_counted(world: Any, server: memory.Server) -> None:
    Document.objects.filter(pk=world.document.pk).update(withdrawn=timezone.now())
    assert find(viewer_for(world.editor_), "shelter").dropped == 1
    assert Feed.objects.get(name="elasticsearch").dropped == 1


# What is withheld --------------------------------------------------------------------------------
def seen(world: Any, ref: str) -> dict[str, bool]:
    """Whose search finds and counts it."""
    answers = {}
    for name in ("mine", "theirs", "nobodys"):
        refs, answered = found("shelter", getattr(world, name))
        assert answered.engine_name == "elasticsearch"
        assert answered.results.total == len(refs)
        answers[name] = ref in refs
    return answers


def test_a_tightened_document_is_withheld_from_those_who_lost_it(world: Any) -> None:
    assert seen(world, world.ref) == {"mine": True, "theirs": True, "nobodys": False}
    services.share_document(acting_user=world.editor_, document=world.document, rung="organisation")
    assert seen(world, world.ref) == {"mine": True, "theirs": False, "nobodys": False}
    assert "coalition" in " ".join(engines.beside().held()[world.ref].labels)  # type: ignore[union-attr]


def test_sealed_by_child_data(world: Any) -> None:
    services.mark_child_data(acting_user=world.editor_, document=world.document)
    assert seen(world, world.ref)["theirs"] is False
    assert seen(world, world.ref)["mine"] is True


def test_a_withdrawn_document(world: Any) -> None:
    services.withdraw_document(acting_user=world.editor_, document=world.document)
    assert not any(seen(world, world.ref).values())


def test_an_unpublished_article(world: Any) -> None:
    assert all(seen(world, world.article_ref).values())
    world.page.unpublish()
    assert not any(seen(world, world.article_ref).values())


def test_a_deleted_article(world: Any) -> None:
    world.page.delete()
    assert not any(seen(world, world.article_ref).values())


def test_an_article_with_a_narrower_audience(world: Any) -> None:
    from knowledge.services import set_article_audience

    set_article_audience(
        acting_user=make_staff(), article=world.page, level="network", coalitions=[]
    )
    assert seen(world, world.article_ref) == {"mine": True, "theirs": True, "nobodys": False}


def test_an_expired_article(world: Any) -> None:
    world.page.expire_at = timezone.now()
    world.page.live = False
    world.page.save()
    assert not any(seen(world, world.article_ref).values())


def test_a_moved_article_is_still_found_by_those_who_see_it(world: Any) -> None:
    world.page.move(world.page.get_parent(), "first-child")
    assert all(seen(world, world.article_ref).values())


def test_an_organisation_that_leaves_the_directory(world: Any) -> None:
    from coalitions.network.signals import organisation_changed

    ref = f"organisation:{world.owner_.uuid}"
    assert ref in found("owner", world.nobodys)[0]
    world.owner_.listed = False
    world.owner_.save()
    organisation_changed.send(sender=type(world.owner_), organisation=world.owner_)
    assert ref not in found("owner", world.nobodys)[0]
    assert ref in found("owner", world.theirs)[0]


def test_it_is_withheld_until_the_engine_has_learned_it(world: Any, server: memory.Server) -> None:
    services.withdraw_document(acting_user=world.editor_, document=world.document)
    server.down = True
    outbox.drain()
    assert Withheld.objects.exists()
    server.down = False
    Feed.objects.update(paused_until=None)
    before = server.refreshed
    outbox.drain()
    assert not Withheld.objects.exists()
    assert server.refreshed > before
    assert server.live is not None
    assert world.ref not in server.live


def test_what_is_withheld_while_the_worker_writes_stays_withheld(
    world: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    withholding.withhold("document", str(world.document.uuid), {world.ref: ()})
    outbox.note("document", world.document.uuid)
    write = memory.MemoryEngine.refresh_now

    def meanwhile(engine: memory.MemoryEngine) -> None:
        withholding.withhold("document", str(world.document.uuid), {world.ref: ()})
        write(engine)

    monkeypatch.setattr(memory.MemoryEngine, "refresh_now", meanwhile)
    outbox.drain()
    assert Withheld.objects.count() == 1


def test_too_much_withheld_is_answered_by_the_database(
    world: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(withholding, "MOST", 2)
    withholding.withhold("document", "x", {f"document:{n}": () for n in range(2)})
    assert who(world.mine) == ("elasticsearch", True)
    withholding.withhold("document", "x", {"document:3": ()})
    assert who(world.mine) == ("embedded", False)
    assert breaker().state is State.CLOSED


# The breaker -------------------------------------------------------------------------------------
class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_pauses_grow_up_to_the_longest_and_begin_anew() -> None:
    clock = Clock()
    gate = Breaker("x", lambda: None, clock=clock, longest=4)
    gate.failed()
    assert gate.allows()
    gate.failed()
    assert gate.state is State.OPEN
    pauses = []
    for _ in range(4):
        pauses.append(gate._until - clock.now)
        clock.now = gate._until
        gate._state = State.PROBING
        gate.failed()
    assert pauses == [1, 2, 4, 4]
    gate.succeeded()
    assert gate.allows()
    gate.failed()
    assert gate.state is State.CLOSED


def test_only_one_probe_is_under_way_and_nobody_waits_for_it() -> None:
    probes = []

    def slow() -> None:
        probes.append(1)
        time.sleep(0.3)

    clock = Clock()
    gate = Breaker("x", slow, clock=clock)
    gate.failed()
    gate.failed()
    clock.now = 10
    started = time.monotonic()
    assert not any(gate.allows() for _ in range(20))
    assert time.monotonic() - started < 0.2
    until = time.monotonic() + 5
    while gate.state is not State.CLOSED and time.monotonic() < until:
        time.sleep(0.01)
    assert gate.allows()
    assert probes == [1]
