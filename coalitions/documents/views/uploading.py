"""Sending files into a workspace, and new versions of a document.

Invariant: every file gets its own answer; what was typed stays when one is refused; a page that
is sent twice stores once.
"""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from coalitions.access import Rung
from coalitions.documents import services
from coalitions.documents.authors import has_traces
from coalitions.documents.forms import UploadForm, VersionForm
from coalitions.documents.incoming import already_here, examine, sent_before
from coalitions.documents.models import Document, DocumentVersion, Folder, ResumableUpload
from coalitions.documents.permissions import let_contribute, start_of, starting_rungs
from coalitions.documents.reach import Reach
from coalitions.documents.refusals import FileRefused
from coalitions.documents.reserved import told_of
from coalitions.documents.space import warnings_for
from coalitions.documents.tree import Tree
from coalitions.documents.upload_handlers import refused_uploads
from coalitions.documents.uploads.words import words
from coalitions.documents.views.finding import (
    context_for,
    folder_in,
    rights_or_refuse,
    viewer_of,
    visible_document,
    visible_workspace,
)
from coalitions.network.models import Workspace, WorkspaceMembership


@dataclass(frozen=True)
class Outcome:
    """What became of one file that was not refused: stored, or here already."""

    name: str
    version: DocumentVersion
    stored: bool

    @property
    def tells(self) -> bool:
        """Whether such files say who made them."""
        return self.stored and has_traces(self.version.media_type)


