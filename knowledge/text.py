"""An article's words, for those who count, search or deliver them.

Invariant: a link to a document adds no word, neither its note nor its reference: whether the
document exists is not for every reader of the article to know.
"""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from wagtail.rich_text import get_text_for_indexing

from coalitions.access import Viewer
from knowledge.body import BodyAccess, access_of
from knowledge.models import ArticlePage


def article_text(article: ArticlePage) -> str:
    """Return the words of the body, a paragraph per part; without title and summary."""
    return "\n\n".join(part for part in _parts(article.body) if part.strip())


def _parts(body: Any) -> Iterator[str]:
    for block in body:
        value = block.value
        if block.block_type == "rich_text":
            yield get_text_for_indexing(value.source)
        elif block.block_type in ("heading", "key_message"):
            yield str(value)
        elif block.block_type == "quotation":
            yield f"{value['text']}\n{value['attribution']}"
        elif block.block_type == "legal_source":
            yield f"{value['instrument']}, {value['provision']}\n{value['text']}"
        elif block.block_type == "table":
            rows = "\n".join(" | ".join(str(cell) for cell in row) for row in value["rows"])
            yield f"{value['caption']}\n{rows}"
        elif block.block_type == "image":
            yield str(value.get("caption") or "")


def body_as_data(
    article: ArticlePage, viewer: Viewer, request: HttpRequest | None = None
) -> list[dict[str, Any]]:
    """Return the body as plain data for `viewer`: pairs of `type` and `value`."""
    access = access_of(article.body, viewer, request)
    return [data for block in article.body if (data := _as_data(block, access)) is not None]


def _as_data(block: Any, access: BodyAccess) -> dict[str, Any] | None:
    value: Any = block.value
    if block.block_type == "rich_text":
        data: Any = str(access.prose(value.source))
    elif block.block_type == "document_link":
        document = access.document(value.get("document"))
        if document is None:
            return None
        data = {
            "uuid": str(document.uuid),
            "reference": document.reference,
            "title": document.title,
            "language": document.language,
            "note": value.get("note") or "",
        }
    elif block.block_type == "table":
        data = {
            "caption": value["caption"],
            "rows": [[str(cell) for cell in row] for row in value["rows"]],
        }
    elif block.block_type == "image":
        image = value.get("image")
        if image is None:
            return None
        data = {
            "alternative_text": image.contextual_alt_text or "",
            "caption": value.get("caption") or "",
            "credit": image.credit,
        }
    elif block.block_type in ("quotation", "legal_source"):
        data = {name: str(part or "") for name, part in value.items()}
    else:
        data = str(value)
    return {"type": block.block_type, "value": data}
