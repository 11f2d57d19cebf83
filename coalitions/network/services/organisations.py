"""Organisations: entered, changed, suspended.

Invariant: the list is kept by the administrators of the secretariats; an organisation's own
administrators change how it is named and shown, never what it is.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from coalitions.network import audit
from coalitions.network.dated import in_force
from coalitions.network.models import Organisation, Suspension
from coalitions.network.names import local_name
from coalitions.network.permissions import (
    is_administrator,
    is_secretariat_administrator,
    secretariat_of,
)
from coalitions.network.services import inputs
from coalitions.network.services.refusals import Refused, locked, require
from coalitions.network.signals import access_changed, organisation_changed

Kind = Organisation.Kind
NETWORKS = ("dci", "ecpat")
NETWORK_OF_KIND = {
    Kind.DCI_SECTION.value: "dci",
    Kind.ECPAT_MEMBER.value: "ecpat",
    Kind.ECPAT_AFFILIATE.value: "ecpat",
}


def people_of(organisation: Organisation) -> "models.QuerySet[Any]":
    """Return the people with an affiliation in force."""
    return (
        get_user_model()
        ._default_manager.filter(
            in_force(prefix="affiliations__"), affiliations__organisation=organisation
        )
        .distinct()
    )


@transaction.atomic
def create_organisation(
    *,
    names: Mapping[str, str],
    kind: str,
    acting_user: Any | None,
    countries: Iterable[str] = (),
    networks: Collection[str] = (),
    languages: Iterable[str] = (),
    website: str = "",
    source: str = "",
    listed: bool = True,
    slug: str = "",
    as_system: bool = False,
) -> Organisation:
    """Enter an organisation into the list. Right: administrators of a secretariat."""
    require(as_system or is_secretariat_administrator(acting_user))
    names = inputs.clean_names(names)
    kind = inputs.clean_choice(kind, Kind)
    member_of = _networks(kind, networks)
    english = names.get("en") or local_name(names)
    organisation = Organisation(
        slug=inputs.free_slug(Organisation, slug or english, "organisation"),
        names=names,
        kind=kind,
        in_dci="dci" in member_of,
        in_ecpat="ecpat" in member_of,
        languages=inputs.clean_languages(languages),
        website=inputs.clean_website(website),
        source=inputs.clean_line(source, limit=500),
        listed=listed,
    )
    places = inputs.countries_of(countries)
    organisation.save()
    organisation.countries.set(places)
    audit.record(
        "organisation.created",
        acting_user=inputs.actor_of(acting_user, as_system=as_system),
        acting_organisation=None if as_system else secretariat_of(acting_user),
        thing=organisation,
        kind=kind,
        listed=listed,
    )
    organisation_changed.send(sender=Organisation, organisation=organisation)
    return organisation


def _networks(kind: str, networks: Collection[str]) -> set[str]:
    """Return the networks of an organisation: those given, and the one its kind implies."""
    unknown = sorted(set(networks) - set(NETWORKS))
    if unknown:
        raise Refused(_("“%(name)s” is no network. Use dci or ecpat.") % {"name": unknown[0][:20]})
    found = set(networks)
    if kind in NETWORK_OF_KIND:
        found.add(NETWORK_OF_KIND[kind])
    return found


@transaction.atomic
def change_organisation(
    organisation: Organisation,
    *,
    acting_user: Any | None,
    names: Mapping[str, str] | None = None,
    languages: Iterable[str] | None = None,
    website: str | None = None,
    listed: bool | None = None,
    kind: str | None = None,
    networks: Collection[str] | None = None,
    countries: Iterable[str] | None = None,
    source: str | None = None,
    as_system: bool = False,
) -> Organisation:
    """Change what is given; None leaves a fact as it is.

    Right: administrators of a secretariat; the organisation's own for names, languages, website
    and listing.
    """
    organisation = locked(organisation)
    reserved = any(fact is not None for fact in (kind, networks, countries, source))
    keeps_the_list = as_system or is_secretariat_administrator(acting_user)
    require(keeps_the_list or (not reserved and is_administrator(acting_user, organisation)))
    fields: dict[str, Any] = {}
    if names is not None:
        fields["names"] = inputs.clean_names(names)
    if languages is not None:
        fields["languages"] = inputs.clean_languages(languages)
    if website is not None:
        fields["website"] = inputs.clean_website(website)
    if listed is not None:
        fields["listed"] = listed
    if source is not None:
        fields["source"] = inputs.clean_line(source, limit=500)
    if kind is not None or networks is not None:
        fields |= _kind_fields(organisation, kind, networks)
    changed = [name for name, value in fields.items() if getattr(organisation, name) != value]
    for name in changed:
        setattr(organisation, name, fields[name])
    organisation.save(update_fields=changed)
    if countries is not None:
        places = inputs.countries_of(countries)
        before = set(organisation.countries.values_list("pk", flat=True))
        if {place.pk for place in places} != before:
            organisation.countries.set(places)
            changed.append("countries")
    audit.record(
        "organisation.changed",
        acting_user=inputs.actor_of(acting_user, as_system=as_system),
        acting_organisation=None if as_system else _acting_for(acting_user, organisation),
        thing=organisation,
        fields=",".join(changed),
    )
    organisation_changed.send(sender=Organisation, organisation=organisation)
    if "kind" in changed:
        access_changed.send(sender=Organisation, people=list(people_of(organisation)))
    return organisation


def _acting_for(user: Any, organisation: Organisation) -> Organisation | None:
    return organisation if is_administrator(user, organisation) else secretariat_of(user)


def _kind_fields(
    organisation: Organisation, kind: str | None, networks: Collection[str] | None
) -> dict[str, Any]:
    kind = organisation.kind if kind is None else inputs.clean_choice(kind, Kind)
    if organisation.kind == Kind.SECRETARIAT and kind != Kind.SECRETARIAT:
        others = Organisation.objects.filter(kind=Kind.SECRETARIAT).exclude(pk=organisation.pk)
        if not others.exists():
            raise Refused(_("This is the only secretariat. Enter another one first."))
    member_of = _networks(kind, organisation.networks if networks is None else networks)
    return {"kind": kind, "in_dci": "dci" in member_of, "in_ecpat": "ecpat" in member_of}


@transaction.atomic
def suspend_organisation(
    organisation: Organisation,
    *,
    acting_user: Any | None,
    until: datetime | None = None,
    as_system: bool = False,
) -> Suspension:
    """Take all sight but the public from an organisation's people and tokens, from now on.

    Right: administrators of a secretariat, not of the organisation itself.
    """
    organisation = locked(organisation)
    require(as_system or is_secretariat_administrator(acting_user))
    if not as_system and is_administrator(acting_user, organisation):
        raise Refused(_("You cannot suspend your own organisation. Ask another secretariat."))
    now = timezone.now()
    if until is not None and until <= now:
        raise Refused(_("The suspension must end in the future."))
    if organisation.is_suspended(now):
        raise Refused(_("This organisation is suspended already."))
    suspension = Suspension.objects.create(organisation=organisation, since=now, until=until)
    _record_suspension("organisation.suspended", organisation, acting_user, as_system)
    return suspension


@transaction.atomic
def lift_suspension(
    organisation: Organisation, *, acting_user: Any | None, as_system: bool = False
) -> None:
    """Give an organisation's people and tokens their sight back. Right: as for suspending."""
    organisation = locked(organisation)
    require(as_system or is_secretariat_administrator(acting_user))
    now = timezone.now()
    rows = list(Suspension.objects.in_force(now).filter(organisation=organisation))
    if not rows:
        raise Refused(_("This organisation is not suspended."))
    for row in rows:
        row.end(now)
    _record_suspension("organisation.suspension_lifted", organisation, acting_user, as_system)


def _record_suspension(
    verb: str, organisation: Organisation, acting_user: Any | None, as_system: bool
) -> None:
    audit.record(
        verb,
        acting_user=inputs.actor_of(acting_user, as_system=as_system),
        acting_organisation=None if as_system else secretariat_of(acting_user),
        thing=organisation,
    )
    organisation_changed.send(sender=Organisation, organisation=organisation)
    access_changed.send(sender=Organisation, people=list(people_of(organisation)))
