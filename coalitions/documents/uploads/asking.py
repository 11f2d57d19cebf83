"""What a tus client asks for at the start: the metadata of a file, judged as a form's fields are.

Invariant: an audience, a language and a folder are those that the upload page offers this person.
"""

from __future__ import annotations

import re
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _

from coalitions.access import Rung
from coalitions.documents.folder_names import LONGEST, FolderRefused, folder_name
from coalitions.documents.forms import UploadForm
from coalitions.documents.full import NO_ROOM, disk_has_room
from coalitions.documents.models import Folder
from coalitions.documents.refusals import FileRefused
from coalitions.documents.said import said_in
from coalitions.documents.services import Chosen
from coalitions.documents.uploads import protocol
from coalitions.documents.uploads.parts import parts_folder
from coalitions.documents.uploads.protocol import Refused
from coalitions.network.models import Workspace

_SIGNS: Final = re.compile(r'[\\:*?"<>|\x00-\x1f]')


def chosen_in(request: HttpRequest, place: Workspace, options: dict[str, Any]) -> Chosen:
    """Return what the headers of a POST ask for, or raise Refused with words.

    `options`: of UploadForm. Keys of the metadata: filename, relativePath (its folders), folder
    (a uuid), rung, recognisable, consent, language, storeAgain, type, programme, themes (with
    commas between), authorsOut; all from rung on as the form names them. A program that knows
    says childData=1 instead of the two answers.
    """
    if "Upload-Defer-Length" in request.headers:
        raise Refused(400, _("The length of a file must be said at the start."))
    length = protocol.number(request.headers.get("Upload-Length"), "Upload-Length")
    written = request.headers.get("Upload-Metadata", "")
    said = protocol.metadata(written)
    answers = {"recognisable": said.get("recognisable", "no"), "consent": said.get("consent", "no")}
    if said.get("childData") == "1":
        answers = {"recognisable": "yes", "consent": "no"}
    values = {
        **answers,
        "rung": said.get("rung", options["start"].value),
        "language": said.get("language", ""),
        "store_again": said.get("storeAgain") == "1",
        **said_in(said),
    }
    form = UploadForm(values, **options)
    if not form.is_valid():
        raise Refused(
            400, " ".join(str(text) for errors in form.errors.values() for text in errors)
        )
    return Chosen(
        name=said.get("filename", ""),
        length=length,
        folder=_folder(place, said.get("folder", "")),
        path=folders_of(said.get("relativePath", "")),
        rung=Rung(form.cleaned_data["rung"]),
        child_data=form.cleaned_data["child_data"],
        shows_child=form.cleaned_data["shows_child"],
        language=form.cleaned_data["language"],
        store_again=form.cleaned_data["store_again"],
        metadata=written,
    )


def folders_of(relative_path: str) -> tuple[str, ...]:
    """Return the names that the folders of a file on somebody's disk get here."""
    steps = [step for step in relative_path.split("/")[:-1] if step.strip() not in ("", ".")]
    return tuple(_kept_name(step) for step in steps)


def words_of(code: str) -> str:
    """Return why an upload was refused at its end."""
    try:
        return FileRefused(code).message
    except KeyError:
        return FolderRefused(code).message


def let_room(length: int) -> None:
    """Raise Refused where the disk has no room for so many bytes."""
    if not disk_has_room(parts_folder(), length):
        raise no_room()


def no_room() -> Refused:
    """Return the answer to a file for which there is no room."""
    return Refused(
        NO_ROOM,
        _(
            "There is no room for this file at present. Nothing is lost: tell whoever looks after "
            "the portal, and go on later."
        ),
    )


def _kept_name(step: str) -> str:
    try:
        return folder_name(step)
    except FolderRefused:
        pass
    try:
        return folder_name(_SIGNS.sub("_", step)[:LONGEST])
    except FolderRefused:  # without a letter, or kept by some system for itself
        return folder_name(f"folder {_SIGNS.sub('_', step)}"[:LONGEST])


def _folder(place: Workspace, asked: str) -> Folder | None:
    if not asked:
        return None
    try:
        found: Folder | None = Folder.objects.standing_in(place).filter(uuid=UUID(asked)).first()
    except ValueError:
        found = None
    if found is None:
        raise Refused(404, FolderRefused("elsewhere").message)
    return found
