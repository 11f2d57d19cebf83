"""The first parts of addresses that belong to Django's routes, read from the URLconf itself."""

import re
from functools import cache

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import LocalePrefixPattern

_FIRST_PART = re.compile(r"^\^?([a-z0-9_-]+)/")


@cache
def reserved_slugs() -> frozenset[str]:
    """Return the slugs that no page directly below a home page may have."""
    found: set[str] = set()
    for entry in get_resolver().url_patterns:
        if isinstance(entry, URLResolver) and isinstance(entry.pattern, LocalePrefixPattern):
            for inner in entry.url_patterns:
                found |= _first_parts(inner, "")
    return frozenset(found)


def _first_parts(entry: URLPattern | URLResolver, prefix: str) -> set[str]:
    route = prefix + str(entry.pattern)
    if match := _FIRST_PART.match(route):
        return {match.group(1)}
    if isinstance(entry, URLResolver):
        return {slug for inner in entry.url_patterns for slug in _first_parts(inner, route)}
    return set()
