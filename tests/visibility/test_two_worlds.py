"""Two worlds, with and without the hidden things: what can a viewer tell them apart by?

A stranger must receive the same bytes; a signed-in person who may not see the hidden things gets
the same sets, totals, facets and suggestions.
"""

import re
from typing import Any

import pytest
from django.core.cache import cache
from django.db import transaction

from tests import worlds
from tests.documents.pages import body_of
from tests.visibility.routes import ADDRESSES
from tests.visibility.scene import COMMON, Asker, Scene

pytestmark = pytest.mark.django_db

# What differs between any two requests or any two databases, and tells nothing: tokens, nonces,
# random references, uuids, and the canaries' own numbers.
NOISE = [
    rb'name="csrfmiddlewaretoken" value="[^"]+"',
    rb'nonce="[^"]+"',
    rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
    rb"\b[DKW]-[0-9A-Z]{4,6}\b",
    rb"qx[a-z]{12}qj",
    rb"organisation-\d+",
    rb"coalition-\d+",
    rb'"?[0-9a-f]{32,64}"?',
    rb"\d\d:\d\d(:\d\d)?(\.\d+)?(Z|\+00:00)?",
]


MISSPELT = "kestrle"
COMPARED = ("Location", "Cache-Control", "ETag", "Last-Modified", "Content-Type", "Vary", "Allow")


def settled(body: bytes) -> bytes:
    for pattern in NOISE:
        body = re.sub(pattern, b"~", body, flags=re.IGNORECASE)
    return body


def answers(scene: Scene, asker: Asker) -> dict[str, tuple[int, bytes]]:
    """Return status and settled bytes of every address, under the route's name and place."""
    found: dict[str, tuple[int, bytes]] = {}
    for route, addresses in ADDRESSES.items():
        for place, address in enumerate(addresses(scene)):
            response = asker.client.get(address, headers=asker.headers)
            body = body_of(response)
            head = "\n".join(
                f"{key}: {response[key]}" for key in COMPARED if key in response
            ).encode()
            found[f"{route} {place}"] = (response.status_code, settled(head + body))
    return found


def world(name: str, *, hidden: bool) -> dict[str, tuple[int, bytes]]:
    """Return the answers for the asker called `name`, in a world of its own."""
    cache.clear()
    with transaction.atomic():
        worlds.restart()
        scene = Scene(hidden=hidden)
        found = answers(scene, scene.asker(name))
        transaction.set_rollback(True)
    return found


@pytest.mark.parametrize("name", ["anonymous", "revoked token", "suspended organisation"])
def test_the_same_bytes(name: str) -> None:
    with_hidden, without = world(name, hidden=True), world(name, hidden=False)
    different = [route for route in without if with_hidden[route] != without[route]]
    assert not different, f"{name} can tell the worlds apart by {different}"


def unordered(body: bytes) -> list[bytes]:
    """Return the lines in alphabetical order: sets are compared, not the order of hits."""
    return sorted(settled(body).splitlines())


def facts_of(scene: Scene, asker: Asker) -> dict[str, Any]:
    """Return sets, totals and facets as the API and the pages give them."""
    api = asker.client.get(f"/api/v1/search/?q={COMMON}", headers=asker.headers).json()
    page = asker.client.get(f"/en/search/?q={COMMON}").content
    listed = asker.client.get("/api/v1/documents/", headers=asker.headers).json()
    words = asker.client.get("/api/v1/articles/", headers=asker.headers).json()
    directory = asker.client.get("/en/organisations/").content
    return {
        "hits": sorted(settled(repr(hit).encode()) for hit in api.pop("results")),
        "totals and facets": settled(repr(api).encode()),
        "page": unordered(page),
        "suggestions": unordered(asker.client.get(f"/en/search/suggest/?q={COMMON[:4]}").content),
        "spelling": unordered(asker.client.get(f"/en/search/?q={MISSPELT}").content),
        "documents": settled(repr(listed).encode()),
        "articles": sorted(settled(repr(article).encode()) for article in words["results"]),
        "directory": settled(directory),
        "home": settled(asker.client.get("/en/").content),
        "list": settled(asker.client.get("/en/knowledge/").content),
    }


@pytest.mark.parametrize(
    "name", ["other organisation", "other organisation's token", "staff", "ended affiliation"]
)
def test_the_same_sets_totals_and_facets(name: str) -> None:
    facts = []
    for hidden in (True, False):
        cache.clear()
        with transaction.atomic():
            worlds.restart()
            scene = Scene(hidden=hidden, network_article=name.startswith("other"))
            facts.append(facts_of(scene, scene.asker(name)))
            transaction.set_rollback(True)
    for key, value in facts[0].items():
        assert value == facts[1][key], f"{name} can tell the worlds apart by {key}"