@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Take several files in one plain form, and say what became of each."""
    place = visible_workspace(request, uuid)
    membership = let_contribute(request.user, place)
    tree = Tree.of(place)
    folder = folder_in(tree, request.GET.get("in", ""))
    options = options_of(request, place, membership)
    outcomes: list[Outcome] = []
    if request.method == "POST":
        form = UploadForm(request.POST, request.FILES, **options)
        if form.is_valid():
            outcomes = _take(request, place, folder, form)
        else:
            _explain_refused(request, form, "uploads")
        if outcomes and form.is_valid() and all(outcome.stored for outcome in outcomes):
            asked = {"in": folder.uuid} if folder else {}
            query = urlencode({**asked, "sent": form.cleaned_data["submission"]})
            return redirect(f"{reverse('documents:upload', args=[place.uuid])}?{query}")
    else:
        form = UploadForm(**options)
        outcomes = _sent(request, place)
    return render(
        request,
        "documents/upload.html",
        {
            "workspace": place,
            "folder": folder,
            "path": tree.path(folder),
            "membership": membership,
            "form": form,
            "outcomes": outcomes,
            "unfinished": _unfinished(request, place),
            "upload_days": settings.UPLOAD_KEPT_DAYS,
            "words": words(),
            "space_warnings": warnings_for(request.user, place, membership.organisation),
        },
        status=form.status,
    )


def _unfinished(request: HttpRequest, place: Workspace) -> QuerySet[ResumableUpload]:
    """Return what this person began to send here, is not done, and can still go on."""
    own = ResumableUpload.objects.visible_to(viewer_of(request))
    return own.filter(
        workspace=place, state=ResumableUpload.State.SENDING, expires__gt=timezone.now()
    )


def options_of(
    request: HttpRequest, place: Workspace, membership: WorkspaceMembership
) -> dict[str, Any]:
    """Return what the form offers this person."""
    organisation = membership.organisation
    reach = Reach(viewer_of(request), place, organisation)
    offered = starting_rungs(request.user, place, organisation)
    start = start_of(place, offered)
    return {"steps": reach.steps(offered), "start": start, "viewer": reach.viewer}


def _take(
    request: HttpRequest, place: Workspace, folder: Folder | None, form: UploadForm
) -> list[Outcome]:
    """Store what can be stored; put an error on the form for each other file."""
    outcomes: list[Outcome] = []
    files: list[UploadedFile[Any]] = form.cleaned_data["uploads"]
    refused = _explain_refused(request, form, "uploads")
    if not files and not refused:
        form.add_error("uploads", _("Choose one file or more."))
    for file in files:
        try:
            outcomes.append(_store(request, place, folder, form, file))
        except FileRefused as error:
            form.refuse("uploads", file.name or "", error)
    return outcomes


def _store(
    request: HttpRequest,
    place: Workspace,
    folder: Folder | None,
    form: UploadForm,
    file: "UploadedFile[Any]",
) -> Outcome:
    values, name = form.cleaned_data, file.name or ""
    incoming = examine(file, name, authors_out=values["authors_out"])
    sha256 = incoming.sha256
    again = values["store_again"] or sent_before(request.user, values["submission"], sha256)
    known = None if again else already_here(viewer_of(request), sha256)
    if known is not None:
        return Outcome(name, known, stored=False)
    document = services.add_document(
        acting_user=request.user,
        workspace=place,
        content=incoming.content,
        name=name,
        folder=folder,
        language=values["language"],
        rung=Rung(values["rung"]),
        child_data=values["child_data"],
        shows_child=values["shows_child"],
        submission=values["submission"],
    )
    services.add_details(acting_user=request.user, document=document, **form.said())
    assert document.current_version is not None
    return Outcome(name, document.current_version, stored=True)


def _explain_refused(request: HttpRequest, form: Any, field: str) -> bool:
    """Say which files the upload handler did not take; return whether there were any."""
    refused = refused_uploads(request, field)
    for name, code in refused:
        form.refuse(field, name, FileRefused(code))
    return bool(refused)


def _sent(request: HttpRequest, place: Workspace) -> list[Outcome]:
    """Return what this person stored here with the form named in the address."""
    try:
        submission = UUID(request.GET.get("sent", ""))
    except ValueError:
        return []
    versions = (
        DocumentVersion.objects.filter(
            uploader=request.user.pk,
            submission=submission,
            document__in=Document.objects.visible_to(viewer_of(request)).filter(workspace=place),
        )
        .select_related("document")
        .order_by("pk")
    )
    return [Outcome(version.name, version, stored=True) for version in versions]


@require_http_methods(["GET", "HEAD", "POST"])
def new_version(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Take a new version of the document."""
    found = visible_document(request, uuid)
    acting = rights_or_refuse(request, found, "add_version").organisation
    assert acting is not None  # whoever adds a version does so for an organisation
    form = VersionForm()
    if request.method == "POST":
        form = VersionForm(request.POST, request.FILES)
        if form.is_valid():
            added = _add_version(request, found, form)
            if added is not None:
                messages.success(
                    request, _("Version %(number)s was stored.") % {"number": added.number}
                )
                return redirect("documents:document", found.uuid)
        else:
            _explain_refused(request, form, "file")
    told = told_of(found, viewer_of(request))
    return render(
        request,
        "documents/add_version.html",
        context_for(
            request,
            found,
            form=form,
            reservation=told,
            space_warnings=warnings_for(request.user, found.workspace, acting),
        ),
        status=form.status,
    )


def _add_version(request: HttpRequest, found: Any, form: VersionForm) -> DocumentVersion | None:
    file: UploadedFile[Any] | None = form.cleaned_data["file"]
    if _explain_refused(request, form, "file"):
        return None
    if file is None:
        form.add_error("file", _("Choose a file."))
        return None
    name = file.name or ""
    submission = form.cleaned_data["submission"]
    try:
        incoming = examine(file, name, authors_out=form.cleaned_data["authors_out"])
        sha256 = incoming.sha256
        same = found.versions.filter(sha256=sha256).first()
        if same is not None and not sent_before(request.user, submission, sha256):
            form.add_error(
                "file",
                _("“%(name)s” is already here as version %(number)s. Choose another file.")
                % {"name": name, "number": same.number},
            )
            return None
        return services.add_version(
            acting_user=request.user,
            document=found,
            content=incoming.content,
            name=name,
            note=form.cleaned_data["note"],
            submission=submission,
        )
    except FileRefused as error:
        form.refuse("file", name, error)
        return None
