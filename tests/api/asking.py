"""Asking the API in tests: tokens, and what comes back."""

import json
from typing import Any

from django.test import Client

from coalitions.network.models import Organisation
from portal.api.models import ApiToken
from portal.api.services.tokens import create_token

API = "/api/v1/"
PROBLEM = "application/problem+json"


def token_for(
    organisation: Organisation, *scopes: str, days: int = 30
) -> tuple[ApiToken, dict[str, str]]:
    """Return a token of `organisation` and the header that carries it."""
    count = ApiToken.objects.count()
    token, key = create_token(
        organisation,
        name=f"token {count}",
        scopes=scopes,
        days=days,
        acting_user=None,
        as_system=True,
    )
    return token, bearer(key)


def bearer(key: str) -> dict[str, str]:
    """Return the header that carries `key`."""
    return {"Authorization": f"Bearer {key}"}


def ask(path: str, headers: dict[str, str] | None = None, client: Client | None = None) -> Any:
    """Return the answer to GET of an address below /api/v1/."""
    return (client or Client()).get(API + path, headers=headers or {})


def ids(path: str, headers: dict[str, str] | None = None, client: Client | None = None) -> set[str]:
    """Return the ids of all items of a list, page after page."""
    found: list[str] = []
    answer = ask(path, headers, client)
    while True:
        assert answer.status_code == 200, answer.content
        body = answer.json()
        found += [item["id"] for item in body["results"]]
        if body["next"] is None:
            break
        answer = (client or Client()).get(body["next"], headers=headers or {})
    assert len(found) == len(set(found)), "an item came twice"
    return set(found)


def is_problem(answer: Any, status: int) -> dict[str, Any]:
    """Assert that this is a problem of `status`; return its body."""
    assert answer.status_code == status, answer.content
    assert answer.headers["Content-Type"] == PROBLEM
    body: dict[str, Any] = json.loads(answer.content)
    assert body["status"] == status
    assert body["title"]
    assert body["detail"]
    return body
