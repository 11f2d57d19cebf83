"""A coalition workspace of two organisations, and a storage of its own for each test."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings

from coalitions.documents import services, tasks
from coalitions.documents.models import Document
from coalitions.network.models import Coalition, Organisation, Workspace
from portal.accounts.models import User
from tests import worlds
from tests.documents import files
from tests.documents.clamd_server import StandIn, standing_in
from tests.documents.tus import Tus
from tests.own_storage import documents_in


@dataclass
class World:
    """Who and where."""

    owner: Organisation
    partner: Organisation
    outside: Organisation
    coalition: Coalition
    workspace: Workspace
    editor: User
    contributor: User
    reader: User
    coordinator: User
    colleague: User
    stranger: User


@pytest.fixture(autouse=True)
def _own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Keep files, uploads and page images of a test in its own folder."""
    for name in ("documents", "incoming"):
        (tmp_path / name).mkdir()
    monkeypatch.setattr(settings, "VAR_DIR", tmp_path)
    monkeypatch.setattr(settings, "FILE_UPLOAD_TEMP_DIR", str(tmp_path / "incoming"))
    with documents_in(tmp_path / "documents", monkeypatch):
        yield


@pytest.fixture
def world(db: None) -> World:
    """An open coalition workspace: the owner's editor, contributor and coordinator, a partner's
    reader, a colleague outside the workspace, a person of an organisation outside the coalition."""
    owner, partner, outside = (worlds.make_organisation() for _ in range(3))
    coalition = worlds.make_coalition(owner, partner)
    workspace = worlds.make_workspace(coalition, language="en")
    people = {
        "editor": worlds.make_person(owner, "editor"),
        "contributor": worlds.make_person(owner),
        "coordinator": worlds.make_person(partner),
        "reader": worlds.make_person(partner),
        "colleague": worlds.make_person(owner),
        "stranger": worlds.make_person(outside, "administrator"),
    }
    for name, organisation, role in (
        ("editor", owner, "reader"),
        ("contributor", owner, "contributor"),
        ("coordinator", partner, "coordinator"),
        ("reader", partner, "reader"),
    ):
        worlds.join(workspace, people[name], organisation, role)
    return World(owner, partner, outside, coalition, workspace, **people)


@pytest.fixture
def document(world: World) -> Document:
    data = files.pdf("Alpha page", "The rights of the child", "Gamma page")
    document = services.add_document(
        acting_user=world.contributor,
        workspace=world.workspace,
        content=files.content(data),
        name="Telltale.pdf",
        title="Telltale title",
        language="en",
    )
    assert document.current_version_id is not None
    tasks.extract(document.current_version_id)
    return document


@pytest.fixture
def keeper(db: None) -> User:
    """An administrator of the secretariat, which sets limits."""
    secretariat = worlds.make_organisation(kind=Organisation.Kind.SECRETARIAT)
    return worlds.make_person(secretariat, "administrator")


@pytest.fixture
def tus(world: World) -> Tus:
    """The contributor's client for uploads in parts."""
    return Tus(world, world.contributor)


@pytest.fixture
def scanner(monkeypatch: pytest.MonkeyPatch) -> Iterator[StandIn]:
    """A scanner that stands in, and that the settings name."""
    with standing_in() as running:
        monkeypatch.setattr(settings, "CLAMD_URL", running.url)
        yield running
