"""A real search server killed, frozen, cut off, emptied, half built and locked.

Each time: what is saved is saved; the embedded engine answers within two seconds with the same
permissions, and the answer says so; later questions are fast; and the server is asked again by
itself, with everything that changed meanwhile.
"""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.test import Client
from django.utils import timezone

from coalitions.documents import services
from coalitions.documents.models import Document
from coalitions.network.viewers import viewer_for
from search import engines, feeds, outbox, tasks
from search.asking import Answered, ask, breaker
from search.engines.base import Access
from search.models import Feed, OutboxRow, Withheld
from search.query import parse
from search.rebuilding import rebuild
from search.reconcile import compare
from tests import worlds
from tests.services.elasticsearch_node import Node, Proxy, is_installed
from tests.template_database import copy_for_worker

pytestmark = [
    pytest.mark.services,
    pytest.mark.skipif(not is_installed(), reason=".ci/services/start has not run here as root"),
]
BESIDE = "elasticsearch"
LIMIT_S = 2.0
FAST_S = 0.8


@pytest.fixture(scope="module")
def node() -> Iterator[Node]:
    made = Node()
    try:
        made.start()
        yield made
    finally:
        made.stop()


def use(settings: Any, url: str) -> None:
    settings.ELASTICSEARCH = {
        **settings.ELASTICSEARCH,
        "url": url,
        "prefix": f"faults-{secrets.token_hex(4)}",
    }


def make_world() -> SimpleNamespace:
    breaker().reset()
    owner, other = worlds.make_organisation("Owner"), worlds.make_organisation("Other")
    workspace = worlds.make_workspace(worlds.make_coalition(owner, other))
    editor = worlds.make_person(owner, "editor")
    worlds.join(workspace, editor, owner, "contributor")
    shared, own = (
        worlds.make_document(
            workspace, owner, by=editor, title="Shelter", rung=rung, pages=("alpha beta",)
        )
        for rung in ("coalition", "organisation")
    )
    outbox.drain(only="embedded")
    rebuild(beside())
    return SimpleNamespace(
        owner=owner,
        workspace=workspace,
        editor=editor,
        shared=shared,
        own=own,
        mine=Access.for_labels(viewer_for(editor).labels),
        theirs=Access.for_labels(viewer_for(worlds.make_person(other)).labels),
    )


@pytest.fixture
def world(node: Node, settings: Any, db: None) -> Iterator[SimpleNamespace]:
    use(settings, node.url)
    made = make_world()
    settled(made.mine)
    yield made
    breaker().reset()
    settings.ELASTICSEARCH = {**settings.ELASTICSEARCH, "url": node.url}
    try:
        beside().drop()
    except Exception:  # whatever state a failed test left the server in
        node.wait()


def beside() -> Any:
    return engines.beside()


def asked(access: Access, text: str = "shelter") -> tuple[set[str], Answered, float]:
    started = time.monotonic()
    answered = ask(parse(text).query, access)
    return {hit.ref for hit in answered.results.hits}, answered, time.monotonic() - started


def settled(access: Access, seconds: float = 60.0) -> tuple[set[str], Answered, float]:
    """The server's own answer, after it has warmed up and the breaker has noticed."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        found = asked(access)
        if found[1].complete:
            return found
        time.sleep(0.2)
    raise AssertionError("the server does not answer")


def ref(document: Document) -> str:
    return f"document:{document.uuid}"


def saved(world: SimpleNamespace) -> Document:
    """A change that takes sight away, and a new document: both must be saved whatever happens."""
    services.trash_document(acting_user=world.editor, document=world.own)
    return worlds.make_document(
        world.workspace,
        world.owner,
        by=world.editor,
        title="Shelter again",
        rung="coalition",
        pages=("gamma",),
    )


def stands_in(world: SimpleNamespace, *, questions: int = 6) -> list[float]:
    """The embedded engine answers in time, to each what they may see; returns how long it took."""
    taken = []
    for _ in range(questions):
        for access in (world.mine, world.theirs):
            refs, answered, seconds = asked(access)
            taken.append(seconds)
            assert seconds < LIMIT_S
            assert (answered.engine_name, answered.complete) == ("embedded", False)
            assert ref(world.shared) in refs
            assert answered.results.total == len(refs)
            assert (ref(world.own) in refs) is (access is world.mine and world.own.trashed is None)
    assert max(taken[1:]) < FAST_S
    return taken


def comes_back(seconds: float = 60.0) -> float:
    """The server is asked again without anybody's doing; returns after how long."""
    started = time.monotonic()
    while time.monotonic() - started < seconds:
        outbox.drain()
        _, answered, taken = asked(Access.for_labels({"public"}))
        assert taken < LIMIT_S
        if answered.complete:
            return time.monotonic() - started
        time.sleep(0.2)
    raise AssertionError("the server was not asked again")


