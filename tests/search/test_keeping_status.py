"""Operators see how search stands; nobody else does; and nobody sees what is in it."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from coalitions.documents.models import Document
from coalitions.language import ANALYSER_VERSION
from portal.accounts.models import User
from portal.home import health
from search import engines, feeds, outbox
from search.asking import breaker
from search.models import Feed, OutboxRow
from search.rebuilding import rebuild
from search.reconcile import compare, record
from search.status import _ago
from tests import worlds
from tests.search import memory

pytestmark = pytest.mark.django_db
TOKEN = "an-operators-token-for-tests"
TITLE = "Wombat handbook"


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch, settings: Any) -> memory.Server:
    settings.OPERATOR_TOKEN = TOKEN
    breaker().reset()
    server = memory.install(monkeypatch)
    owner = worlds.make_organisation()
    workspace = worlds.make_workspace(worlds.make_coalition(owner))
    worlds.make_document(workspace, owner, title=TITLE, pages=("alpha",))
    feeds.take_up()
    outbox.drain()
    beside: Any = engines.beside()
    rebuild(beside)
    return server


def told(*arguments: str) -> str:
    out = StringIO()
    call_command("search_status", *arguments, stdout=out)
    return out.getvalue()


def of(engine: str) -> dict[str, Any]:
    (found,) = [e for e in json.loads(told("--json"))["engines"] if e["name"] == engine]
    return dict(found)


def metrics(client: Client) -> dict[tuple[str, str], float]:
    answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/plain")
    return {
        (sample.name.removeprefix("portal_search_"), sample.labels.get("engine", "")): sample.value
        for family in text_string_to_metric_families(answer.content.decode())
        for sample in family.samples
    }


def test_all_is_well(world: memory.Server, client: Client) -> None:
    now = json.loads(told("--json"))
    assert (now["answers"], now["breaker"], now["withheld"]) == ("elasticsearch", "closed", 0)
    assert now["analyser"] == ANALYSER_VERSION
    assert [e["name"] for e in now["engines"]] == ["embedded", "elasticsearch"]
    assert of("elasticsearch")["current"] is True
    found = metrics(client)
    assert found["answers", "elasticsearch"] == 1
    assert found["answers", "embedded"] == 0
    assert found["waiting", "elasticsearch"] == found["breaker_open", ""] == 0
    assert found["analyser_version", "elasticsearch"] == ANALYSER_VERSION
    assert found["verified_seconds", "elasticsearch"] == -1


def test_what_waits_differs_and_failed_is_counted(world: memory.Server, client: Client) -> None:
    Document.objects.update(title="Other")
    OutboxRow.objects.filter(engine="embedded").update(set_aside=True)
    waiting = OutboxRow.objects.filter(engine="elasticsearch")
    waiting.update(created=timezone.now() - timedelta(seconds=90))
    for engine in engines.engines():
        record(engine, compare(engine))
    feeds.count_dropped("elasticsearch", 3)
    feeds.pause("elasticsearch")
    found = metrics(client)
    assert found["set_aside", "embedded"] == 1
    assert found["waiting", "embedded"] == 0
    assert found["waiting", "elasticsearch"] == 1
    assert 90 <= found["oldest_seconds", "elasticsearch"] < 200
    assert found["drift_records", "elasticsearch"] == found["drift_records", "embedded"] == 1
    assert found["dropped_hits", "elasticsearch"] == 3
    assert found["paused", "elasticsearch"] == 1
    assert found["current", "elasticsearch"] == 0
    text = told()
    assert "Differences found then: 1 with old text" in text
    assert "Paused after trouble, or held by a rebuild: yes" in text
    assert "Set aside after ten failures: 1" in text


def test_an_engine_that_is_away_is_said(world: memory.Server, client: Client) -> None:
    world.down = True
    checks = detail(client)
    assert checks["search_engine"]["ok"] is False
    assert checks["search_engine"]["detail"] == "EmbeddedStandsIn"
    detail(client)
    assert metrics(client)["breaker_open", ""] == 1
    assert json.loads(told("--json"))["answers"] == "embedded"


def detail(client: Client) -> Any:
    health.forget()
    return client.get("/readyz", headers={"Authorization": f"Bearer {TOKEN}"}).json()["checks"]


def test_readiness_explains_each_engine(world: memory.Server, client: Client) -> None:
    checks = detail(client)
    assert checks["search_engine"]["detail"].startswith("elasticsearch, analyser ")
    assert "elasticsearch: 0 waiting, oldest 0 s, 0 set aside" in checks["outbox"]["detail"]
    assert "embedded: 0 differ, 0 hits dropped, never compared" in checks["search_drift"]["detail"]


def test_nothing_tells_what_is_indexed(world: memory.Server, client: Client) -> None:
    Document.objects.update(title=TITLE + "!")
    document = Document.objects.get()
    answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    for text in (told(), told("--json"), answer.content.decode(), str(detail(client))):
        assert "ombat" not in text
        assert str(document.uuid) not in text
        assert document.reference not in text


def asked(client: Client, **options: Any) -> int:
    """The status at the end, as of any address: what is missing is looked for in a language."""
    assert client.get("/nothing", **options)["Location"] == "/en/nothing/"
    return int(client.get("/metrics", follow=True, **options).status_code)


def test_metrics_are_for_operators(world: memory.Server, client: Client, settings: Any) -> None:
    assert asked(client) == 404
    assert asked(client, headers={"Authorization": "Bearer wrong"}) == 404
    assert client.post("/metrics").status_code == 405
    user = User.objects.create_user("op@example.org", "long enough", name="Op")
    client.force_login(user)
    assert asked(client, REMOTE_ADDR="127.0.0.1") == 404
    user.is_superuser = True
    user.save()
    assert asked(client, REMOTE_ADDR="127.0.0.1") == 200
    assert asked(client, REMOTE_ADDR="192.0.2.7") == 404
    settings.OPERATOR_TOKEN = ""
    client.logout()
    assert asked(client, headers={"Authorization": "Bearer "}) == 404


def test_an_installation_without_a_server_has_one_engine(client: Client, settings: Any) -> None:
    settings.OPERATOR_TOKEN = TOKEN
    now = json.loads(told("--json"))
    assert (now["answers"], len(now["engines"])) == ("embedded", 1)
    assert metrics(client)["answers", "embedded"] == 1
    assert not Feed.objects.filter(name="elasticsearch").exists()


def test_people_read_names_and_not_identifiers(world: memory.Server) -> None:
    text = told()
    assert "Answered by: Elasticsearch\n" in text
    assert "Elasticsearch (--engine elasticsearch)\n" in text
    assert "The index in the database (--engine embedded)\n" in text
    assert "Changes that wait: 0, of which 0 failed before" in text
    assert "Compared with the database: never" in text
    assert "_" not in text


def test_ages_are_said_in_units() -> None:
    said = [_ago(seconds) for seconds in (None, 0, 119, 120, 7_200, 200_000)]
    assert said == [
        "never",
        "0 seconds ago",
        "119 seconds ago",
        "2 minutes ago",
        "2 hours ago",
        "2 days ago",
    ]


def test_what_failed_and_is_tried_again_is_counted(world: memory.Server) -> None:
    OutboxRow.objects.create(kind="document", key="x", attempts=3)
    OutboxRow.objects.create(kind="document", key="y")
    assert (of("embedded")["waiting"], of("embedded")["retrying"]) == (2, 1)
    assert "Changes that wait: 2, of which 1 failed before" in told()


def test_a_rebuild_of_the_index_in_the_database_is_dated(world: memory.Server) -> None:
    assert of("embedded")["built"] is None
    before = timezone.now()
    rebuild(engines.embedded())
    built = datetime.fromisoformat(of("embedded")["built"])
    assert before <= built <= timezone.now()
    assert f"Last rebuilt: {built:%Y-%m-%d %H:%M} UTC" in told()
