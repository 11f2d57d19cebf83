"""Putting a folder with what is in it into the trash, and restoring it.

Invariant: one transaction under the lock of the workspace's tree, then the folders', then the
documents'. Of what the person may not trash, or does not see, nothing is told: it moves up.
"""

from __future__ import annotations

from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from coalitions.access import NotAllowed
from coalitions.crash_points import reached
from coalitions.documents.folder_count import let_hold
from coalitions.documents.folder_names import DEEPEST, folder_key, free_name
from coalitions.documents.models import Document, Folder
from coalitions.documents.permissions import (
    arranges,
    edited_organisations,
    may_arrange_folder,
    uploading_membership,
)
from coalitions.documents.services.ending_links import Ended, end_links
from coalitions.documents.services.folders import arranged, changing_tree, uuid_of
from coalitions.documents.signals import documents_changed
from coalitions.documents.trash import restorable, restorable_folders, trashable
from coalitions.documents.tree import Tree
from coalitions.network import audit
from coalitions.network.models import Organisation, WorkspaceMembership
from coalitions.network.viewers import viewer_for


def trash_folder(*, acting_user: Any, folder: Folder, revision: int) -> int:
    """Put `folder` and what is in it into the trash; return how many documents went with it.

    For coordinators and the organisation that made it. What is in it goes with it as far as this
    person may trash it; the rest moves to where the folder was. `revision`: the one that they saw.
    Raises FolderRefused where the folder was changed since, or is gone; then nothing is changed.
    """
    with changing_tree(folder.workspace) as tree:
        current = arranged(acting_user, tree, folder, revision)
        membership = uploading_membership(acting_user, current.workspace)
        going, staying = _parted(tree, membership, current)
        inside = _documents_in(going)
        taken = trashable(acting_user, viewer_for(acting_user)).filter(pk__in=inside.values("pk"))
        documents = list(taken.order_by("pk"))
        now = timezone.now()
        Folder.objects.filter(pk__in=[step.pk for step in going]).update(
            trashed=now, trashed_by=acting_user, revision=F("revision") + 1
        )
        Folder.objects.filter(pk__in=[step.pk for step in going[1:]]).update(trashed_with=current)
        reached("trashing.folders-written")
        gone = Document.objects.filter(pk__in=[document.pk for document in documents])
        organisation = membership.organisation if membership else None
        gone.filter(owner__in=edited_organisations(acting_user)).update(trashed_for=F("owner"))
        gone.filter(trashed_for__isnull=True).update(trashed_for=organisation)
        gone.update(trashed=now, trashed_by=acting_user, trashed_with=current, changed=now)
        end_links(documents, Ended.TRASHED, acting_user=acting_user)
        _move_up(inside, current, acting_user, organisation)
        tree.below[current.parent_id].remove(current)
        for step in staying:
            _put(tree, step, current.parent, acting_user, organisation)
        _tell("trashed", acting_user, organisation, going, documents, current)
        reached("trashing.folder-before-commit")
    return len(documents)


def restore_folder(*, acting_user: Any, folder: Folder) -> Folder:
    """Put `folder`, and what went with it, back where it was, or to the top.

    For whoever might trash it now. Where its name was taken meanwhile it gets a number. What
    this person may not restore stays in the trash, by itself. Back already: nothing. Raises
    FolderRefused where the workspace holds too many folders meanwhile.
    """
    with changing_tree(folder.workspace) as tree:
        viewer = viewer_for(acting_user)
        if folder.pk in tree.by_key and may_arrange_folder(acting_user, folder):
            return tree.by_key[folder.pk]
        current = restorable_folders(acting_user, viewer).filter(pk=folder.pk).first()
        if current is None:
            raise NotAllowed("Only those who might trash a folder restore it.")
        with_it = Folder.objects.filter(Q(pk=current.pk) | Q(trashed_with=current))
        rows = list(with_it.select_for_update().order_by("pk"))
        let_hold(tree, len(rows))
        place = tree.by_key.get(current.parent_id) if current.parent_id else None
        if len(tree.path(place)) + Tree.from_rows(rows).height(current) > DEEPEST:
            place = None
        inside = Document.objects.filter(trashed_with=current).select_for_update()
        list(inside.order_by("pk").values_list("pk"))
        back = list(restorable(acting_user, viewer).filter(trashed_with=current).order_by("pk"))
        Document.objects.filter(pk__in=[document.pk for document in back]).update(
            trashed=None, trashed_by=None, trashed_for=None, changed=timezone.now()
        )
        Document.objects.filter(trashed_with=current).update(trashed_with=None)
        membership = uploading_membership(acting_user, current.workspace)
        organisation = membership.organisation if membership else None
        _put(tree, current, place, acting_user, organisation, trashed=None, trashed_by=None)
        Folder.objects.filter(trashed_with=current).update(
            trashed=None, trashed_by=None, trashed_with=None, revision=F("revision") + 1
        )
        _tell("restored", acting_user, organisation, rows, back, current)
        reached("restoring.folder-before-commit")
    return current


