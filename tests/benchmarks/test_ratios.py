"""Pages beside the plainest view that does the same work: queries, and the ratio of their times.

Times are printed and never asserted: a busy machine proves nothing. Queries have an upper bound;
whoever raises one says why.
"""

import sys
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client

from tests.api.asking import token_for
from tests.benchmarks.measuring import Measured, asking, compare, handlers, table
from tests.benchmarks.scene import FOUND, QUESTION, build

pytestmark = [pytest.mark.benchmark, pytest.mark.django_db]
SCOPES = ("read:network", "read:coalition", "read:organisation")
# Upper bounds of queries, those for the session, the person and their sight included.
MOST = {
    # One of them reads the workspace's folders.
    "documents of a workspace": 18,
    "article": 26,
    "API: 50 documents": 9,
    "API: one document": 9,
    "search": 14,
}


@pytest.fixture
def _open_database() -> Iterator[None]:
    """Keep the connection, which holds the test's transaction, over the end of a request."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.usefixtures("_open_database")
def test_ratios() -> None:
    cache.clear()
    scene = build()
    client = Client()
    client.force_login(scene.member)
    cookie = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={client.cookies['sessionid'].value}"}
    _token, bearer = token_for(scene.owner, *SCOPES)
    portal, bare = handlers()
    documents = f"/workspaces/{scene.workspace.uuid}/documents/"

    searching = asking(portal, f"/en/search/?q={QUESTION}", cookie)
    searching_plainly = asking(bare, f"/search/?q={QUESTION}")
    for ask in (searching, searching_plainly):
        assert f"{FOUND} results" in ask().decode()

    def against(name: str, address: str, plain: str, headers: dict[str, str]) -> Measured:
        return compare(name, asking(portal, address, headers), asking(bare, plain))

    rows = [
        against("documents of a workspace", f"/en{documents}", documents, cookie),
        against(
            "article", f"/en/knowledge/{scene.article}/", f"/articles/{scene.article}/", cookie
        ),
        against("API: 50 documents", "/api/v1/documents/?limit=50", "/documents/", bearer),
        against(
            "API: one document",
            f"/api/v1/documents/{scene.document}/",
            f"/documents/{scene.document}/",
            bearer,
        ),
        compare("search", searching, searching_plainly),
    ]
    sys.stdout.write(f"\n\n{table(rows)}\n")
    assert [row.name for row in rows if row.queries > MOST[row.name]] == []
