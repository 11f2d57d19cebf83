"""The kinds of file that the portal keeps: their media type, endings, and what can be shown.

Invariant: a version's `media_type` is one of these codes, decided from the file's content.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class MediaKind:
    """One kind of file. `endings`: the first is the one a file gets when its own misleads."""

    media_type: str
    name: str | Promise
    endings: tuple[str, ...]
    family: str


_OOXML = "application/vnd.openxmlformats-officedocument."
_ODF = "application/vnd.oasis.opendocument."

PDF = MediaKind("application/pdf", _("PDF"), (".pdf",), "pdf")
DOCX = MediaKind(_OOXML + "wordprocessingml.document", _("Word"), (".docx",), "docx")
PPTX = MediaKind(_OOXML + "presentationml.presentation", _("PowerPoint"), (".pptx",), "pptx")
XLSX = MediaKind(_OOXML + "spreadsheetml.sheet", _("Excel"), (".xlsx",), "xlsx")
ODT = MediaKind(_ODF + "text", _("OpenDocument text"), (".odt",), "odf")
ODP = MediaKind(_ODF + "presentation", _("OpenDocument slides"), (".odp",), "odf")
ODS = MediaKind(_ODF + "spreadsheet", _("OpenDocument sheets"), (".ods",), "odf")
ENCRYPTED_OFFICE = MediaKind(
    "application/x-encrypted-office",
    _("Encrypted Office file"),
    (".docx", ".pptx", ".xlsx"),
    "locked",
)
TEXT = MediaKind("text/plain", _("Text"), (".txt",), "text")
MARKDOWN = MediaKind("text/markdown", _("Markdown"), (".md", ".markdown"), "text")
CSV = MediaKind("text/csv", _("CSV"), (".csv",), "text")
HTML = MediaKind("text/html", _("HTML"), (".html", ".htm"), "html")
JPEG = MediaKind("image/jpeg", _("JPEG picture"), (".jpg", ".jpeg"), "image")
PNG = MediaKind("image/png", _("PNG picture"), (".png",), "image")
WEBP = MediaKind("image/webp", _("WebP picture"), (".webp",), "image")

KINDS: dict[str, MediaKind] = {
    kind.media_type: kind
    for kind in (
        PDF, DOCX, PPTX, XLSX, ODT, ODP, ODS, ENCRYPTED_OFFICE,
        TEXT, MARKDOWN, CSV, HTML, JPEG, PNG, WEBP,
    )
}  # fmt: skip
ENDINGS: dict[str, MediaKind] = {
    ending: kind
    for kind in KINDS.values()
    if kind is not ENCRYPTED_OFFICE
    for ending in kind.endings
}
ALLOWED_NAMES = _(
    "PDF, Word (.docx), PowerPoint (.pptx), Excel (.xlsx), OpenDocument (.odt, .odp, .ods), "
    "text, Markdown, CSV, HTML, JPEG, PNG and WebP"
)


def kind_of(media_type: str) -> MediaKind:
    """Return the kind of a stored media type; plain text for one that is no longer known."""
    return KINDS.get(media_type, TEXT)


def has_page_images(media_type: str) -> bool:
    """Return whether pages of such a file can be shown as pictures."""
    return kind_of(media_type).family in {"pdf", "image"}
