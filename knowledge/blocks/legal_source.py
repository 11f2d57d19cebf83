"""A provision of a treaty, law or general comment, in its own words."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks


class LegalSourceBlock(blocks.StructBlock):
    """One provision of one instrument, with the official page where there is one."""

    instrument = blocks.CharBlock(
        label=_("Instrument"),
        max_length=255,
        help_text=_("For example: Convention on the Rights of the Child"),
    )
    provision = blocks.CharBlock(
        label=_("Provision"), max_length=120, help_text=_("For example: Article 37(b)")
    )
    text = blocks.TextBlock(label=_("Words of the provision"))
    url = blocks.URLBlock(label=_("Official page"), required=False)

    class Meta:
        icon = "doc-full-inverse"
        label = _("Legal source")
        template = "knowledge/blocks/legal_source.html"
