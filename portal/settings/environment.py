"""Reading settings from the environment; a bad one ends the process in one line that names it."""

import sys
import warnings
from typing import Any, NoReturn

import environ
from django.core.exceptions import ImproperlyConfigured


def refuse(variable: str, why: str) -> NoReturn:
    """End the process with one line; a traceback would bury the variable's name."""
    sys.exit(f"{variable}: {why}")


class Environment(environ.Env):
    """django-environ's reader, with its errors said so that an operator can act on them."""

    def get_value(self, var: str, *args: Any, **kwargs: Any) -> Any:
        """Return the value in the type asked for, or refuse."""
        try:
            return super().get_value(var, *args, **kwargs)
        except ImproperlyConfigured:
            refuse(var, "set it")
        except (TypeError, ValueError):
            refuse(var, "has a value of the wrong kind; .env.example shows how it is written")

    def db_url(self, var: str = "DATABASE_URL", *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Return Django's database settings, or refuse."""
        parsed = self._address(super().db_url, var, *args, **kwargs)
        if not parsed.get("ENGINE"):
            refuse(var, "is no database address; write postgres://user:password@host/portal")
        return parsed

    def email_url(self, var: str = "EMAIL_URL", *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Return Django's mail settings, or refuse."""
        return self._address(super().email_url, var, *args, **kwargs)

    def _address(self, read: Any, var: str, *args: Any, **kwargs: Any) -> dict[str, Any]:
        try:
            with warnings.catch_warnings():
                # An engine it does not know is a warning there; here it is refused.
                warnings.simplefilter("ignore")
                parsed: dict[str, Any] = read(var, *args, **kwargs)
        except (ImproperlyConfigured, KeyError, TypeError, ValueError):
            refuse(var, "is no address of a kind known here; .env.example shows how it is written")
        return parsed
