"""The main navigation: at most five places, and which of them one is in.

Invariant: the entries depend on being signed in and on the address alone, never on what lies
behind them, so the navigation tells nothing about what exists.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.home.middleware import section_of


@dataclass(frozen=True)
class Place:
    """One entry of the navigation."""

    name: str | Promise
    url: str
    is_current: bool


# name, route, its arguments, first parts of the addresses that belong to it, only when signed in
_PLACES: tuple[tuple[Promise, str, tuple[str, ...], tuple[str, ...], bool], ...] = (
    (_("My work"), "home:my-work", (), ("my",), True),
    (
        _("Workspaces"),
        "network:workspaces",
        (),
        ("workspaces", "documents"),
        True,
    ),
    (_("Knowledge"), "wagtail_serve", ("knowledge/",), ("knowledge",), False),
    (_("Library"), "documents:public-library", (), ("libraries",), False),
    (_("Members"), "network:organisations", (), ("organisations", "coalitions"), False),
)


def places(request: HttpRequest) -> list[Place]:
    """Return the navigation of this request."""
    user = getattr(request, "user", None)
    signed_in = bool(user and user.is_authenticated)
    here = section_of(request.path)
    found = []
    for name, route, arguments, sections, needs_account in _PLACES:
        if needs_account and not signed_in:
            continue
        try:
            url = reverse(route, args=arguments)
        except NoReverseMatch:
            continue
        found.append(Place(name=name, url=url, is_current=here in sections))
    return found
