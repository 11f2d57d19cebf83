"""Addresses that are keys stay out of the proxy's log: nginx.conf is held against the routes."""

import re
from collections.abc import Iterator

import pytest
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.converters import StringConverter

from tests.repository.project import ROOT

CONFIGURATION = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
KEYS = {"secret", "token", "key"}
# Wagtail's own screens, which nobody enters by an address alone.
ELSEWHERE = ("admin/", "static/")


def routes(resolver: URLResolver, before: str = "") -> Iterator[tuple[str, dict[str, object]]]:
    """Give each route as it is written, with what it takes."""
    for entry in resolver.url_patterns:
        route = before + str(entry.pattern).removeprefix("^").removesuffix("$")
        if route.startswith(ELSEWHERE):
            continue
        if isinstance(entry, URLPattern):
            taken: dict[str, object] = dict(entry.pattern.converters)
            for name in entry.pattern.regex.groupindex:
                taken.setdefault(name, StringConverter())
            yield route, taken
        else:
            yield from routes(entry, route)


def with_keys() -> list[str]:
    found = [
        route
        for route, taken in routes(get_resolver())
        if any(name in KEYS and type(kind) is StringConverter for name, kind in taken.items())
    ]
    filled = [re.sub(r"<[^>]*>", "k3Y", re.sub(r"\(\?P<\w+>[^)]*\)", "k3Y", one)) for one in found]
    return sorted({"/" + one for one in filled})


def is_logged(address: str) -> bool:
    rules = re.search(r"map \$uri \$is_logged \{(.*?)\n\}", CONFIGURATION, re.DOTALL)
    assert rules
    return not any(
        re.search(pattern, address) for pattern in re.findall(r"~(\S+) 0;", rules.group(1))
    )


def test_the_routes_with_keys_are_found() -> None:
    assert len(with_keys()) >= 5
    for part in ("links", "invitations", "alerts", "feeds", "password/reset/key"):
        assert any(f"/{part}/" in address for address in with_keys()), part


@pytest.mark.parametrize("address", with_keys())
def test_an_address_that_is_a_key_is_not_logged(address: str) -> None:
    assert not is_logged(address)
    assert not is_logged(re.sub("^/en(-us)?/", "/pt-br/", address))


@pytest.mark.parametrize("address", ["/", "/en/", "/en/documents/links/", "/en/account/login/"])
def test_everything_else_is_logged(address: str) -> None:
    assert is_logged(address)


def test_nor_as_the_page_that_a_request_came_from() -> None:
    """Style sheets are fetched by pages whose addresses are keys, and would name them."""
    used = re.findall(r"access_log \S+ (\S+) if=\$is_logged;", CONFIGURATION)
    assert used == ["without_referrer"]
    assert "referer" not in CONFIGURATION
    assert CONFIGURATION.count("access_log") == 1
