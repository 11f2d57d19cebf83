"""Wagtail's own screens: closed to everybody without the right, and empty of workspaces.

Every admin address without parameters is asked. Staff see articles by page permissions there, and
never a workspace, a document or what is said in them.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import URLResolver, get_resolver

from tests.documents.pages import body_of
from tests.visibility.scene import Asker, Scene
from tests.visibility.test_matrix import allowed
from tests.visibility.words import canaries_in

pytestmark = pytest.mark.django_db
# The admin's own scripts and pictures: code, the same for everybody.
CODE = ("/admin/jsi18n/", "/admin/sprite/")
# Wagtail's way to try the mail about a crash, for superusers.
RAISES = "/admin/failwhale/"
CLOSED = ("workspace.", "document.", "programme.")


def addresses(resolver: Any = None, prefix: str = "/") -> Iterator[str]:
    """Yield the admin's addresses that need no parameter."""
    for entry in (resolver or get_resolver()).url_patterns:
        address = prefix + str(entry.pattern).lstrip("^").rstrip("$").replace("\\Z", "")
        if isinstance(entry, URLResolver):
            if prefix != "/" or address == "/admin/":
                yield from addresses(entry, address)
        elif prefix.startswith("/admin/") and not set("<(?*[") & set(address):
            yield address


def shown_to(scene: Scene, asker: Asker, address: str) -> tuple[int, set[str]]:
    response = asker.client.get(address, headers=asker.headers)
    body = body_of(response)
    return response.status_code, canaries_in(body, scene.words)


def test_there_are_many() -> None:
    assert len(set(addresses())) > 40


@pytest.mark.parametrize(
    "name", ["anonymous", "other organisation", "coordinator", "organisation administrator"]
)
def test_nobody_without_the_right_enters(name: str) -> None:
    scene = Scene()
    asker = scene.asker(name)
    for address in sorted(set(addresses())):
        status, shown = shown_to(scene, asker, address)
        leaked = {word for word in shown if not allowed(asker, word)}
        assert not leaked, f"{name} received {leaked} from {address}"
        assert status in (301, 302, 404, 405) or address in CODE, f"{status} from {address}"


@pytest.mark.parametrize("name", ["staff", "superuser"])
def test_staff_find_no_workspace_and_no_document(name: str) -> None:
    scene = Scene()
    asker = scene.asker(name)
    opened = 0
    for address in sorted(set(addresses())):
        if address in ("/admin/logout/", RAISES):
            continue
        status, shown = shown_to(scene, asker, address)
        leaked = {word for word in shown if word.startswith(CLOSED)}
        assert not leaked, f"{name} received {leaked} from {address}"
        assert status < 500, f"{status} from {address}"
        opened += status == 200
    assert opened > 10
