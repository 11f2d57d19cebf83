"""Tags of the article's parts.

Invariant: without a `BodyAccess` in the context nothing is linked.
"""

from typing import Any

from django import template
from django.template import Context
from django.utils.safestring import SafeString

from coalitions.documents.models import Document
from knowledge.body import BodyAccess

register = template.Library()


def _access(context: Context) -> BodyAccess:
    access: Any = context.get("access")
    return access if isinstance(access, BodyAccess) else BodyAccess()


@register.simple_tag(takes_context=True)
def linked_document(context: Context, key: object) -> Document | None:
    """Return the document that a part links to, if the reader may see it."""
    return _access(context).document(key)


@register.simple_tag(takes_context=True)
def article_prose(context: Context, value: Any) -> SafeString:
    """Write rich text with the links that the reader may follow."""
    return _access(context).prose(value.source)