def caught_up(world: SimpleNamespace, new: Document) -> None:
    comes_back()
    drained()
    refs, answered, _ = settled(world.theirs)
    assert answered.engine_name == BESIDE
    assert refs == {ref(world.shared), ref(new)}
    assert not Withheld.objects.exists()
    assert not compare(beside())


def drained(seconds: float = 60.0) -> None:
    until = time.monotonic() + seconds
    while OutboxRow.objects.exists() and time.monotonic() < until:
        outbox.drain()
        time.sleep(0.1)
    assert not OutboxRow.objects.exists()


# The server -----------------------------------------------------------------------------------
def test_it_answers_at_all(world: SimpleNamespace) -> None:
    refs, answered, _ = settled(world.theirs)
    assert (answered.engine_name, answered.complete) == (BESIDE, True)
    assert refs == {ref(world.shared)}


def test_killed(world: SimpleNamespace, node: Node) -> None:
    node.kill()
    try:
        stands_in(world)
        new = saved(world)
        outbox.drain()
        assert OutboxRow.objects.filter(engine="embedded").count() == 0
        assert OutboxRow.objects.filter(engine=BESIDE, attempts=0).exists()
        stands_in(world)
    finally:
        node.start()
    caught_up(world, new)


def test_frozen(world: SimpleNamespace, node: Node) -> None:
    node.freeze()
    try:
        new = saved(world)
        outbox.drain(only="embedded")
        taken = stands_in(world)
        # One reader waited for the server's second; nobody else did.
        assert sum(seconds > 1 for seconds in taken) <= 1
    finally:
        node.thaw()
    caught_up(world, new)


def test_frozen_before_the_pages_of_a_reader(world: SimpleNamespace, node: Node) -> None:
    client = Client()
    client.force_login(world.editor)
    assert client.get("/en/search/", {"q": "shelter"}).status_code == 200
    settled(world.mine)
    node.freeze()
    try:
        for _ in range(3):
            started = time.monotonic()
            page = client.get("/en/search/", {"q": "shelter"})
            assert page.status_code == 200
            assert time.monotonic() - started < LIMIT_S
            assert world.shared.title in page.content.decode()
    finally:
        node.thaw()
    comes_back()


@pytest.mark.parametrize("mode", ["reset", "half"])
def test_behind_a_way_that_breaks(
    world: SimpleNamespace, node: Node, settings: Any, mode: str
) -> None:
    way = Proxy(node.port)
    settings.ELASTICSEARCH = {**settings.ELASTICSEARCH, "url": way.url}
    try:
        settled(world.mine)
        way.break_now(mode)
        new = saved(world)
        stands_in(world)
        way.break_now("pass")
        caught_up(world, new)
    finally:
        way.stop()


# Its indices ----------------------------------------------------------------------------------
def test_deleted(world: SimpleNamespace, node: Node) -> None:
    for side in beside().state()["sides"].values():
        node.call("DELETE", "/" + side["indices"][0])
    stands_in(world)
    new = saved(world)
    outbox.drain()
    assert not feeds.is_built(BESIDE)
    assert OutboxRow.objects.filter(engine=BESIDE).exists()
    stands_in(world)
    rebuild(beside())
    caught_up(world, new)


