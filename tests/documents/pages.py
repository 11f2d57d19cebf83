"""What tests of pages share: clients, addresses, and what is read of an answer."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from coalitions.documents.models import Document
from portal.accounts.models import User

if TYPE_CHECKING:
    from tests.documents.conftest import World


def client_of(user: User | None) -> Client:
    client = Client()
    if user is not None:
        client.force_login(user)
    return client


def get(user: User | None, path: str, **query: str) -> HttpResponse:
    return client_of(user).get(path, query)  # type: ignore[return-value]


def text_of(response: Any) -> str:
    """The page as it is read: without the row that a script copies for each file it sends."""
    return re.sub(r"<template>.*?</template>", "", response.content.decode(), flags=re.DOTALL)


def body_of(response: Any) -> bytes:
    """The bytes of an answer, also of one that is streamed."""
    return streamed(response) if response.streaming else response.content


def streamed(response: Any) -> bytes:
    """The bytes of an answer that has to be streamed."""
    return b"".join(response.streaming_content)


def page_of(document: Document, end: str = "") -> str:
    return f"/en/documents/{document.uuid}/{end}"


def upload_page(world: World) -> str:
    return f"/en/workspaces/{world.workspace.uuid}/upload/"


def send(
    world: World, *sent: SimpleUploadedFile, user: User | None = None, **fields: Any
) -> HttpResponse:
    """Send files by the plain form, and go where it leads."""
    fields = {"rung": "workspace", "recognisable": "no", "submission": str(uuid4()), **fields}
    return client_of(user or world.contributor).post(  # type: ignore[return-value]
        upload_page(world), {**fields, "uploads": list(sent)}, follow=True
    )
