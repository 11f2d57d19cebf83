"""A picture with a caption. Its file is served by our own view, which checks who asks."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images.blocks import ImageBlock


class PictureBlock(blocks.StructBlock):
    """No faces of children: the editors' guide says so, and the help text repeats it."""

    image = ImageBlock(
        label=_("Picture"), help_text=_("A diagram or a place. Never the face of a child.")
    )
    caption = blocks.CharBlock(label=_("Caption"), required=False, max_length=255)

    class Meta:
        icon = "image"
        label = _("Picture")
        template = "knowledge/blocks/picture.html"
