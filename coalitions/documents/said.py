"""What the metadata of an upload in parts says about its document, at the start and at the end.

Invariant: at the end only what the person may still say is taken; the rest is left out.
"""

from typing import Any

from coalitions.access import Viewer
from coalitions.documents.services.details import Details
from coalitions.network.models import DocumentType, Programme, Theme

# Ten digits may go beyond what an integer column holds.
_KEY_DIGITS = 9
_MOST = 200


def said_in(metadata: dict[str, str]) -> dict[str, Any]:
    """Return what the metadata says, as the upload form takes it."""
    return {
        "type": metadata.get("type", ""),
        "themes": [key for key in metadata.get("themes", "").split(",") if key],
        "programme": metadata.get("programme", ""),
        "authors_out": metadata.get("authorsOut") == "1",
    }


def details_from(metadata: dict[str, str], viewer: Viewer) -> Details:
    """Return what the metadata says of a document, as far as this person may say it now."""
    said, found = said_in(metadata), Details()
    if kind := DocumentType.objects.filter(pk__in=_keys(said["type"])).first():
        found["type"] = kind
    if themes := list(Theme.objects.filter(pk__in=_keys(*said["themes"]))):
        found["themes"] = themes
    programmes = Programme.objects.visible_to(viewer)
    if programme := programmes.filter(pk__in=_keys(said["programme"])).first():
        found["programme"] = programme
    return found


def _keys(*written: str) -> list[int]:
    return [int(key) for key in written[:_MOST] if key.isdecimal() and len(key) <= _KEY_DIGITS]
