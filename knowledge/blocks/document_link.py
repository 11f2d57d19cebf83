"""A link to a workspace document, written only for those who may see the document.

Invariant: what is stored says nothing about whether the document exists. The form takes any
well-formed reference, so that it cannot be used to ask which ones there are.
"""

import re
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError

_REFERENCE = re.compile(r"\bD-[0-9A-Z]{4,10}\b", re.IGNORECASE)
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)


def document_key(text: str) -> str:
    """Return the uuid or reference in what somebody typed or pasted, or "" when there is none."""
    if found := _UUID.search(text):
        return str(UUID(found.group()))
    if found := _REFERENCE.search(text):
        return found.group().upper()
    return ""


class DocumentLinkBlock(blocks.StructBlock):
    """`document`: a reference such as D-3F7K, or a uuid; `note`: why to read it."""

    document = blocks.CharBlock(
        label=_("Document"),
        max_length=255,
        help_text=_(
            "The reference (D-3F7K) or the address of the document. Readers who may not see the "
            "document see nothing of this part."
        ),
    )
    note = blocks.CharBlock(label=_("Why to read it"), required=False, max_length=255)

    def clean(self, value: Any) -> Any:
        """Keep the reference or uuid alone; refuse what holds neither."""
        cleaned = super().clean(value)
        key = document_key(cleaned["document"])
        if not key:
            message = _t("Write the reference of a document, for example D-3F7K.")
            raise StructBlockValidationError(block_errors={"document": ValidationError(message)})
        cleaned["document"] = key
        return cleaned

    def get_translatable_segments(self, value: Any) -> list[Any]:
        """Offer the note for translation; the reference is the same in every language."""
        from wagtail_localize.segments import StringSegmentValue

        return [StringSegmentValue("note", value.get("note") or "")]

    def restore_translated_segments(self, value: Any, segments: Any) -> Any:
        """Put the translated note back."""
        for segment in segments:
            if segment.path == "note":
                value["note"] = segment.render_text()
        return value

    class Meta:
        icon = "doc-full"
        label = _("Link to a document")
        template = "knowledge/blocks/document_link.html"
