"""A person's language: the cookie that says it, and addresses in it."""

from typing import TypeVar
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpResponseBase
from django.urls import Resolver404, resolve, translate_url

Response = TypeVar("Response", bound=HttpResponseBase)


def spoken(code: str) -> str:
    """Return `code` where the interface speaks it, else the default language."""
    return code if code in settings.INTERFACE_LANGUAGES else settings.LANGUAGE_CODE


def address_in(code: str, url: str) -> str:
    """Return `url` in the language `code`; pages of the knowledge base stay as they are.

    An article that was asked for in one language may not exist in another.
    """
    try:
        match = resolve(urlsplit(url).path)
    except Resolver404:
        return url
    if match.url_name == "wagtail_serve":
        return url
    return translate_url(url, spoken(code))


def remember_language(response: Response, code: str) -> Response:
    """Return `response` with the cookie that keeps addresses without a language in `code`."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        spoken(code),
        max_age=settings.LANGUAGE_COOKIE_AGE,
        path=settings.LANGUAGE_COOKIE_PATH,
        domain=settings.LANGUAGE_COOKIE_DOMAIN,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response
