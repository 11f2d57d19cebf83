"""An empty installation comes to life: its site, languages and concepts, and the first person.

Invariant: both can be repeated. A second first administrator is refused: whoever has the shell
but finds the post taken must ask the one who holds it, or use the reset by mail.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from coalitions.network import audit
from knowledge.services.setup import ensure_groups, ensure_site
from knowledge.services.thesaurus import load_concepts
from portal.accounts.models import User
from portal.accounts.services.password_reset import reset_link

DEFAULT_PORTS = {"http": 80, "https": 443}


class CannotFound(Exception):
    """The installation cannot be set up so; the message says what to do."""


def waiting_migrations() -> int:
    """Return how many steps the database is behind the code."""
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _require_prepared_database() -> None:
    if waiting_migrations():
        raise CannotFound("The database is not prepared; run first: manage.py migrate")


def set_up_portal() -> None:
    """Bring languages, site, groups and concepts into being, or up to date with the settings."""
    address = urlsplit(settings.PUBLIC_URL)
    if address.scheme not in DEFAULT_PORTS or not address.hostname:
        raise CannotFound(
            f"PUBLIC_URL: {settings.PUBLIC_URL!r} is no address; write https://portal.example.org"
        )
    _require_prepared_database()
    port = address.port or DEFAULT_PORTS[address.scheme]
    with transaction.atomic():
        ensure_site(hostname=address.hostname, port=port, root_title=settings.WAGTAIL_SITE_NAME)
        ensure_groups()
        load_concepts()


def first_administrator(email: str) -> str:
    """Make the first administrator's account; return a link that sets its password, once."""
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError:
        raise CannotFound(f"{email!r} is no e-mail address.") from None
    _require_prepared_database()
    with transaction.atomic():
        if User.objects.filter(is_superuser=True).exists():
            raise CannotFound(
                "There is an administrator already. Sign in as that person to make others, or"
                " reset the password by mail."
            )
        if User.objects.filter(email__iexact=email).exists():
            raise CannotFound(f"{email} has an account already; give another address.")
        name = email.partition("@")[0][:120]
        user = User.objects.create_superuser(email, name=name)
        EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
        audit.record("accounts.first_administrator", acting_user=None, thing=user)
    return reset_link(user, user.language)
