"""An organisation leaves a coalition: its documents stay or go, as the rule of its joining says.

Invariant: all in the transaction of the leaving, and nobody sees afterwards what they did not see
before. What goes lies in a workspace of the organisation's own, made for each workspace that it
comes from, with those of its people who were there, so that no name of a place or folder is told
to anybody new; there its own organisation sees it at most.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from coalitions.access import Rung, Viewer
from coalitions.crash_points import reached
from coalitions.documents.departure import goes, plan_for, uploads_in
from coalitions.documents.models import Document, Folder, FormerPlace, ShareRequest
from coalitions.documents.services.audience_rows import Schedule, Stretch, write
from coalitions.documents.services.ending_links import Ended, end_links
from coalitions.documents.services.folders import changing_tree
from coalitions.documents.services.open_requests import close
from coalitions.documents.services.version_rights import end_reservations_without_right
from coalitions.documents.signals import document_changed
from coalitions.documents.tree import Tree
from coalitions.network import audit
from coalitions.network.models import Affiliation, Coalition, Organisation, Workspace
from coalitions.network.services import end_coalition_membership, open_workspace
from coalitions.network.services.refusals import locked
from coalitions.network.services.workspaces import begin_membership
from coalitions.network.signals import Leaving
from coalitions.network.viewers import viewer_for


class PlanChanged(ValueError):
    """What would happen is not any more what the person was shown."""


def leave_coalition(
    *,
    acting_user: Any,
    viewer: Viewer,
    coalition: Coalition,
    organisation: Organisation,
    shown: str,
) -> None:
    """Let the organisation leave, as the person was shown it; for its administrators, the lead's.

    `shown`: the state of the dry run. Raises PlanChanged where it is another one by now, Refused
    where it leads, NotAllowed for everybody else.
    """
    with transaction.atomic():
        member, alliance = locked(organisation), locked(coalition)
        plan = plan_for(acting_user, viewer, alliance, member)
        if plan is not None and plan.state != shown:
            raise PlanChanged
        end_coalition_membership(alliance, member, acting_user=acting_user)
        reached("leaving.before-commit")


def settle_documents(leaving: Leaving) -> None:
    """Do what the rule says with the documents of an organisation that has left."""
    places = Workspace.objects.filter(coalition=leaving.coalition)
    for workspace in places.select_related("coalition").order_by("pk"):
        with changing_tree(workspace) as tree:
            _settle(leaving, workspace, tree)
    uploads_in(leaving.coalition, leaving.organisation).update(expires=timezone.now())


def _settle(leaving: Leaving, workspace: Workspace, tree: Tree) -> None:
    owned = Document.objects.filter(owner=leaving.organisation, workspace=workspace)
    documents = list(
        owned.select_for_update(of=("self",))
        .select_related("owner", "workspace__coalition")
        .order_by("pk")
    )
    end_links(documents, Ended.NARROWED, acting_user=leaving.acting_user)
    going = [row for row in documents if goes(leaving.membership.on_leaving, _lasting(row))]
    for document in documents:
        for request in document.requests.open().with_names():
            close(request, ShareRequest.Outcome.OVERTAKEN, acting_user=leaving.acting_user)
    if going:
        _take_along(leaving, workspace, tree, going)
    _end_what_its_people_held(leaving, workspace)
    reached("leaving.workspace-settled")


def _lasting(document: Document) -> Rung:
    return Rung(document.audiences.get(until__isnull=True).rung)


def _take_along(
    leaving: Leaving, workspace: Workspace, tree: Tree, documents: list[Document]
) -> None:
    place = _place_for(leaving, workspace)
    folders: dict[int, Folder] = {}
    for document in documents:
        _draw_back(leaving, document)
        found = tree.by_key.get(document.folder_id) if document.folder_id else None
        document.folder = _folder_like(leaving, place, tree, found, folders, document)
        document.workspace, document.trashed_with = place, None
        document.others_add_versions = False
        document.save(update_fields=["folder", "workspace", "trashed_with", "others_add_versions"])
        FormerPlace.objects.create(
            document=document, workspace=workspace, organisation=document.owner, at=leaving.at
        )
        audit.record(
            "document.went-with-its-owner",
            acting_user=leaving.acting_user,
            acting_organisation=leaving.acting_organisation,
            thing=document,
            before=str(workspace.uuid),
            after=str(place.uuid),
        )
        end_reservations_without_right(document, leaving.acting_user)
        document_changed.send(sender=Document, document=document, audience_tightened=True)
        reached("leaving.document-moved")


def _draw_back(leaving: Leaving, document: Document) -> None:
    """Let nobody see it but the organisation's own people, and no more of them than before."""
    schedule = Schedule(document)
    own = Rung.WORKSPACE if document.workspace.need_to_know else Rung.ORGANISATION
    stretches: list[Stretch] = []
    for step in (Stretch(schedule.now, schedule.rung), *schedule.ahead):
        rung = Rung.MEMBERS if step.rung is Rung.MEMBERS else own
        if not stretches or stretches[-1].rung is not rung:
            stretches.append(Stretch(step.since, rung))
    write(
        schedule,
        stretches,
        child_data=schedule.current.child_data,
        acting_user=leaving.acting_user,
        verb="document.drawn-back-by-leaving",
        organisation=leaving.acting_organisation,
    )


def _place_for(leaving: Leaving, workspace: Workspace) -> Workspace:
    """Open a workspace of the organisation's own, with those of its people who were in that one."""
    place = open_workspace(
        leaving.organisation,
        name=workspace.name,
        language=workspace.language,
        need_to_know=workspace.need_to_know,
        acting_user=None,
        as_system=True,
    )
    held = Affiliation.objects.in_force().filter(organisation=leaving.organisation)
    people = set(held.values_list("person", flat=True))
    for placement in leaving.placements:
        if placement.workspace_id == workspace.pk and placement.person_id in people:
            begin_membership(
                place,
                placement.person,
                organisation=leaving.organisation,
                role=placement.role,
                since=leaving.at,
            )
    return place


def _folder_like(
    leaving: Leaving,
    place: Workspace,
    tree: Tree,
    folder: Folder | None,
    made: dict[int, Folder],
    document: Document,
) -> Folder | None:
    """Return the folder of `place` that answers to `folder`, made with those above it."""
    above: Folder | None = None
    for step in tree.path(folder):
        if step.pk not in made:
            made[step.pk] = Folder.objects.create(
                workspace=place,
                parent=above,
                name=step.name,
                key=step.key,
                organisation=leaving.organisation,
                created_by=document.created_by,
            )
            audit.record(
                "folder.made",
                acting_user=leaving.acting_user,
                acting_organisation=leaving.acting_organisation,
                thing=made[step.pk],
                parent=str(above.uuid) if above else "",
            )
        above = made[step.pk]
    return above


def _end_what_its_people_held(leaving: Leaving, workspace: Workspace) -> None:
    """End reservations and requests of its people for documents that are not theirs any more."""
    reserved = Document.objects.filter(
        workspace=workspace,
        reservations__organisation=leaving.organisation,
        reservations__until__gt=leaving.at,
    )
    for document in reserved.select_related("owner", "workspace__coalition").distinct():
        end_reservations_without_right(document, leaving.acting_user)
    asked = ShareRequest.objects.open().with_names().filter(document__workspace=workspace)
    for request in asked.filter(organisation=leaving.organisation):
        seen = Document.objects.visible_to(viewer_for(request.person))
        if not seen.filter(pk=request.document_id).exists():
            close(request, ShareRequest.Outcome.OVERTAKEN, acting_user=leaving.acting_user)
