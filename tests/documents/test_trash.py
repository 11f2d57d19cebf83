"""The trash: who puts what into it and takes it out, and what a folder takes along."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from coalitions.access import NotAllowed
from coalitions.documents import services
from coalitions.documents.folder_names import (
    LONGEST,
    LONGEST_KEY,
    FolderRefused,
    fitting,
    folder_key,
    free_name,
)
from coalitions.documents.models import Document, Folder
from coalitions.documents.permissions import rights_on
from coalitions.documents.services.trashing import state_of
from coalitions.documents.trash import deletable, restorable, restorable_folders, trashable
from coalitions.documents.tree import Tree
from coalitions.network.models import AuditEntry, WorkspaceMembership
from coalitions.network.viewers import viewer_for
from portal.accounts.models import User
from tests import worlds
from tests.documents.conftest import World


def make(world: World, name: str, parent: Folder | None = None, by: User | None = None) -> Folder:
    return services.make_folder(
        acting_user=by or world.contributor, workspace=world.workspace, name=name, parent=parent
    )


def put(world: World, folder: Folder | None, **fields: Any) -> Document:
    owner = fields.pop("owner", world.owner)
    return worlds.make_document(world.workspace, owner, folder=folder, **fields)


def trash(user: User, folder: Folder) -> int:
    folder.refresh_from_db()
    return services.trash_folder(acting_user=user, folder=folder, revision=folder.revision)


def names(world: World) -> list[str]:
    tree = Tree.of(world.workspace)
    return ["/".join(step.name for step in tree.path(folder)) for folder, _ in tree.listed()]


def where(document: Document) -> str:
    document.refresh_from_db()
    return document.folder.name if document.folder else ""


EVERYBODY = ("editor", "contributor", "coordinator", "reader", "colleague", "stranger")


@pytest.mark.parametrize("rung", ["members", "organisation", "workspace", "public"])
@pytest.mark.parametrize("child_data", [False, True])
@pytest.mark.parametrize("side", ["owner", "partner"])
def test_the_rule_in_sql_is_the_rule_of_the_page(
    world: World, rung: str, child_data: bool, side: str
) -> None:
    document = put(world, None, owner=getattr(world, side), rung=rung, child_data=child_data)
    may = set()
    for name in EVERYBODY:
        user = getattr(world, name)
        listed = trashable(user, viewer_for(user)).filter(pk=document.pk).exists()
        assert listed == rights_on(user, document).trash, name
        may |= {name} if listed else set()
    Document.objects.update(trashed=timezone.now())
    for name in EVERYBODY:
        user = getattr(world, name)
        assert restorable(user, viewer_for(user)).exists() == (name in may), name
        editor = name == "editor" and side == "owner"
        assert deletable(user, viewer_for(user)).exists() == editor, name


def test_whoever_put_it_there_restores_it_while_they_have_the_right(world: World) -> None:
    document = put(world, None, rung="public")
    services.trash_document(acting_user=world.coordinator, document=document)
    assert document.trashed is not None
    assert restorable(world.coordinator, viewer_for(world.coordinator)).exists()
    WorkspaceMembership.objects.filter(person=world.coordinator).update(role="reader")
    assert not restorable(world.coordinator, viewer_for(world.coordinator)).exists()
    with pytest.raises(NotAllowed):
        services.restore_document(acting_user=world.coordinator, document=document)
    assert services.restore_document(acting_user=world.contributor, document=document)
    assert (document.trashed, Document.objects.get().trashed_by) == (None, None)


def test_what_was_changed_meanwhile_is_not_trashed(world: World) -> None:
    document = put(world, None, rung="workspace")
    seen = state_of(document)
    services.move_document(
        acting_user=world.coordinator, document=document, folder=make(world, "A"), seen_in=None
    )
    act = {"acting_user": world.contributor, "document": document}
    with pytest.raises(FolderRefused) as refused:
        services.trash_document(**act, seen=seen)
    assert refused.value.code == "meanwhile"
    document.refresh_from_db()
    assert document.trashed is None
    assert services.trash_document(**act, seen=state_of(document))


def test_a_document_goes_back_to_its_folder_or_to_the_top(world: World) -> None:
    folder = make(world, "Reports")
    document = put(world, folder, rung="workspace")
    act = {"acting_user": world.contributor, "document": document}
    services.trash_document(**act)
    services.restore_document(**act)
    assert where(document) == "Reports"
    services.trash_document(**act)
    assert trash(world.contributor, folder) == 0
    services.restore_document(**act)
    assert where(document) == ""


def test_a_folder_takes_along_what_is_in_it(world: World) -> None:
    reports = make(world, "Reports")
    year = make(world, "2026", reports)
    inside = [put(world, place, rung="workspace") for place in (reports, year, year)]
    beside = put(world, None, rung="workspace")
    alone = put(world, year, rung="workspace")
    services.trash_document(acting_user=world.contributor, document=alone)
    assert trash(world.contributor, reports) == 3
    assert names(world) == []
    seen = Document.objects.visible_to(viewer_for(world.editor))
    assert list(seen) == [beside]
    assert not Folder.objects.visible_to(viewer_for(world.editor)).exists()
    assert list(restorable_folders(world.contributor, viewer_for(world.contributor))) == [reports]
    verbs = AuditEntry.objects.filter(details__folder=str(reports.uuid)).values_list("verb")
    assert sorted(verb for (verb,) in verbs) == ["document.trashed"] * 3 + ["folder.trashed"] * 2

    services.restore_folder(acting_user=world.contributor, folder=reports)
    assert names(world) == ["Reports", "Reports/2026"]
    assert [where(document) for document in inside] == ["Reports", "2026", "2026"]
    assert not Document.objects.exclude(pk=alone.pk).filter(trashed__isnull=False).exists()
    alone.refresh_from_db()
    assert alone.trashed is not None  # it went by itself
    services.restore_folder(acting_user=world.contributor, folder=reports)  # back already


def test_what_one_may_not_trash_or_does_not_see_moves_up(world: World) -> None:
    outer = make(world, "Outer", by=world.coordinator)
    reports = make(world, "Reports", outer)
    theirs = make(world, "Outer", reports, by=world.coordinator)
    inner = make(world, "Inner", reports)
    kept = [
        put(world, reports, owner=world.partner, rung="workspace"),  # seen, another's
        put(world, inner, owner=world.partner, rung="organisation"),  # another's, not seen
        put(world, inner, rung="workspace", child_data=True),  # own, and seen: goes
        put(world, theirs, rung="workspace"),  # own, in a folder that stays
    ]
    before = kept[3].changed
    assert trash(world.contributor, reports) == 1
    assert [where(document) for document in kept] == ["Outer", "Outer", "Inner", "Outer"]
    assert [document.trashed is None for document in kept] == [True, True, False, True]
    assert names(world) == ["Outer", "Outer/Outer"]
    assert kept[3].folder == theirs
    assert kept[3].changed == before
    moved = list(AuditEntry.objects.filter(object_uuid__in=[kept[0].uuid, kept[1].uuid]))
    assert [entry.verb for entry in moved] == ["document.moved", "document.moved"]
    places = {(entry.details["before"], entry.details["after"]) for entry in moved}
    assert places == {(str(reports.uuid), str(outer.uuid)), (str(inner.uuid), str(outer.uuid))}
    assert AuditEntry.objects.filter(verb="folder.moved", object_uuid=theirs.uuid).count() == 1
    assert AuditEntry.objects.get(verb="folder.moved").details["parent"] == str(outer.uuid)


def test_what_a_coordinator_does_not_see_stays(world: World) -> None:
    folder = make(world, "Mixed")
    hidden = put(world, folder, rung="organisation")
    shown = put(world, folder, rung="workspace")
    assert trash(world.coordinator, folder) == 1
    hidden.refresh_from_db()
    shown.refresh_from_db()
    assert (hidden.trashed, hidden.folder) == (None, None)
    assert shown.trashed is not None


def test_names_that_are_taken_get_a_number(world: World) -> None:
    first = make(world, "Plans")
    inner = make(world, "2026", first)
    trash(world.contributor, first)
    make(world, "PLANS")
    make(world, "plans (2)")
    restored = services.restore_folder(acting_user=world.contributor, folder=first)
    assert restored.name == "Plans (3)"
    inner.refresh_from_db()
    assert (inner.parent, inner.trashed, inner.trashed_with) == (first, None, None)
    long = "x" * LONGEST
    free = free_name(long, {folder_key(long)})
    assert (len(free), free[-5:]) == (LONGEST, "x (2)")


@pytest.mark.parametrize(
    "sign", ["x", "\ufdfa", "\u0132", "a\u0308", "\u0390", "\U0001f642", "ﬃ", "\u3315"]
)
@pytest.mark.parametrize("length", [1, 13, 14, 120, 300])
def test_a_numbered_name_can_be_kept_whatever_it_is(sign: str, length: int) -> None:
    """Some signs of one letter stand for eighteen when names are compared."""
    for ending in ("", " (2)", " (123456789012)"):
        name = fitting(sign * length, ending)
        assert (len(name) <= LONGEST, name.endswith(ending)) == (True, True)
        assert 0 < len(folder_key(name)) <= LONGEST_KEY
    short = sign * min(length, 14)
    taken = {folder_key(short)}
    assert len(folder_key(free_name(short, taken))) <= LONGEST_KEY
    assert folder_key(free_name(short, taken)) not in taken


def test_a_folder_whose_place_is_gone_or_too_deep_goes_to_the_top(world: World) -> None:
    outer = make(world, "Outer")
    inner = make(world, "Inner", outer)
    make(world, "Below", inner)
    trash(world.contributor, inner)
    trash(world.contributor, outer)
    services.restore_folder(acting_user=world.contributor, folder=inner)
    assert names(world) == ["Inner", "Inner/Below"]
    services.restore_folder(acting_user=world.contributor, folder=outer)
    outer.refresh_from_db()
    inner.refresh_from_db()
    services.change_folder(
        acting_user=world.contributor,
        folder=inner,
        name="Inner",
        parent=outer,
        revision=inner.revision,
    )
    trash(world.contributor, inner)
    deep = None
    for level in range(10):
        deep = make(world, f"Level {level + 1}", deep)
    outer.refresh_from_db()
    services.change_folder(
        acting_user=world.contributor,
        folder=outer,
        name="Outer",
        parent=deep,
        revision=outer.revision,
    )
    restored = services.restore_folder(acting_user=world.contributor, folder=inner)
    assert restored.parent is None


def test_who_may_trash_and_restore_a_folder(world: World) -> None:
    folder = make(world, "Mine", by=world.coordinator)
    for user in (world.contributor, world.reader, world.editor, world.colleague, world.stranger):
        with pytest.raises(NotAllowed):
            trash(user, folder)
    trash(world.coordinator, folder)
    for user in (world.contributor, world.reader, world.editor, world.colleague, world.stranger):
        with pytest.raises(NotAllowed):
            services.restore_folder(acting_user=user, folder=folder)
    services.restore_folder(acting_user=world.coordinator, folder=folder)


def test_what_one_may_not_restore_stays_in_the_trash(world: World) -> None:
    folder = make(world, "Mixed")
    documents = [
        put(world, folder, rung="workspace"),
        put(world, folder, owner=world.partner, rung="workspace"),
    ]
    trash(world.coordinator, folder)
    services.restore_folder(acting_user=world.contributor, folder=folder)
    for document in documents:
        document.refresh_from_db()
    assert [document.trashed is None for document in documents] == [True, False]
    assert [document.trashed_with for document in documents] == [None, None]
    services.restore_document(acting_user=world.coordinator, document=documents[1])
    assert where(documents[1]) == "Mixed"


def test_the_later_one_is_told(world: World) -> None:
    folder, other = make(world, "Plans"), make(world, "Other")
    stale = {"acting_user": world.coordinator, "folder": folder, "revision": 1}
    services.change_folder(
        acting_user=world.contributor, folder=folder, name="Plans", parent=other, revision=1
    )
    with pytest.raises(FolderRefused) as refused:
        services.trash_folder(**stale)
    assert refused.value.code == "meanwhile"
    trash(world.contributor, folder)
    for act in (
        lambda: services.trash_folder(**stale),
        lambda: services.change_folder(**stale, name="Ours", parent=None),
        lambda: make(world, "Never", folder),
    ):
        with pytest.raises(FolderRefused) as refused:
            act()
        assert refused.value.code == "elsewhere"


def test_an_upload_into_a_folder_that_was_just_trashed_lies_at_the_top(world: World) -> None:
    from tests.documents import files

    folder = make(world, "Plans")
    trash(world.contributor, folder)
    document = services.add_document(
        acting_user=world.contributor,
        workspace=world.workspace,
        folder=folder,
        content=files.content(b"Words"),
        name="words.txt",
    )
    assert document.folder is None


def test_nobody_else_sees_what_is_in_the_trash(world: World) -> None:
    old = timezone.now() - timedelta(days=1)
    put(world, None, rung="public", trashed=old, trashed_by=world.editor)
    for name in EVERYBODY:
        viewer = viewer_for(getattr(world, name))
        assert not Document.objects.visible_to(viewer).exists()
    assert not Document.objects.visible_to(viewer_for(None)).exists()


@pytest.mark.django_db(transaction=True)
def test_search_is_nudged_once_for_all_that_went(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    from search import tasks

    folder = make(world, "Plans")
    for _ in range(3):
        put(world, folder, rung="workspace")
    sent: list[None] = []
    monkeypatch.setattr(tasks.drain_outbox, "delay", lambda: sent.append(None))
    assert trash(world.contributor, folder) == 3
    assert len(sent) == 1


@pytest.mark.parametrize(
    ("by", "may"),
    [
        ("editor", {"editor", "contributor"}),
        ("contributor", {"editor", "contributor"}),
        ("coordinator", {"editor", "contributor", "coordinator", "second"}),
    ],
)
@pytest.mark.parametrize("with_folder", [False, True])
def test_a_coordinator_undoes_no_decision_of_the_owner(
    world: World, by: str, may: set[str], with_folder: bool
) -> None:
    second = worlds.make_person(world.partner)
    worlds.join(world.workspace, second, world.partner, "coordinator")
    worlds.join(world.workspace, world.colleague, world.partner)
    WorkspaceMembership.objects.filter(person=world.editor).update(role="contributor")
    people = {name: getattr(world, name) for name in ("editor", "contributor", "coordinator")}
    people["second"] = second
    folder = make(world, "Reports")
    document = put(world, folder, rung="workspace")
    if with_folder:
        assert trash(people[by], folder) == 1
    else:
        services.trash_document(acting_user=people[by], document=document)
    document.refresh_from_db()
    acted_for = world.partner if by == "coordinator" else world.owner
    assert document.trashed_for == acted_for
    found = {
        name for name, person in people.items() if restorable(person, viewer_for(person)).exists()
    }
    assert found == may
    for name in people.keys() - may:
        with pytest.raises(NotAllowed):
            services.restore_document(acting_user=people[name], document=document)
    if with_folder:
        back = services.restore_folder(acting_user=second, folder=folder)
        assert back.trashed is None
        document.refresh_from_db()
        assert (document.trashed is None) == ("second" in may)
    if document.trashed:
        services.restore_document(acting_user=people["contributor"], document=document)
    document.refresh_from_db()
    assert (document.trashed, document.trashed_for) == (None, None)


def test_what_lands_at_the_top_is_written_down(world: World) -> None:
    outer = make(world, "Outer")
    inner = make(world, "Inner", outer)
    document = put(world, inner, rung="workspace")
    act = {"acting_user": world.contributor, "document": document}
    services.trash_document(**act)
    trash(world.contributor, inner)
    services.restore_document(**act)
    entry = AuditEntry.objects.get(verb="document.moved")
    assert entry.object_uuid == document.uuid
    assert entry.details == {"before": str(inner.uuid), "after": ""}
    trash(world.contributor, outer)
    make(world, "Inner")
    inner.refresh_from_db()
    services.restore_folder(acting_user=world.contributor, folder=inner)
    verbs = AuditEntry.objects.filter(object_uuid=inner.uuid).order_by("pk")
    assert [entry.verb for entry in verbs][-3:] == [
        "folder.renamed",
        "folder.moved",
        "folder.restored",
    ]
    assert verbs.get(verb="folder.moved").details == {"parent": ""}
