"""Running text: headings, prose, quotations, key messages."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

FEATURES = ["bold", "italic", "ul", "ol", "link"]


class HeadingBlock(blocks.CharBlock):
    """A heading of the second level; the table of contents is made of these."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 200)
        super().__init__(**kwargs)

    class Meta:
        icon = "title"
        label = _("Heading")
        template = "knowledge/blocks/heading.html"


class ProseBlock(blocks.RichTextBlock):
    """Paragraphs and lists with bold, italic and links."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("features", FEATURES)
        super().__init__(**kwargs)

    class Meta:
        icon = "pilcrow"
        label = _("Text")
        template = "knowledge/blocks/rich_text.html"


class QuotationBlock(blocks.StructBlock):
    """Words of somebody, and who said them."""

    text = blocks.TextBlock(label=_("Words"))
    attribution = blocks.CharBlock(label=_("Who said them"), max_length=255)

    class Meta:
        icon = "openquote"
        label = _("Quotation")
        template = "knowledge/blocks/quotation.html"


class KeyMessageBlock(blocks.TextBlock):
    """The one thing that a hurried reader takes away."""

    class Meta:
        icon = "pick"
        label = _("Key message")
        template = "knowledge/blocks/key_message.html"
