"""Which routes the schema speaks of."""

from typing import Any


def only_v1(endpoints: list[Any]) -> list[Any]:
    """Keep the routes of API v1; Wagtail has routes of its own."""
    return [endpoint for endpoint in endpoints if endpoint[0].startswith("/api/v1/")]
