"""Invitations: sent by mail, accepted once, revoked.

Invariant: an invitation gives nothing before it is accepted, and works once: accepting locks its
row. An account that exists accepts only while signed in.
"""

from datetime import timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from coalitions.network import audit
from coalitions.network.invitation_links import invitation_of, may_invite, works
from coalitions.network.models import (
    Affiliation,
    Invitation,
    Organisation,
    Workspace,
    WorkspaceMembership,
)
from coalitions.network.services import inputs
from coalitions.network.services.people import begin_affiliation
from coalitions.network.services.refusals import DeadInvitation, Refused, locked, require
from coalitions.network.services.workspaces import begin_membership, takes_part
from coalitions.network.signals import access_changed, invitation_accepted, invitation_sent

VALID_FOR = timedelta(days=14)
WorkspaceRole = WorkspaceMembership.Role


@transaction.atomic
def invite_person(
    organisation: Organisation,
    *,
    email: str,
    role: str,
    acting_user: Any | None,
    language: str = "en",
    workspace: Workspace | None = None,
    workspace_role: str = "",
) -> Invitation:
    """Ask an address into an organisation by mail, and if wanted into a workspace.

    Right: its administrators; a secretariat's, while it has none. An earlier open invitation of
    this organisation to the same address is revoked, so that one link works.
    """
    organisation = locked(organisation)
    require(not organisation.is_suspended() and may_invite(acting_user, organisation))
    assert acting_user is not None  # nobody may invite
    email = _clean_email(email)
    role = inputs.clean_choice(role, Affiliation.Role)
    if workspace is not None:
        require(takes_part(organisation, workspace))
        workspace_role = inputs.clean_choice(workspace_role or WorkspaceRole.READER, WorkspaceRole)
        if workspace_role == WorkspaceRole.COORDINATOR:
            raise Refused(_("Invite as reader or contributor. Coordinators are chosen later."))
    held = Affiliation.objects.active().filter(
        organisation=organisation, person__email__iexact=email
    )
    if held.exists():
        raise Refused(_("This address belongs to one of your people already."))
    _revoke_earlier(organisation, email, acting_user)
    now = timezone.now()
    invitation = Invitation.objects.create(
        email=email,
        language=inputs.clean_interface_language(language),
        organisation=organisation,
        role=role,
        workspace=workspace,
        workspace_role=workspace_role if workspace is not None else "",
        invited_by=acting_user,
        created=now,
        expires=now + VALID_FOR,
    )
    audit.record(
        "invitation.sent",
        acting_user=acting_user,
        acting_organisation=organisation,
        thing=invitation,
        role=role,
        workspace=str(workspace.uuid) if workspace is not None else None,
    )
    invitation_sent.send(sender=Invitation, invitation=invitation)
    return invitation


def _clean_email(email: str) -> str:
    email = inputs.clean_line(email, limit=254).lower()
    try:
        validate_email(email)
    except ValidationError as error:
        raise Refused(_("This is no e-mail address. Write it like name@example.org.")) from error
    return email


def _open_invitations(organisation: Organisation, email: str) -> list[Invitation]:
    rows = Invitation.objects.select_for_update().filter(
        organisation=organisation, email=email, accepted__isnull=True, revoked__isnull=True
    )
    return list(rows)


def _revoke_earlier(organisation: Organisation, email: str, acting_user: Any) -> None:
    for earlier in _open_invitations(organisation, email):
        earlier.revoked = timezone.now()
        earlier.save(update_fields=["revoked"])
        audit.record(
            "invitation.replaced",
            acting_user=acting_user,
            acting_organisation=organisation,
            thing=earlier,
        )


@transaction.atomic
def revoke_invitation(invitation: Invitation, *, acting_user: Any | None) -> None:
    """Let an invitation's link work no longer. Right: whoever may invite there."""
    organisation = locked(invitation.organisation)
    require(may_invite(acting_user, organisation))
    invitation = locked(invitation)
    if invitation.accepted is not None:
        raise Refused(_("This invitation has been accepted. End the affiliation instead."))
    if invitation.revoked is None:
        invitation.revoked = timezone.now()
        invitation.save(update_fields=["revoked"])
    audit.record(
        "invitation.revoked",
        acting_user=acting_user,
        acting_organisation=organisation,
        thing=invitation,
    )


@transaction.atomic
def accept_invitation(
    token: str, *, acting_user: Any | None, name: str = "", password: str = ""
) -> Any:
    """Accept an invitation and return the person.

    Right: the token of a link that works. `acting_user` is the person signed in with the invited
    address, or None: then an account is made with `name` and `password`, unless there is one.
    """
    found = invitation_of(token)
    if found is None:
        raise DeadInvitation(_("This link does not work."))
    organisation = locked(found.organisation)
    workspace = _locked_workspace(found)
    invitation = locked(found)
    if not works(invitation):
        raise DeadInvitation(_("This link does not work."))
    if acting_user is None:
        person = _new_account(invitation, name=name, password=password)
    else:
        person = get_user_model()._default_manager.get(pk=acting_user.pk)
        require(person.is_active and person.email.lower() == invitation.email.lower())
    now = timezone.now()
    affiliation = begin_affiliation(organisation, person, role=invitation.role, since=now)
    placed = workspace is not None and _place(invitation, workspace, person)
    invitation.accepted = now
    invitation.save(update_fields=["accepted"])
    audit.record(
        "invitation.accepted",
        acting_user=person,
        acting_organisation=organisation,
        thing=invitation,
        affiliation=str(affiliation.uuid),
        role=affiliation.role,
        placed=placed,
    )
    invitation_accepted.send(
        sender=Invitation, invitation=invitation, person=person, created=acting_user is None
    )
    access_changed.send(sender=Affiliation, people=[person])
    return person


def _locked_workspace(invitation: Invitation) -> Workspace | None:
    if invitation.workspace is None:
        return None
    if invitation.workspace.coalition is not None:
        locked(invitation.workspace.coalition)
    return locked(invitation.workspace)


def _new_account(invitation: Invitation, *, name: str, password: str) -> Any:
    """Return a new account for the invited address; refuse when there is one."""
    model = get_user_model()
    taken = Refused(
        _("An account with this address exists. Sign in with it and open the link again.")
    )
    if model._default_manager.filter(email__iexact=invitation.email).exists():
        raise taken
    name = inputs.clean_line(name, limit=120)
    if not name:
        raise Refused(_("Give your name as colleagues know you."))
    validate_password(password, model(email=invitation.email, name=name))
    try:
        with transaction.atomic():
            return model._default_manager.create_user(
                email=invitation.email,
                password=password,
                name=name,
                language=invitation.language,
            )
    except IntegrityError as error:
        raise taken from error
    except ValidationError as error:
        # Two links to one new address, accepted at the same instant.
        raise (taken if "email" in error.message_dict else error) from error


def _place(invitation: Invitation, workspace: Workspace, person: Any) -> bool:
    """Put the person into the workspace of the invitation, where that is still possible."""
    if not takes_part(invitation.organisation, workspace):
        return False
    there = WorkspaceMembership.objects.active().filter(workspace=workspace, person=person)
    if there.exists():
        return False
    begin_membership(
        workspace,
        person,
        organisation=invitation.organisation,
        role=invitation.workspace_role,
        since=timezone.now(),
    )
    return True
