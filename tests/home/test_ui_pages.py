"""The frame of every page: head, navigation, language switch, error pages."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.http import Http404, HttpRequest
from django.template import engines
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation
from django.views.defaults import page_not_found, server_error

from portal.home.views.csrf import failure

PAGE = (
    "{% extends 'base.html' %}{% block title %}A page{% endblock %}"
    "{% block heading %}<h1>A page</h1>{% endblock %}"
)


class Person:
    """A signed-in person as far as the frame is concerned."""

    is_authenticated = True
    is_active = True
    is_staff = False
    name = "<b>Amina</b>"
    email = "<amina>@example.org"
    theme = ""
    pk = 1

    def __init__(self, theme: str = "") -> None:
        self.theme = theme

    def has_perm(self, name: str, obj: object = None) -> bool:
        return False

    def has_module_perms(self, name: str) -> bool:
        return False


def ask(path: str = "/en/organisations/?page=2&q=%C3%A9", user: Any = None) -> HttpRequest:
    request: HttpRequest = RequestFactory().get(path)
    request.user = user or AnonymousUser()
    return request


def write(
    source: str = PAGE, path: str = "/en/knowledge/?page=2", user: Any = None, **more: Any
) -> str:
    return str(engines["django"].from_string(source).render(more, ask(path, user)))


def test_the_page_names_itself_its_language_and_its_direction() -> None:
    with translation.override("ar"):
        written = write(path="/ar/knowledge/")
    assert '<html lang="ar" dir="rtl">' in written
    with translation.override("en"):
        written = write()
    assert '<html lang="en" dir="ltr">' in written
    assert "<title>A page – Network Portal</title>" in written
    assert written.count("<h1") == 1


@pytest.mark.parametrize(
    ("theme", "seen"), [("dark", True), ("light", True), ("x", False), ("", False)]
)
def test_the_persons_theme_is_written_by_the_server(theme: str, seen: bool) -> None:
    assert (f'data-theme="{theme}"' in write(user=Person(theme))) is seen


def test_the_language_switch_keeps_page_and_query() -> None:
    with translation.override("en"):
        written = write()
    for code, direction in (
        ("en", "ltr"),
        ("nl", "ltr"),
        ("fr", "ltr"),
        ("es", "ltr"),
        ("ar", "rtl"),
    ):
        languages = f'lang="{code}" hreflang="{code}" dir="{direction}"'
        link = rf'<a href="/{code}/knowledge/\?page=2" {languages}'
        assert re.search(link, written), code
    assert "/pt/" not in written
    assert "العربية" in written


def test_a_page_may_say_where_its_translations_are() -> None:
    with translation.override("en"):
        written = write(language_urls={"fr": "/fr/savoir/"})
    assert 'href="/fr/savoir/?page=2"' in written
    assert 'href="/nl/knowledge/?page=2"' in written


def test_search_stands_on_every_page_but_where_the_page_brings_its_own() -> None:
    if 'role="search"' not in write():
        pytest.skip("the search room has no address yet")
    assert 'role="search"' not in write(PAGE + "{% block header_search %}{% endblock %}")


def test_a_stranger_sees_no_private_places() -> None:
    written = write()
    assert "My work" not in written
    assert "Sign out" not in written
    assert "csrfmiddlewaretoken" not in written


def test_navigation_has_five_places_at_most() -> None:
    for user in (None, Person()):
        written = write(user=user)
        bar = written[written.index('id="site-nav"') : written.index("nav-account")]
        assert bar.count("<li>") <= 5
    with translation.override("en"):
        assert re.search(r'<a href="/en/knowledge/" aria-current="true">', bar)


def test_a_persons_name_is_escaped_and_signing_out_is_a_post() -> None:
    written = write(user=Person())
    assert "<amina>" not in written
    assert "<b>Amina" not in written
    assert "&lt;amina&gt;@example.org" in written
    if "Sign out" in written:
        form = written[: written.index("Sign out")].rindex("<form")
        assert 'method="post"' in written[form : form + 80]


def test_messages_stand_in_the_page_with_their_role() -> None:
    lines = [
        Message(constants.SUCCESS, "Shared <b>"),
        Message(constants.ERROR, "Too large"),
        Message(constants.WARNING, "Unread pages"),
        Message(constants.INFO, "Known"),
    ]
    written, silent = write(messages=lines), write()
    assert "Shared &lt;b&gt;" in written
    assert written.count('role="alert"') - silent.count('role="alert"') == 1
    assert written.count('role="status"') - silent.count('role="status"') == 3


def test_the_demonstration_says_what_it_is(settings: Any) -> None:
    settings.DEMO_MODE = True
    assert "demo-strip" in write()
    settings.DEMO_MODE = False
    assert "demo-strip" not in write()


def missing(path: str, user: Any = None) -> str:
    answer = page_not_found(ask(path, user), Http404("the secret title"))
    assert answer.status_code == 404
    return answer.content.decode()


def test_the_missing_page_tells_nothing() -> None:
    with translation.override("en"):
        one, other = missing("/en/knowledge/aaa/"), missing("/en/knowledge/bbb/")
    assert one.replace("aaa", "bbb") == other
    assert "secret" not in one
    assert "It may have moved, or it may not be shared with you." in one


def test_the_missing_page_offers_signing_in_to_strangers_only() -> None:
    person = missing("/en/knowledge/aaa/", Person())
    assert "Sign in" not in person
    stranger = missing("/en/knowledge/aaa/")
    if "account_login" in stranger or "next=" in stranger:
        assert "next=/en/knowledge/aaa/" in stranger


def test_forbidden_and_missing_are_one_page() -> None:
    request = ask()
    assert render_to_string("403.html", request=request) == render_to_string(
        "404.html", request=request
    )


def test_the_failing_page_stands_alone() -> None:
    with translation.override("ar"):
        answer = server_error(ask())
    assert answer.status_code == 500
    assert 'dir="rtl"' in answer.content.decode()


def test_an_expired_form_is_explained_without_its_reason() -> None:
    answer = failure(ask(), reason="CSRF cookie not set.")
    assert answer.status_code == 403
    assert "cookie not set" not in answer.content.decode()


def test_nothing_comes_from_elsewhere() -> None:
    written = write(user=Person())
    assert re.findall(r'(?:src|href|action)="(?:https?:)?//[^"]*"', written) == []
    assert "style=" not in written
    assert not re.search(r"<script(?![^>]*src=)", written)
