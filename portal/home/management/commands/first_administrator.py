"""`manage.py first_administrator EMAIL`: the first account of an empty installation."""

from typing import Any

from django.conf import settings
from django.core.management import CommandError
from django.core.management.base import BaseCommand, CommandParser

from portal.home.founding import CannotFound, first_administrator


class Command(BaseCommand):
    """Makes the first administrator; refuses when there is one."""

    help = "Makes the first administrator's account and prints a link to set its password."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the address."""
        parser.add_argument("email", help="the person's e-mail address")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the account, or say why not."""
        try:
            link = first_administrator(options["email"])
        except CannotFound as refusal:
            raise CommandError(str(refusal)) from None
        hours = settings.PASSWORD_RESET_TIMEOUT // 3600
        self.stdout.write(f"Set the password here, within {hours} hours; the link works once:")
        self.stdout.write(link)
