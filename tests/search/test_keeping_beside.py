"""Two engines are fed side by side, and an index is built beside the live one."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO
from typing import Any
from unittest import mock

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError
from django.utils import timezone

from coalitions.documents.models import Document, DocumentPage
from search import engines, feeds, outbox, rebuilding, tasks
from search.analysing import Analysts
from search.keeping import bring_up_to_date, clock, look
from search.models import Entry, Feed, OutboxRow
from search.rebuilding import GateFailed, rebuild
from search.reconcile import compare
from tests import worlds
from tests.search import memory

pytestmark = pytest.mark.django_db
BESIDE = "elasticsearch"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> memory.Server:
    return memory.install(monkeypatch)


@pytest.fixture
def documents(server: memory.Server) -> list[Document]:
    owner = worlds.make_organisation("Owner")
    workspace = worlds.make_workspace(worlds.make_coalition(owner))
    made = [
        worlds.make_document(workspace, owner, title=f"Report {n}", pages=(f"alpha{n}",))
        for n in range(5)
    ]
    feeds.take_up()
    outbox.drain()
    rebuild(beside())
    return made


def beside() -> Any:
    return engines.beside()


def waiting(engine: str = BESIDE) -> int:
    return OutboxRow.objects.filter(engine=engine).count()


def ref(document: Document) -> str:
    return f"document:{document.uuid}"


def due_again() -> None:
    Feed.objects.update(paused_until=None)
    OutboxRow.objects.update(next_try=timezone.now())


# Two engines ------------------------------------------------------------------------------------
def test_trouble_beside_holds_nothing_up_and_loses_nothing(
    server: memory.Server, documents: list[Document]
) -> None:
    server.down = True
    Document.objects.update(title="Wombat")
    assert outbox.drain() == 5
    assert waiting("embedded") == 0
    assert waiting() == 5
    rows = OutboxRow.objects.all()
    assert {(r.attempts, r.set_aside, r.claim) for r in rows} == {(0, False, None)}
    assert feeds.is_paused(BESIDE)
    server.down = False
    assert outbox.drain() == 0
    due_again()
    assert outbox.drain() == 5
    assert waiting() == 0
    assert not compare(beside())


def test_pauses_grow_while_it_is_away(server: memory.Server, documents: list[Document]) -> None:
    server.down = True
    Document.objects.update(title="Wombat")
    lengths = []
    for _ in range(12):
        due_again()
        outbox.drain()
        until = Feed.objects.get(name=BESIDE).paused_until
        assert until is not None
        lengths.append(round((until - timezone.now()).total_seconds()))
    assert lengths[:5] == [2, 4, 8, 16, 32]
    assert lengths[-1] == 60
    assert OutboxRow.objects.filter(attempts__gt=0).count() == 0


def test_a_refused_record_fails_alone_and_is_set_aside(
    server: memory.Server, documents: list[Document]
) -> None:
    server.refuses = {ref(documents[2])}
    Document.objects.update(title="Wombat")
    for attempt in range(1, 11):
        due_again()
        outbox.drain()
        row = OutboxRow.objects.get()
        assert (row.key, row.attempts) == (str(documents[2].uuid), attempt)
    assert (row.failure, row.set_aside) == ("Refused", True)
    assert [d.ref for d in server.live.values() if "wombat" in d.title]  # type: ignore[union-attr]
    server.refuses = set()
    Document.objects.filter(pk=documents[2].pk).update(title="Wombats")
    outbox.drain()
    assert waiting() == 0
    assert not compare(beside())


def test_a_database_in_trouble_is_nobodys_failure(documents: list[Document]) -> None:
    Document.objects.update(title="Wombat")
    with mock.patch("search.outbox.carry_out", side_effect=OperationalError("locked")):
        assert outbox.drain() == 0
    assert OutboxRow.objects.filter(attempts=0, claim=None).count() == 10
    due_again()
    assert outbox.drain() == 10


def test_changes_go_in_batches(server: memory.Server, documents: list[Document]) -> None:
    server.written.clear()
    Document.objects.update(title="Wombat")
    outbox.drain(only=BESIDE)
    assert server.written == [5]


def test_much_text_is_written_in_smaller_batches(
    server: memory.Server, documents: list[Document], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "BATCH_CHARACTERS", 10)
    server.written.clear()
    Document.objects.update(title="Wombat")
    outbox.drain(only=BESIDE)
    assert server.written == [2, 2, 1]


def test_two_workers_are_never_at_one_object(documents: list[Document]) -> None:
    Document.objects.update(title="Wombat")
    first = outbox._claim("embedded")
    assert first is not None
    assert len(first.things) == 5
    assert outbox._claim("embedded") is None
    assert outbox._claim(BESIDE) is not None
    OutboxRow.objects.update(claimed=timezone.now() - outbox.LEASE)
    second = outbox._claim("embedded")
    assert second is not None
    # The first one wakes up again: what it holds is no longer its own.
    plans = list(look(engines.embedded(), list(first.things)))
    with pytest.raises(outbox.Overtaken):
        outbox._write(engines.embedded(), first, plans)
    assert outbox._write(engines.embedded(), second, plans) == 5


def test_sight_lost_while_the_worker_reads_is_not_given_back(documents: list[Document]) -> None:
    document = documents[0]
    Document.objects.filter(pk=document.pk).update(title="Wombat")

    def meanwhile(*args: Any, **options: Any) -> Any:
        plans = list(look(*args, **options))
        present = Document.objects.filter(pk=document.pk, trashed=None)
        present.update(trashed=timezone.now())
        return iter(plans)

    with mock.patch("search.outbox.look", meanwhile):
        outbox.drain(only="embedded")
    held = engines.embedded().held([ref(document)])
    assert "wombat" not in str(held)
    due_again()
    outbox.drain(only="embedded")
    assert engines.embedded().held([ref(document)]) == {}


def test_a_clock_that_was_set_back_keeps_nothing_out(documents: list[Document]) -> None:
    document = documents[0]
    Document.objects.filter(pk=document.pk).update(title="Wombat", trashed=None)
    with mock.patch("search.keeping.clock", return_value=clock() - 10**9):
        outbox.drain()
    for engine in engines.engines():
        assert not compare(engine)


def test_an_update_that_reads_text_differently(documents: list[Document]) -> None:
    tasks.drain_outbox()
    Entry.objects.update(analyser=1)
    Feed.objects.update(analyser=1)
    with mock.patch("search.tasks.build_beside.delay") as asked:
        tasks.drain_outbox()
    assert asked.called
    assert not compare()
    assert waiting() == 0
    with mock.patch("search.outbox.objects", side_effect=AssertionError):
        tasks.drain_outbox()


def test_an_engine_that_is_gone_is_fed_no_longer(
    documents: list[Document], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "beside", lambda: None)
    tasks.drain_outbox()
    Document.objects.update(title="Wombat")
    assert set(OutboxRow.objects.values_list("engine", flat=True)) == {"embedded"}
    assert set(Feed.objects.values_list("name", flat=True)) == {"embedded"}


# Building beside --------------------------------------------------------------------------------
def test_an_index_that_vanished_is_noticed_and_built_again(
    server: memory.Server, documents: list[Document]
) -> None:
    server.live = None
    Document.objects.filter(pk=documents[0].pk).update(title="Wombat")
    outbox.drain()
    assert not feeds.is_built(BESIDE)
    assert waiting() == 1
    due_again()
    assert outbox.drain() == 0
    assert waiting() == 1
    rebuild(beside())
    assert waiting() == 0
    assert not compare(beside())


def test_a_worker_asks_for_the_index_that_is_missing(
    server: memory.Server, documents: list[Document]
) -> None:
    server.live = None
    with mock.patch("search.tasks.build_beside.delay") as asked:
        tasks.feed_beside()
        assert asked.call_count == 1
        Feed.objects.filter(name=BESIDE).update(rebuilding=timezone.now())
        tasks.feed_beside()
        assert asked.call_count == 1
        Feed.objects.filter(name=BESIDE).update(rebuilding=timezone.now() - timedelta(minutes=6))
        tasks.feed_beside()
        assert asked.call_count == 2


def test_changes_during_the_build_are_in_the_new_index(
    server: memory.Server, documents: list[Document], monkeypatch: pytest.MonkeyPatch
) -> None:
    old = server.live
    fill = rebuilding._fill

    def meanwhile(*args: Any) -> None:
        fill(*args)
        # Written to the live index while the other is being built: one change, one eviction.
        Document.objects.filter(pk=documents[0].pk).update(title="Wombat")
        Document.objects.filter(pk=documents[1].pk).update(trashed=timezone.now())
        outbox.drain()
        # And one that still waits.
        Document.objects.filter(pk=documents[2].pk).update(title="Quokka")

    monkeypatch.setattr(rebuilding, "_fill", meanwhile)
    rebuild(beside())
    assert server.live is not old
    assert not compare(beside())
    assert waiting() == 0
    assert ref(documents[1]) not in beside().held()


def test_no_worker_writes_during_the_swap(
    server: memory.Server, documents: list[Document], monkeypatch: pytest.MonkeyPatch
) -> None:
    adopt = memory.MemoryEngine.adopt

    def meanwhile(live: Any, new: Any) -> None:
        Document.objects.filter(pk=documents[0].pk).update(title="Wombat")
        outbox.drain()
        assert waiting() == 1
        adopt(live, new)

    monkeypatch.setattr(memory.MemoryEngine, "adopt", meanwhile)
    rebuild(beside())
    assert waiting() == 0
    assert not compare(beside())


def test_a_failing_gate_leaves_the_live_index_alone(
    server: memory.Server, documents: list[Document]
) -> None:
    old = server.live
    built = Feed.objects.get(name=BESIDE).built
    server.loses = {ref(documents[3])}
    with pytest.raises(GateFailed, match="1 missing"):
        rebuild(beside())
    assert server.live is old
    feed = Feed.objects.get(name=BESIDE)
    assert (feed.built, feed.rebuilding) == (built, None)
    with pytest.raises(CommandError, match=r"1 missing.*goes on answering"):
        call_command("search_rebuild", "--engine", BESIDE, stdout=StringIO())


def test_a_record_that_is_refused_does_not_stop_a_build(
    server: memory.Server, documents: list[Document]
) -> None:
    server.refuses = {ref(documents[3])}
    rebuild(beside())
    assert len(beside().held()) == beside().count() == 5
    row = OutboxRow.objects.get(engine=BESIDE)
    assert (row.key, row.failure) == (str(documents[3].uuid), "Refused")


def test_a_build_without_a_server_says_so(server: memory.Server, documents: list[Document]) -> None:
    server.down = True
    with pytest.raises(CommandError, match="was not built"):
        call_command("search_rebuild", "--engine", BESIDE, stdout=StringIO())
    with pytest.raises(CommandError, match="has no search engine 'other'"):
        call_command("search_rebuild", "--engine", "other", stdout=StringIO())


def test_two_builds_do_not_run_at_once(documents: list[Document]) -> None:
    Feed.objects.filter(name=BESIDE).update(rebuilding=timezone.now())
    with pytest.raises(CommandError, match="already"):
        call_command("search_rebuild", "--engine", BESIDE, stdout=StringIO())


def test_processes_analyse_as_one_does(documents: list[Document]) -> None:
    things = [("document", str(document.uuid)) for document in documents]

    def prepared() -> list[list[Any]]:
        return [[made] for made in look(engines.embedded(), things, force=True)]

    with Analysts(2) as analysts:
        together = list(analysts.analysed(prepared()))
    with Analysts(1) as alone:
        for many, one in zip(together, alone.analysed(prepared()), strict=True):
            one[0].analyse()
            ours, theirs = one[0].steps[0].doc, many[0].steps[0].doc
            assert theirs is not None
            assert (ours.ref, list(ours.title), list(ours.pages[0].body)) == (
                theirs.ref,
                list(theirs.title),
                list(theirs.pages[0].body),
            )


# Comparing --------------------------------------------------------------------------------------
def test_each_engine_is_compared_and_repaired(
    server: memory.Server, documents: list[Document]
) -> None:
    assert server.live is not None
    OutboxRow.objects.all().delete()
    server.live.pop(ref(documents[0]))
    DocumentPage.objects.filter(text="alpha1").update(text="gamma")
    OutboxRow.objects.all().delete()
    bring_up_to_date("document", str(documents[1].uuid))
    out = StringIO()
    with pytest.raises(CommandError, match="Different: elasticsearch"):
        call_command("search_verify", stdout=out)
    assert "embedded: 6 records compared; 0 missing" in out.getvalue()
    assert "elasticsearch: 6 records compared; 1 missing, 1 with old text" in out.getvalue()
    assert Feed.objects.get(name=BESIDE).drift["missing"] == 1
    tasks.verify_index()
    call_command("search_verify", stdout=StringIO())
    assert not any(Feed.objects.get(name=BESIDE).drift.values())


def test_the_night_passes_when_the_server_is_away(
    server: memory.Server, documents: list[Document]
) -> None:
    server.down = True
    tasks.verify_index()
    assert Feed.objects.get(name="embedded").verified is not None
    assert Feed.objects.get(name=BESIDE).verified is None
