"""manage.py space_limit PLACE [GIGABYTES]: how much room one workspace or organisation has."""

from argparse import ArgumentParser
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.template.defaultfilters import filesizeformat

from coalitions.documents.forms.space import GIGABYTE
from coalitions.documents.services.space import MOST, set_limit
from coalitions.documents.space import Place, fill_of
from coalitions.network.models import Organisation, Workspace


class Command(BaseCommand):
    """Says what is used; with a number, sets the limit. The audit keeps it as an act of nobody."""

    help = (
        "Says how much space a workspace or an organisation uses, and sets its limit in gigabytes: "
        "a number such as 20 or 2.5, 0 for no limit, or usual."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("place", help="a workspace's reference (W-3F7K), or a short name")
        parser.add_argument("gigabytes", nargs="?", help="the new limit; nothing is set without it")

    def handle(self, *args: Any, **options: Any) -> None:
        place = _place(options["place"])
        if options["gigabytes"] is not None:
            set_limit(place, limit=_limit(options["gigabytes"]), acting_user=None, as_system=True)
        fill = fill_of(place)
        limit = filesizeformat(fill.limit) if fill.limit else "no limit"
        self.stdout.write(
            f"{options['place']}: {filesizeformat(fill.used)} of {limit} used, "
            f"{filesizeformat(fill.trashed)} of it in the trash, "
            f"{filesizeformat(fill.coming)} on their way."
        )


def _place(name: str) -> Place:
    workspace: Workspace | None = Workspace.objects.filter(reference=name.upper()).first()
    if workspace is not None:
        return workspace
    organisation = Organisation.objects.filter(slug=name).first()
    if organisation is None:
        raise CommandError(f"{name}: no workspace has this reference, no organisation this name.")
    return organisation


def _limit(text: str) -> int | None:
    if text == "usual":
        return None
    try:
        limit = int(Decimal(text) * GIGABYTE)
    except (InvalidOperation, ValueError, OverflowError):
        limit = -1
    if not 0 <= limit <= MOST:
        raise CommandError(f"{text}: write a number of gigabytes, such as 20 or 2.5, or usual.")
    return limit
