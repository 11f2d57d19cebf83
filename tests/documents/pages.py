"""What tests of pages share: a document of three pages, and clients."""

import re
from typing import Any

from django.http import HttpResponse
from django.test import Client

from coalitions.documents.models import Document
from portal.accounts.models import User


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


def page_of(document: Document, end: str = "") -> str:
    return f"/en/documents/{document.uuid}/{end}"
