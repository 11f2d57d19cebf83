"""Whatever a search server does wrong is said as `SearchUnavailable`, and in time.

The servers here are sockets of this process: none is asked that the suite did not open.
"""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest

from search.engines.base import Access, Query, SearchUnavailable
from search.engines.elasticsearch import ElasticsearchEngine
from search.engines.elasticsearch.client import ASKING_SECONDS
from search.query import parse
from tests.search.contract import PUBLIC

GOOD: dict[str, Any] = {
    "timed_out": False,
    "hits": {"total": {"value": 0}, "hits": []},
    "aggregations": {"exact": {"doc_count": 0}},
}


class Fake(HTTPServer):
    """Answers every request alike, after a pause, and remembers them."""

    status = 200
    answer: Any = GOOD
    pause = 0.0
    asked: list[str]


class _Handler(BaseHTTPRequestHandler):
    server: Fake

    def do_POST(self) -> None:
        self.server.asked.append(self.path)
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        time.sleep(self.server.pause)
        answer = self.server.answer
        body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        self.send_response(self.server.status)
        self.send_header("X-Elastic-Product", "Elasticsearch")
        self.send_header("Content-Type", "application/vnd.elasticsearch+json;compatible-with=8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        """Say nothing."""


def _point_at(settings: Any, port: int) -> None:
    settings.ELASTICSEARCH = {**settings.ELASTICSEARCH, "url": f"http://127.0.0.1:{port}"}


@pytest.fixture
def server(settings: Any) -> Iterator[Fake]:
    fake = Fake(("127.0.0.1", 0), _Handler)
    fake.asked = []
    _point_at(settings, fake.server_port)
    thread = Thread(target=fake.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield fake
    fake.shutdown()
    thread.join()
    fake.server_close()


@pytest.fixture
def engine() -> ElasticsearchEngine:
    return ElasticsearchEngine()


def test_without_an_address_nothing_is_asked(engine: ElasticsearchEngine) -> None:
    with pytest.raises(SearchUnavailable):
        engine.search(Query(), PUBLIC)


def test_nobodys_labels_ask_nothing(engine: ElasticsearchEngine) -> None:
    assert engine.search(Query(), Access.for_labels(())).total == 0


def test_a_server_that_is_down_is_known_at_once(settings: Any, engine: ElasticsearchEngine) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        _point_at(settings, taken.getsockname()[1])
        started = time.monotonic()
        with pytest.raises(SearchUnavailable):
            engine.search(Query(), PUBLIC)
    assert time.monotonic() - started < 0.5


def test_a_server_that_hangs_costs_a_second(settings: Any, engine: ElasticsearchEngine) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        _point_at(settings, silent.getsockname()[1])
        started = time.monotonic()
        with pytest.raises(SearchUnavailable):
            engine.search(Query(), PUBLIC)
    assert time.monotonic() - started < ASKING_SECONDS + 0.5


def test_slow_answers_are_counted_together(server: Fake, engine: ElasticsearchEngine) -> None:
    server.pause = ASKING_SECONDS * 0.6
    started = time.monotonic()
    with pytest.raises(SearchUnavailable):
        engine.search(parse("one two three").query, PUBLIC)
    assert time.monotonic() - started < ASKING_SECONDS + 0.5


@pytest.mark.parametrize("status", [400, 401, 403, 404, 429, 500, 502, 503])
def test_every_refusal_is_trouble_and_no_empty_answer(
    server: Fake, engine: ElasticsearchEngine, status: int
) -> None:
    server.status, server.answer = status, {"error": {"type": "some_exception"}, "status": status}
    with pytest.raises(SearchUnavailable):
        engine.search(Query(), PUBLIC)
    assert len(server.asked) == 1


def test_an_answer_in_part_is_trouble(server: Fake, engine: ElasticsearchEngine) -> None:
    server.answer = {**GOOD, "timed_out": True}
    with pytest.raises(SearchUnavailable):
        engine.search(Query(), PUBLIC)
    assert "allow_partial_search_results=false" in server.asked[0]


def test_an_answer_that_is_none_is_trouble(server: Fake, engine: ElasticsearchEngine) -> None:
    server.answer = b'{"hits": '
    with pytest.raises(SearchUnavailable):
        engine.search(Query(), PUBLIC)


def test_strangers_and_members_ask_indices_of_their_own(
    server: Fake, engine: ElasticsearchEngine
) -> None:
    engine.search(parse("one two").query, PUBLIC)
    assert {path.split("?")[0] for path in server.asked} == {"/portal-public-read/_search"}
    server.asked.clear()
    engine.search(Query(), Access.for_labels({"org:1", "public"}))
    assert [path.split("?")[0] for path in server.asked] == ["/portal-all-read/_search"]
