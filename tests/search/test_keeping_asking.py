"""Who answers: the engine beside the database while it is whole, else the embedded one, at once."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace
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
from search.engines.base import Access, RefusedQuestion
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


def test_a_question_that_is_too_heavy_takes_the_server_from_nobody(
    world: Any, server: memory.Server
) -> None:
    server.late = "heavy"
    for _ in range(4):
        assert who(world.theirs, "heavy") == ("embedded", False)
        assert breaker().state is State.CLOSED
    assert who(world.mine) == ("elasticsearch", True)
    for _ in range(4):
        assert who(world.theirs, "heavy") == ("embedded", False)
    assert who(world.mine) == ("elasticsearch", True)


def test_a_question_that_is_refused_takes_the_server_from_nobody(
    world: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: Any) -> Any:
        raise RefusedQuestion("too many clauses")

    with monkeypatch.context() as patch:
        patch.setattr(memory.MemoryEngine, "search", refuse)
        assert who(world.mine) == ("embedded", False)
    assert who(world.mine) == ("elasticsearch", True)


def test_dropped_hits_are_counted(world: Any, server: memory.Server) -> None:
    Document.objects.filter(pk=world.document.pk).update(trashed=timezone.now())
    assert find(viewer_for(world.editor_), "shelter").dropped == 1
    assert Feed.objects.get(name="elasticsearch").dropped == 1


def test_counts_agree_with_what_is_shown_when_hits_were_dropped(world: Any) -> None:
    Document.objects.filter(pk=world.document.pk).update(trashed=timezone.now())
    answer = find(viewer_for(world.editor_), "shelter")
    assert [item.ref for item in answer.items] == [world.article_ref]
    assert (answer.total, answer.results.total, answer.results.exact) == (1, 1, 1)
    assert [(v.value, v.count) for v in answer.results.facets["kind"]] == [("article", 1)]


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


def test_a_trashed_document(world: Any) -> None:
    services.trash_document(acting_user=world.editor_, document=world.document)
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


def test_an_end_brought_forward(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    world.page.expire_at = timezone.now() + timedelta(days=1)
    world.page.save()
    assert all(seen(world, world.article_ref).values())
    later = SimpleNamespace(now=lambda: timezone.now() + timedelta(days=2))
    monkeypatch.setattr("search.withholding.timezone", later)
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
    services.trash_document(acting_user=world.editor_, document=world.document)
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


def test_a_late_answer_is_judged_by_a_probe_while_others_go_on() -> None:
    asked, go_on = threading.Event(), threading.Event()

    def probe() -> None:
        asked.set()
        go_on.wait(5)

    gate = Breaker("x", probe, threshold=1, grace=5)
    late = threading.Thread(target=gate.doubted)
    late.start()
    assert asked.wait(5)
    assert gate.allows()
    go_on.set()
    late.join(5)
    assert gate.state.value == "closed"
    assert gate.allows()


def test_a_late_answer_opens_when_the_probe_gets_none_either() -> None:
    hung = threading.Event()
    gate = Breaker("x", lambda: hung.wait(5), threshold=1, grace=0.05)
    started = time.monotonic()
    gate.doubted()
    assert time.monotonic() - started < 1
    assert gate.state.value == "open"
    hung.set()
    until = time.monotonic() + 5
    while gate.state.value != "closed" and time.monotonic() < until:
        time.sleep(0.01)
    assert gate.state.value == "closed"


def test_many_late_answers_share_one_probe() -> None:
    probes, hung = [], threading.Event()

    def probe() -> None:
        probes.append(1)
        hung.wait(5)

    gate = Breaker("x", probe, threshold=1, grace=0.3, most_late=100)
    late = [threading.Thread(target=gate.doubted) for _ in range(10)]
    for thread in late:
        thread.start()
    for thread in late:
        thread.join(5)
    hung.set()
    assert (len(probes), gate.state) == (1, State.OPEN)


def test_late_answers_in_a_row_are_the_server_whatever_a_probe_finds() -> None:
    gate = Breaker("x", lambda: None, threshold=1, most_late=3, grace=5)
    for _ in range(2):
        gate.doubted()
        assert gate.state.value == "closed"
    gate.succeeded()
    for _ in range(2):
        gate.doubted()
        assert gate.state.value == "closed"
    gate.doubted()
    assert gate.state.value == "open"
