"""`manage.py api_token create|list|revoke`: an organisation's tokens, from the shell.

Invariant: the key is printed once, alone on standard output, so that it can be piped into a
secret store; everything else goes to standard error.
"""

from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from coalitions.network.models import Organisation
from coalitions.network.viewers import SCOPES
from portal.api.models import ApiToken
from portal.api.services.tokens import create_token, revoke_token


class Command(BaseCommand):
    help = "Make, list or revoke the API tokens of an organisation."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the three acts."""
        acts = parser.add_subparsers(dest="act", required=True)
        create = acts.add_parser("create", help="make a token and print its key")
        create.add_argument("--organisation", required=True, metavar="SLUG")
        create.add_argument(
            "--scope",
            action="append",
            default=[],
            dest="scopes",
            metavar="SCOPE",
            help=f"one of {', '.join(SCOPES)}; may be repeated",
        )
        create.add_argument("--days", type=int, required=True)
        create.add_argument("--name", default="made by manage.py")
        listing = acts.add_parser("list", help="list the tokens of an organisation")
        listing.add_argument("--organisation", required=True, metavar="SLUG")
        revoke = acts.add_parser("revoke", help="end a token at once")
        revoke.add_argument("uuid", metavar="UUID")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do what was asked; say what is wrong in one line."""
        act = {"create": self._create, "list": self._list, "revoke": self._revoke}
        act[options["act"]](options)

    def _create(self, options: dict[str, Any]) -> None:
        try:
            token, key = create_token(
                self._organisation(options),
                name=options["name"],
                scopes=options["scopes"],
                days=options["days"],
                acting_user=None,
                as_system=True,
            )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stderr.write(f"Token {token.uuid}, until {token.expires:%Y-%m-%d}. Shown once:")
        self.stdout.write(key)

    def _list(self, options: dict[str, Any]) -> None:
        for token in ApiToken.objects.filter(organisation=self._organisation(options)):
            state = "revoked" if token.revoked else "usable" if token.is_usable() else "expired"
            used = token.last_used.isoformat() if token.last_used else "never"
            words = (
                str(token.uuid),
                f"…{token.hint}",
                state,
                f"until {token.expires:%Y-%m-%d}",
                f"used {used}",
                ",".join(token.scopes) or "public",
                token.name,
            )
            self.stdout.write("\t".join(words))

    def _revoke(self, options: dict[str, Any]) -> None:
        try:
            token = ApiToken.objects.filter(uuid=UUID(options["uuid"])).first()
        except ValueError:
            token = None
        if token is None:
            raise CommandError("There is no token with this uuid. `list` shows them.")
        revoke_token(token, acting_user=None, as_system=True)
        self.stderr.write(f"Token {token.uuid} no longer works.")

    def _organisation(self, options: dict[str, Any]) -> Organisation:
        organisation = Organisation.objects.filter(slug=options["organisation"]).first()
        if organisation is None:
            raise CommandError("There is no organisation with this short name.")
        return organisation
