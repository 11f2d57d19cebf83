"""The parts an article is made of.

Invariant: a part never shows what the reader may not see. Links to documents and to other articles
are resolved for the viewer when the page is written (`knowledge.body`), never when it is stored.
"""

from knowledge.blocks.body import ArticleBlocks
from knowledge.blocks.document_link import DocumentLinkBlock
from knowledge.blocks.legal_source import LegalSourceBlock
from knowledge.blocks.picture import PictureBlock
from knowledge.blocks.table import TableBlock
from knowledge.blocks.text import HeadingBlock, KeyMessageBlock, ProseBlock, QuotationBlock

__all__ = [
    "ArticleBlocks",
    "DocumentLinkBlock",
    "HeadingBlock",
    "KeyMessageBlock",
    "LegalSourceBlock",
    "PictureBlock",
    "ProseBlock",
    "QuotationBlock",
    "TableBlock",
]
