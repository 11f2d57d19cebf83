"""What the services accept as names, codes and texts; the rest is refused in words."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from coalitions.language.characters import clean, has_signs
from coalitions.network.models import Country
from coalitions.network.services.refusals import Refused

NAME_LIMIT = 200
RESERVED_SLUGS = frozenset({"new"})
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_is_web_address = URLValidator(schemes=["http", "https"])


def clean_line(text: str, *, limit: int = NAME_LIMIT) -> str:
    """Return one line without surplus space, "" where nothing can be seen of it.

    Refuses what cannot be kept.
    """
    line = " ".join(clean(text).split())
    if clean(text) != text:
        raise Refused(_("The text holds a character that cannot be kept. Type it again."))
    if len(line) > limit:
        raise Refused(
            _("“%(start)s…” is too long. Use %(limit)d characters or fewer.")
            % {"start": line[:20], "limit": limit}
        )
    # A name of joiners and direction marks alone would be nobody's.
    return line if has_signs(line) else ""


def clean_names(names: Mapping[str, str]) -> dict[str, str]:
    """Return names by language, at least one."""
    kept = {code: clean_line(name) for code, name in names.items()}
    kept = {code: name for code, name in kept.items() if name}
    if not kept:
        raise Refused(_("Give a name in at least one language."))
    clean_languages(kept)
    return kept


def clean_text(text: str, *, limit: int = 2000) -> str:
    """Return a longer text; refuse what cannot be kept."""
    if clean(text) != text:
        raise Refused(_("The text holds a character that cannot be kept. Type it again."))
    if len(text) > limit:
        raise Refused(
            _("The text is too long. Use %(limit)d characters or fewer.") % {"limit": limit}
        )
    return text.strip()


def clean_languages(codes: Iterable[str]) -> list[str]:
    """Return language codes in order, each once."""
    found = list(dict.fromkeys(code.strip().lower() for code in codes if code.strip()))
    for code in found:
        if not _LANGUAGE.fullmatch(code):
            raise Refused(
                _("“%(code)s” is no language code. Use two or three letters, such as en or ar.")
                % {"code": code[:20]}
            )
    return found


def clean_interface_language(code: str) -> str:
    """Return `code` when the interface speaks it, else English."""
    return code if code in settings.INTERFACE_LANGUAGES else "en"


def clean_website(address: str) -> str:
    """Return a web address or nothing."""
    address = address.strip()
    if not address:
        return ""
    try:
        _is_web_address(address)
    except ValidationError as error:
        raise Refused(
            _("“%(address)s” is no web address. Write it like https://example.org.")
            % {"address": address[:60]}
        ) from error
    if len(address) > 200:
        raise Refused(_("The web address is too long. Use 200 characters or fewer."))
    return address


def countries_of(codes: Iterable[str]) -> list[Country]:
    """Return the countries of ISO 3166-1 codes; refuse unknown ones by name."""
    wanted = list(dict.fromkeys(code.strip().upper() for code in codes if code.strip()))
    known = {country.code: country for country in Country.objects.filter(code__in=wanted)}
    for code in wanted:
        if code not in known:
            raise Refused(
                _("“%(code)s” is no country. Use a two-letter code of ISO 3166-1, such as NL.")
                % {"code": code[:20]}
            )
    return [known[code] for code in wanted]


def clean_choice(value: str, choices: type[models.TextChoices]) -> str:
    """Return `value` when it is one of `choices`; refuse it otherwise and list them."""
    if value not in choices.values:
        raise Refused(
            _("“%(value)s” is not known here. Use one of: %(choices)s.")
            % {"value": value[:40], "choices": ", ".join(choices.values)}
        )
    return value


def free_slug(model: type[models.Model], name: str, fallback: str) -> str:
    """Return an unused short name for addresses, made from `name`."""
    base = slugify(name)[:70].strip("-") or fallback
    slug, number = base, 1
    while slug in RESERVED_SLUGS or model._default_manager.filter(slug=slug).exists():
        number += 1
        slug = f"{base}-{number}"
    return slug


def start_of(since: datetime | None, *, as_system: bool) -> datetime:
    """Return when a new dated row begins. Only the system itself may date back."""
    now = timezone.now()
    if since is None:
        return now
    if since < now and not as_system:
        raise Refused(_("A start in the past cannot be given."))
    return since


def actor_of(acting_user: Any | None, *, as_system: bool) -> Any | None:
    """Return whom the audit names: nobody when the system itself acts."""
    return None if as_system else acting_user
