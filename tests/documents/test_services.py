"""Who may change what, in one transaction with its audit row and its signal."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.storage import storages
from django.db import transaction

from coalitions.access import NotAllowed, Rung
from coalitions.documents import services
from coalitions.documents.labels import audience_of, document_labels
from coalitions.documents.models import Document, DocumentAudience, DocumentVersion, TextExtraction
from coalitions.documents.refusals import FileRefused
from coalitions.documents.services import adding
from coalitions.documents.signals import document_changed, version_added
from coalitions.network.models import AuditEntry
from coalitions.network.viewers import viewer_for
from portal.accounts.models import User
from tests import worlds
from tests.documents import files
from tests.documents.conftest import World

PDF = files.pdf("About children")


def add(world: World, user: User | None = None, **fields: Any) -> Document:
    fields.setdefault("content", files.content(PDF))
    fields.setdefault("name", "Field_report 3.pdf")
    return services.add_document(
        acting_user=user or world.contributor, workspace=world.workspace, **fields
    )


@pytest.fixture
def heard() -> Iterator[list[tuple[str, Any]]]:
    """What the signals said, and whether they were sent inside a transaction."""
    said: list[tuple[str, Any]] = []

    def changed(sender: object, document: Document, audience_tightened: bool, **_: object) -> None:
        assert transaction.get_connection().in_atomic_block
        said.append(("changed", audience_tightened))

    def added(sender: object, version: DocumentVersion, **_: object) -> None:
        said.append(("version", version.number))

    document_changed.connect(changed)
    version_added.connect(added)
    yield said
    document_changed.disconnect(changed)
    version_added.disconnect(added)


def stored_files() -> list[str]:
    storage = storages["documents"]
    return [name for folder in storage.listdir("")[0] for name in storage.listdir(folder)[1]]


def test_a_document_comes_with_all_its_rows(world: World, heard: list[tuple[str, Any]]) -> None:
    document = add(world)
    version = document.current_version
    assert version is not None
    assert (document.title, document.owner, document.language) == (
        "Field report 3",
        world.owner,
        "en",
    )
    assert (version.number, version.media_type, version.size) == (1, "application/pdf", len(PDF))
    assert version.file.read() == PDF
    assert version.name not in str(version.file.name)
    assert TextExtraction.objects.get(version=version).state == "waiting"
    audience = audience_of(document)
    assert audience is not None
    assert audience.rung == Rung.WORKSPACE
    assert heard == [("version", 1), ("changed", False)]
    verbs = set(AuditEntry.objects.values_list("verb", "acting_organisation"))
    assert verbs == {("document.added", world.owner.uuid), ("version.added", world.owner.uuid)}


def test_only_contributors_and_coordinators_add(world: World) -> None:
    add(world, world.coordinator)
    suspended = worlds.make_organisation()
    for user in (world.reader, world.editor, world.colleague, world.stranger):
        with pytest.raises(NotAllowed):
            add(world, user)
    worlds.suspend(world.owner)
    with pytest.raises(NotAllowed):
        add(world, world.contributor)
    assert len(stored_files()) == 1
    assert suspended.pk


def test_a_refused_file_leaves_nothing(world: World) -> None:
    with pytest.raises(FileRefused):
        add(world, content=files.content(b""), name="x.pdf")
    assert not Document.objects.exists()
    assert stored_files() == []


def test_a_failure_while_writing_rows_leaves_no_file(world: World) -> None:
    def fail(**_: object) -> None:
        raise RuntimeError

    version_added.connect(fail)
    try:
        with pytest.raises(RuntimeError):
            add(world)
    finally:
        version_added.disconnect(fail)
    assert not Document.objects.exists()
    assert not AuditEntry.objects.exists()
    assert stored_files() == []


def test_the_same_form_twice_adds_once(world: World) -> None:
    submission = uuid4()
    first = add(world, submission=submission)
    second = add(world, submission=submission)
    assert first == second
    assert add(world, submission=uuid4()) != first
    third = services.add_version(
        acting_user=world.contributor,
        document=first,
        content=files.content(b"text"),
        name="a.txt",
        submission=submission,
    )
    again = services.add_version(
        acting_user=world.contributor,
        document=first,
        content=files.content(b"text"),
        name="a.txt",
        submission=submission,
    )
    assert third == again
    assert len(stored_files()) == 3


def test_two_requests_of_one_form_at_once_add_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    submission = uuid4()
    first = add(world, submission=submission)
    monkeypatch.setattr(adding, "sent_before", _once_blind(adding.sent_before))
    assert add(world, submission=submission) == first
    assert len(stored_files()) == 1


def _once_blind(real: Callable[..., Any]) -> Callable[..., Any]:
    """Return `real`, except that its first call sees nothing: the other request is not done yet."""
    calls = iter([True])

    def blind(*args: Any) -> Any:
        return None if next(calls, False) else real(*args)

    return blind


def test_starting_audience(world: World) -> None:
    document = add(world, rung=Rung.ORGANISATION)
    assert document_labels(document) == {f"org:{world.owner.uuid}"}
    with pytest.raises(services.NotOnLadder):
        add(world, rung=Rung.PUBLIC)
    worlds.affiliate(world.coordinator, world.owner, "editor")
    administrator = worlds.make_person(world.owner, "administrator")
    worlds.join(world.workspace, administrator, world.owner, "contributor")
    public = add(world, administrator, rung="public")
    assert "public" in document_labels(public)
    sealed = add(world, child_data=True)
    assert document_labels(sealed) == {
        f"sealed-org:{world.owner.uuid}",
        f"sealed-workspace:{world.workspace.uuid}",
    }
    with pytest.raises(services.NotOnLadder):
        add(world, administrator, rung="network", child_data=True)


def test_need_to_know_starts_with_the_members(world: World) -> None:
    world.workspace.need_to_know = True
    world.workspace.save()
    document = add(world)
    assert document_labels(document) == {f"workspace:{world.workspace.uuid}"}
    assert not Document.objects.visible_to(viewer_for(world.colleague)).exists()
    with pytest.raises(services.NotOnLadder):
        add(world, rung=Rung.WORKSPACE)


def test_versions_are_numbered_and_added_by_the_owner_alone(world: World) -> None:
    document = add(world)
    for user in (world.reader, world.coordinator, world.colleague, world.stranger):
        with pytest.raises(NotAllowed):
            services.add_version(
                acting_user=user, document=document, content=files.content(b"x"), name="x.txt"
            )
    version = services.add_version(
        acting_user=world.editor,
        document=document,
        content=files.content(b"x"),
        name="x.txt",
        note=" corrected\x00 ",
    )
    assert (version.number, version.note, document.current_version) == (2, "corrected", version)


def share(user: User, document: Document, rung: str) -> DocumentAudience:
    return services.share_document(acting_user=user, document=document, rung=rung)


def test_the_owner_alone_shares(world: World, heard: list[tuple[str, Any]]) -> None:
    document = add(world)
    heard.clear()
    for user in (
        world.contributor,
        world.reader,
        world.coordinator,
        world.colleague,
        world.stranger,
    ):
        with pytest.raises(NotAllowed):
            share(user, document, "coalition")
    share(world.editor, document, "coalition")
    share(world.editor, document, "coalition")
    share(world.editor, document, "organisation")
    assert heard == [("changed", False), ("changed", True)]
    rows = list(document.audiences.order_by("pk"))
    assert [row.rung for row in rows] == ["workspace", "coalition", "organisation"]
    assert [row.until for row in rows] == [rows[1].since, rows[2].since, None]
    with pytest.raises(services.NotOnLadder):
        share(world.editor, document, "members")
    with pytest.raises(ValueError, match="nonsense"):
        share(world.editor, document, "nonsense")


def test_an_editor_outside_the_need_to_know_workspace_decides_nothing(world: World) -> None:
    world.workspace.need_to_know = True
    world.workspace.save()
    document = add(world)
    outside = worlds.make_person(world.owner, "administrator")
    with pytest.raises(NotAllowed):
        share(outside, document, "workspace")
    share(world.editor, document, "workspace")
    share(outside, document, "members")


def test_child_data_closes(world: World, heard: list[tuple[str, Any]]) -> None:
    document = add(world)
    share(world.editor, document, "public")
    heard.clear()
    row = services.mark_child_data(acting_user=world.contributor, document=document)
    assert (row.rung, row.child_data) == ("workspace", True)
    assert heard == [("changed", True)]
    with pytest.raises(services.NotOnLadder):
        share(world.editor, document, "coalition")
    assert document.audiences.in_force().count() == 1


@pytest.mark.parametrize("rung", ["members", "workspace", "public"])
def test_child_data_keeps_a_rung_of_the_ladder(world: World, rung: str) -> None:
    world.workspace.need_to_know = True
    world.workspace.save()
    document = worlds.make_document(world.workspace, world.owner, rung=rung)
    row = services.mark_child_data(acting_user=world.editor, document=document)
    assert row.rung == ("members" if rung == "members" else "workspace")


def test_trashing_and_restoring(world: World, heard: list[tuple[str, Any]]) -> None:
    document = add(world)
    heard.clear()
    for user in (world.reader, world.colleague, world.stranger):
        with pytest.raises(NotAllowed):
            services.trash_document(acting_user=user, document=document)
    assert services.trash_document(acting_user=world.coordinator, document=document)
    assert not Document.objects.visible_to(viewer_for(world.editor)).exists()
    assert not services.trash_document(acting_user=world.editor, document=document)
    with pytest.raises(NotAllowed):
        services.mark_child_data(acting_user=world.editor, document=document)
    for user in (world.reader, world.colleague, world.stranger):
        with pytest.raises(NotAllowed):
            services.restore_document(acting_user=user, document=document)
    assert services.restore_document(acting_user=world.editor, document=document)
    assert not services.restore_document(acting_user=world.editor, document=document)
    assert Document.objects.visible_to(viewer_for(world.reader)).exists()
    assert heard == [("changed", True), ("changed", False)]


def test_details(world: World) -> None:
    document = add(world)
    changed = services.edit_details(
        acting_user=world.contributor, document=document, title=" New\x00 title ", language="fr"
    )
    assert (changed.title, changed.language, changed.language_from_text) == (
        "New title",
        "fr",
        False,
    )
    for wrong in ({"title": "\x00 "}, {"language": "xx"}, {"translation_of": document}):
        with pytest.raises(ValueError, match=r"."):
            services.edit_details(
                acting_user=world.contributor,
                document=document,
                **wrong,  # type: ignore[arg-type]
            )
    with pytest.raises(NotAllowed):
        services.edit_details(acting_user=world.reader, document=document, title="Mine")


@pytest.mark.parametrize(
    "act",
    [
        services.trash_document,
        services.restore_document,
        services.mark_child_data,
    ],
)
def test_being_superuser_is_no_right(world: World, act: Callable[..., object]) -> None:
    document = add(world)
    root = worlds.make_person(is_superuser=True, is_staff=True)
    with pytest.raises(NotAllowed):
        act(acting_user=root, document=document)