def test_closed(world: SimpleNamespace, node: Node) -> None:
    names = [side["indices"][0] for side in beside().state()["sides"].values()]
    for name in names:
        node.call("POST", f"/{name}/_close")
    new = saved(world)
    stands_in(world)
    for name in names:
        node.call("POST", f"/{name}/_open")
    caught_up(world, new)


def test_read_only(world: SimpleNamespace, node: Node) -> None:
    name = beside().state()["sides"]["all"]["indices"][0]
    node.call("PUT", f"/{name}/_settings", '{"index.blocks.write": true}')
    services.trash_document(acting_user=world.editor, document=world.own)
    # Still asked, but what was taken away is withheld from everybody.
    refs, answered, _ = settled(world.mine)
    assert (refs, answered.engine_name) == ({ref(world.shared)}, BESIDE)
    outbox.drain()
    assert feeds.is_paused(BESIDE)
    stands_in(world)
    node.call("PUT", f"/{name}/_settings", '{"index.blocks.write": false}')
    Feed.objects.update(paused_until=None)
    comes_back()
    assert not compare(beside())


def test_half_built(world: SimpleNamespace, node: Node) -> None:
    """What a building left behind that was killed is not asked, and the next one sweeps it."""
    left = beside().beside()
    left.index([])
    assert settled(world.mine)[1].engine_name == BESIDE
    rebuild(beside())
    assert "beside" not in node.call("GET", "/_cat/aliases")
    refs, answered, _ = settled(world.mine)
    assert (answered.engine_name, len(refs)) == (BESIDE, 2)


# Building while it is asked and fed ---------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_a_rebuild_stops_nobody_and_loses_nothing(
    node: Node, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    use(settings, node.url)
    world = make_world()
    many = [
        worlds.make_document(
            world.workspace, world.owner, title=f"Shelter {n}", pages=("x " * 300,)
        )
        for n in range(60)
    ]
    drained()
    stop, problems, counts = threading.Event(), [], {"asked": 0, "beside": 0, "written": 0}

    def repeatedly(act: Callable[[], None]) -> threading.Thread:
        def run() -> None:
            try:
                while not stop.is_set():
                    act()
            except BaseException as error:
                problems.append(repr(error))
            finally:
                connection.close()

        thread = threading.Thread(target=run)
        thread.start()
        return thread

    def search() -> None:
        _, answered, seconds = asked(world.mine)
        counts["asked"] += 1
        counts["beside"] += answered.engine_name == BESIDE
        if seconds > LIMIT_S or not answered.results.total:
            problems.append(f"{answered.engine_name} in {seconds:.1f} s")
        time.sleep(0.02)

    def write() -> None:
        document = many[counts["written"] % len(many)]
        counts["written"] += 1
        if counts["written"] % 7 == 0:
            Document.objects.filter(pk=document.pk).update(trashed=timezone.now())
        else:
            Document.objects.filter(pk=document.pk).update(
                title=f"Changed {counts['written']}", trashed=None
            )
        time.sleep(0.1)

    def feed() -> None:
        tasks.drain_outbox()
        time.sleep(0.05)

    before = beside().state()["sides"]["all"]["indices"]
    threads = [repeatedly(act) for act in (search, write, feed)]
    try:
        for _ in range(2):
            rebuild(beside(), jobs=1)
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert problems == []
    assert min(counts.values()) > 20
    # A busy machine may be late now and then; an index that is not there is never met.
    assert counts["beside"] > counts["asked"] / 2
    assert "Elasticsearch answered" not in caplog.text
    drained()
    assert beside().state()["sides"]["all"]["indices"] != before
    assert not compare(beside())
    assert not compare(engines.embedded())
    beside().drop()


# kill -9 of the worker --------------------------------------------------------------------------
def test_a_killed_worker_loses_nothing(node: Node, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.services.search_crash_driver", node.url],
        cwd=django_settings.BASE_DIR,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "portal.settings.test",
            "PORTAL_VAR": str(tmp_path),
            "DATABASE_URL": f"sqlite:///{copy_for_worker('search-crashes')}",
        },
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    outcomes = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    assert len(outcomes) == 6
    for outcome in outcomes:
        assert outcome["killed"], outcome
        assert outcome["problems"] == [], outcome