def _parted(
    tree: Tree, membership: WorkspaceMembership | None, folder: Folder
) -> tuple[list[Folder], list[Folder]]:
    """Return the folder and those in it that go, each after the one that holds it, and the
    highest of those that this person may not trash."""
    going, staying = [folder], []
    for child in tree.below.get(folder.pk, ()):
        if arranges(membership, child):
            more, others = _parted(tree, membership, child)
            going += more
            staying += others
        else:
            staying.append(child)
    return going, staying


def _documents_in(folders: list[Folder]) -> QuerySet[Document]:
    """Return the untrashed documents in these folders, locked; uploads wait for the folders."""
    keys = [folder.pk for folder in folders]
    list(Folder.objects.select_for_update().filter(pk__in=keys).order_by("pk").values_list("pk"))
    inside = Document.objects.filter(folder__in=keys, trashed__isnull=True)
    list(inside.select_for_update().order_by("pk").values_list("pk"))
    return inside


def _move_up(
    documents: QuerySet[Document], folder: Folder, user: Any, organisation: Organisation | None
) -> None:
    """Put what stays into the place of the folder that goes."""
    staying = list(documents.select_related("folder").order_by("pk"))
    documents.update(folder=folder.parent)
    for document in staying:
        audit.record(
            "document.moved",
            acting_user=user,
            acting_organisation=organisation,
            thing=document,
            before=uuid_of(document.folder),
            after=uuid_of(folder.parent),
        )


def _put(
    tree: Tree,
    folder: Folder,
    place: Folder | None,
    user: Any,
    organisation: Organisation | None,
    **fields: Any,
) -> None:
    """Put the folder there, under its name or a numbered one where that is taken."""
    name, before = folder.name, folder.parent_id
    siblings = tree.below.setdefault(place.pk if place else None, [])
    taken = {sibling.key for sibling in siblings if sibling.pk != folder.pk}
    folder.name = free_name(name, taken)
    folder.key, folder.parent = folder_key(folder.name), place
    folder.revision += 1
    for field, value in fields.items():
        setattr(folder, field, value)
    folder.save(update_fields=["name", "key", "parent", "revision", *fields])
    siblings.append(folder)
    verbs = ["folder.renamed"] if folder.name != name else []
    verbs += ["folder.moved"] if folder.parent_id != before else []
    for verb in verbs:
        audit.record(
            verb,
            acting_user=user,
            acting_organisation=organisation,
            thing=folder,
            parent=uuid_of(place),
        )


def _tell(
    verb: str,
    user: Any,
    organisation: Any,
    folders: list[Folder],
    documents: list[Document],
    top: Folder,
) -> None:
    """Write the audit and tell search of each document."""
    tightened = verb == "trashed"
    for kind, things in (("folder", folders), ("document", documents)):
        audit.record_each(
            f"{kind}.{verb}",
            acting_user=user,
            acting_organisation=organisation,
            things=things,
            folder=str(top.uuid),
        )
    documents_changed.send(sender=Document, documents=documents, audience_tightened=tightened)
