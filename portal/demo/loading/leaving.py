"""Organisations that left a coalition in the demonstration, and what others may add to.

Two were guests: one coalition lets documents go with whoever leaves, in the other they stay.
Invariant: found again by the marks of uploads, so that loading again adds nothing.
"""

from __future__ import annotations

import io
import uuid
from typing import Final, NamedTuple

from django.core.files.base import File
from django.db import transaction
from django.db.models import QuerySet

from coalitions.documents.extraction import read_text_of
from coalitions.documents.models import DocumentVersion
from coalitions.documents.permissions import deciders_of
from coalitions.documents.services import (
    add_document,
    add_version,
    let_others_add_versions,
    make_folder,
)
from coalitions.network.models import Coalition, Organisation, WorkspaceMembership
from coalitions.network.services import (
    add_organisation_to_coalition,
    end_coalition_membership,
    place_person,
)
from portal.accounts.models import User
from portal.demo.loading.network import workspace_called
from portal.demo.network import DemoNetwork

NAMESPACE: Final = uuid.UUID("0b0a4d53-9d1c-4a53-8b5c-1f3c2f7f6f10")


class _Guest(NamedTuple):
    """An organisation that took part for a while, and the one document that it brought."""

    coalition: str
    place: str
    organisation: str
    person: str
    folder: str
    name: str
    title: str
    language: str
    text: str


GUESTS: Final = (
    _Guest(
        "open-classrooms",
        "open-classrooms-programme",
        "andes-infancia",
        "formacion@andesinfancia.example",
        "Primer mes",
        "primer-mes-en-la-escuela.txt",
        "El primer mes en la escuela: lista para docentes",
        "es",
        """El primer mes en la escuela

1. Un asiento fijo y un compañero que explica dónde está todo
2. Ninguna pregunta sobre papeles delante de la clase
3. Una persona a la que se puede acudir siempre, con su nombre
4. Al final del mes, una conversación con la familia
""",
    ),
    _Guest(
        "safe-roads",
        "safe-roads-programme",
        "cedar-law-centre",
        "lawyer@cedarlaw.example",
        "Law",
        "what-staff-may-be-asked.txt",
        "What staff of a hotel may be asked by the police",
        "en",
        """What staff of a hotel may be asked by the police

Staff may say what they saw. They need not guess what it meant.
A register is shown on a written order. Ask for it, and keep a copy.
A child is not questioned at the front desk. Call the number on the card first.
""",
    ),
)
# Its owner lets others add versions, and another organisation has.
OPEN_PLACE: Final = "safe-roads-programme"
OPEN: Final = (
    "night-lines.txt",
    "Night lines in all countries: one list for all posters",
    "programmes@harbourlight.example",
    """Night lines in all countries

Burkina Faso: 116, day and night
Cambodia: 1280, day and night
Laos: 1362, until ten in the evening
Philippines: 1343, day and night

The numbers in this list are invented. Whoever knows a new one adds a version.
""",
)
ADDED: Final = (
    "night-lines-with-the-andes.txt",
    "Bolivia and Peru added",
    "formacion@andesinfancia.example",
    """Night lines in all countries

Bolivia: 156, day and night
Burkina Faso: 116, day and night
Cambodia: 1280, day and night
Laos: 1362, until ten in the evening
Peru: 1810, day and night
Philippines: 1343, day and night

The numbers in this list are invented. Whoever knows a new one adds a version.
""",
)


def load_leaving(network: DemoNetwork) -> None:
    """Let guests come and leave, and let others add a version, as far as it was not done yet."""
    for guest in GUESTS:
        if not _versions(guest.name).exists():
            with transaction.atomic():
                _come_and_leave(network, guest)
    if not _versions(OPEN[0]).exists():
        with transaction.atomic():
            _add_by_others(network)
    names = [*(guest.name for guest in GUESTS), OPEN[0], ADDED[0]]
    for version in DocumentVersion.objects.filter(submission__in=map(_mark, names)):
        read_text_of(version.pk)


def _come_and_leave(network: DemoNetwork, guest: _Guest) -> None:
    place, person = workspace_called(network, guest.place), User.objects.get(email=guest.person)
    coalition = Coalition.objects.get(slug=guest.coalition)
    organisation = Organisation.objects.get(slug=guest.organisation)
    add_organisation_to_coalition(coalition, organisation, acting_user=None, as_system=True)
    place_person(
        place,
        person,
        organisation=organisation,
        role=WorkspaceMembership.Role.CONTRIBUTOR,
        acting_user=None,
        as_system=True,
    )
    add_document(
        acting_user=person,
        workspace=place,
        folder=make_folder(acting_user=person, workspace=place, name=guest.folder),
        content=File(io.BytesIO(guest.text.encode())),
        name=guest.name,
        title=guest.title,
        language=guest.language,
        submission=_mark(guest.name),
    )
    end_coalition_membership(coalition, organisation, acting_user=None, as_system=True)


def _add_by_others(network: DemoNetwork) -> None:
    name, title, who, text = OPEN
    document = add_document(
        acting_user=User.objects.get(email=who),
        workspace=workspace_called(network, OPEN_PLACE),
        content=File(io.BytesIO(text.encode())),
        name=name,
        title=title,
        language="en",
        submission=_mark(name),
    )
    let_others_add_versions(acting_user=deciders_of(document)[0], document=document, allowed=True)
    name, note, who, text = ADDED
    add_version(
        acting_user=User.objects.get(email=who),
        document=document,
        content=File(io.BytesIO(text.encode())),
        name=name,
        note=note,
        submission=_mark(name),
    )


def _mark(name: str) -> uuid.UUID:
    return uuid.uuid5(NAMESPACE, name)


def _versions(name: str) -> QuerySet[DocumentVersion]:
    return DocumentVersion.objects.filter(submission=_mark(name))
