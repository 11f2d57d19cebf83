"""A small table: a caption, a header row, rows of equal length."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError


class TableBlock(blocks.StructBlock):
    """`rows`: the first one is the header, the first cell of each row names the row."""

    caption = blocks.CharBlock(label=_("Caption"), max_length=255)
    rows = blocks.ListBlock(
        blocks.ListBlock(
            blocks.CharBlock(required=False, max_length=1000, label=_("Cell")),
            label=_("Row"),
            min_num=1,
            max_num=8,
        ),
        label=_("Rows"),
        min_num=2,
        max_num=100,
        help_text=_("The first row is the header. All rows have the same number of cells."),
    )

    def clean(self, value: Any) -> Any:
        """Refuse rows of different length: a cell would stand under the wrong header."""
        cleaned = super().clean(value)
        if len({len(row) for row in cleaned["rows"]}) > 1:
            message = _t("Give every row as many cells as the first one.")
            raise StructBlockValidationError(block_errors={"rows": ValidationError(message)})
        return cleaned

    class Meta:
        icon = "table"
        label = _("Table")
        template = "knowledge/blocks/table.html"
