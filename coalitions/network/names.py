"""Names kept by language: {"en": "...", "nl": "..."}, and the one to show."""

from collections.abc import Mapping

from django.utils.translation import get_language


def local_name(names: Mapping[str, str], fallback: str = "") -> str:
    """Return the name in the active language, else English, else any, else `fallback`."""
    language = (get_language() or "en").split("-")[0]
    return names.get(language) or names.get("en") or next(iter(names.values()), fallback)


def name_language(names: Mapping[str, str]) -> str:
    """Return the language of what `local_name` shows, for the lang attribute."""
    language = (get_language() or "en").split("-")[0]
    if names.get(language):
        return language
    return "en" if names.get("en") else next(iter(names), "en")
