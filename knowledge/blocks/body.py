"""The list of parts that an article's body may hold."""

from typing import Any

from wagtail import blocks

from knowledge.blocks.document_link import DocumentLinkBlock
from knowledge.blocks.legal_source import LegalSourceBlock
from knowledge.blocks.picture import PictureBlock
from knowledge.blocks.table import TableBlock
from knowledge.blocks.text import HeadingBlock, KeyMessageBlock, ProseBlock, QuotationBlock


class ArticleBlocks(blocks.StreamBlock):
    """Heading, text, quotation, legal source, table, key message, document, picture."""

    heading: Any = HeadingBlock()
    rich_text: Any = ProseBlock()
    quotation: Any = QuotationBlock()
    legal_source: Any = LegalSourceBlock()
    table: Any = TableBlock()
    key_message: Any = KeyMessageBlock()
    document_link: Any = DocumentLinkBlock()
    image: Any = PictureBlock()
