"""What tests of links for outsiders share: making one, and coming with one from outside."""

from typing import Any

from django.core.cache import cache
from django.test import Client

from coalitions.documents.models import Document, DocumentLink
from coalitions.documents.services.linking import Terms, make_link
from portal.accounts.models import User

WORDS = "lantern-beside-water"


def make(person: User, document: Document, **terms: Any) -> tuple[DocumentLink, str]:
    """Return a link and its secret: a week, three downloads, the newest version."""
    terms = {"password": WORDS, "days": 7, "downloads": 3, **terms}
    return make_link(acting_user=person, document=document, terms=Terms(**terms))


def knock(client: Client, secret: str, password: str = WORDS, **headers: str) -> Any:
    """Send the password."""
    return client.post("/en/links/", {"secret": secret, "password": password}, headers=headers)


def inside(secret: str) -> Client:
    """Return the browser of somebody who has given the right password."""
    cache.clear()
    client = Client()
    assert knock(client, secret).status_code == 302
    return client


def page_of(link: DocumentLink, end: str = "") -> str:
    return f"/en/links/open/{link.uuid}/{end}"
