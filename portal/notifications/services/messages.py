"""What a mail says, in its recipient's language, from what is true at this moment.

Invariant: an invitation names an organisation and a link, and no title, workspace or person. An
alert names what is public; of the rest it tells a number, and nothing of what was searched for.
What is said of requests to share names a reference, never a title, and only to people who see the
document at that moment; of child data nothing is said. Of space no figure is told. Of
coalitions that were joined or left nothing is named.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.contrib.auth import get_user_model
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from coalitions.documents.labels import audience_of
from coalitions.documents.models import Document, ShareRequest
from coalitions.documents.permissions import rights_on
from coalitions.documents.services.space import is_nearly_used
from coalitions.documents.space import sees_figures
from coalitions.network.invitation_links import token_for, works
from coalitions.network.models import Invitation
from coalitions.network.viewers import viewer_for
from portal.accounts.languages import spoken
from portal.notifications.models import OutgoingMail
from portal.notifications.services.coalitions import address_of, told_of_coalition
from portal.notifications.services.quarantine import facts_of as facts_of_quarantine
from portal.notifications.services.quarantine import quarantine_of
from portal.notifications.services.recipients import recipient_of
from portal.notifications.services.space import facts_of, place_of
from search.models import SearchAlert
from search.saved.keys import stop_token
from search.saved.letters import Letter, letter_of


@dataclass(frozen=True)
class Message:
    """A mail ready to go. `headers` are those of its kind."""

    to: str
    subject: str
    body: str
    headers: Mapping[str, str] = field(default_factory=dict)


def message_for(mail: OutgoingMail) -> Message | None:
    """Return what to send, or None when it is no longer needed."""
    return _WRITERS[OutgoingMail.Kind(mail.kind)](mail)


def _invitation(mail: OutgoingMail) -> Message | None:
    invitation = (
        Invitation.objects.select_related("organisation", "invited_by")
        .filter(uuid=mail.subject)
        .first()
    )
    if invitation is None or not works(invitation):
        return None
    with translation.override(_language(invitation)):
        path = reverse("network:accept-invitation", args=[token_for(invitation)])
        context: dict[str, Any] = {
            "organisation": invitation.organisation.name,
            "expires": invitation.expires,
            "link": settings.PUBLIC_URL + path,
        }
        return _written("invitation", invitation.email, context)


def _search_alert(mail: OutgoingMail) -> Message | None:
    alert = SearchAlert.objects.select_related("person").filter(uuid=mail.subject).first()
    if alert is None:
        return None
    with translation.override(spoken(alert.person.language)):
        # Within the language, because addresses have it in them.
        letter = letter_of(alert)
        if letter is None:
            return None
        stop = settings.PUBLIC_URL + reverse("search:stop-alerts", args=[stop_token(alert.person)])
        headers = {
            "List-Unsubscribe": f"<{stop}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }
        context = {"total": letter.total, "parts": _parts(letter), "stop": stop}
        return _written("search_alert", alert.person.email, context, headers)


def _parts(letter: Letter) -> list[dict[str, Any]]:
    return [
        {
            "part": part,
            "link": settings.PUBLIC_URL + reverse("search:saved-one", args=[part.uuid]),
            "named": [(n.title, urljoin(settings.PUBLIC_URL + "/", n.url)) for n in part.named],
        }
        for part in letter.parts
    ]


def _share_request(mail: OutgoingMail) -> Message | None:
    asked, person = _asked(mail)
    if asked is None or not asked.is_open or not rights_on(person, asked.document).decide_audience:
        return None
    return _about_request("share_request", asked, person)


def _share_answer(mail: OutgoingMail) -> Message | None:
    asked, person = _asked(mail)
    if asked is None or asked.is_open:
        return None
    return _about_request("share_answer", asked, person)


def _asked(mail: OutgoingMail) -> tuple[ShareRequest | None, Any]:
    """Return the request and the person, where they see its document and it is no child data."""
    asked = (
        ShareRequest.objects.select_related("document__owner", "document__workspace__coalition")
        .filter(uuid=mail.subject)
        .first()
    )
    person = recipient_of(mail)
    if asked is None or person is None:
        return None, None
    audience = audience_of(asked.document)
    seen = Document.objects.visible_to(viewer_for(person)).filter(pk=asked.document_id)
    if audience is None or audience.child_data or not seen.exists():
        return None, None
    return asked, person


def _about_request(template: str, asked: ShareRequest, person: Any) -> Message:
    with translation.override(spoken(person.language)):
        path = reverse("documents:request", args=[asked.document.uuid, asked.uuid])
        context = {
            "reference": asked.document.reference,
            "outcome": asked.outcome,
            "link": settings.PUBLIC_URL + path,
        }
        return _written(template, person.email, context)


def _space(mail: OutgoingMail) -> Message | None:
    """Say that a room is nearly used up, to whoever looks after it still."""
    place = place_of(mail)
    person = recipient_of(mail)
    if place is None or person is None:
        return None
    if not sees_figures(person, place) or not is_nearly_used(place):
        return None
    with translation.override(spoken(person.language)):
        return _written("space", person.email, facts_of(place))


def _quarantine(mail: OutgoingMail) -> Message | None:
    found = quarantine_of(mail)
    if found is None:
        return None
    person, scan = found
    with translation.override(spoken(person.language)):
        template, context = facts_of_quarantine(scan)
        return _written(template, person.email, context)


def _coalition(mail: OutgoingMail) -> Message | None:
    told = told_of_coalition(mail)
    if told is None:
        return None
    person, facts = told
    with translation.override(spoken(person.language)):
        context = {**facts, "link": address_of(facts)}
        return _written(mail.kind, person.email, context)


def _written(
    template: str, to: str, context: dict[str, Any], headers: Mapping[str, str] | None = None
) -> Message:
    subject = render_to_string(f"notifications/{template}_subject.txt", context)
    body = render_to_string(f"notifications/{template}.txt", context)
    # A line break in a name must not become a header of the mail.
    return Message(to, " ".join(subject.split()), body, headers or {})


def _language(invitation: Invitation) -> str:
    """Return the language of the account, when there is one, else that of the invitation."""
    account = (
        get_user_model()
        ._default_manager.filter(email__iexact=invitation.email)
        .values_list("language", flat=True)
        .first()
    )
    return spoken(account or invitation.language)


_WRITERS: Mapping[OutgoingMail.Kind, Callable[[OutgoingMail], Message | None]] = {
    OutgoingMail.Kind.INVITATION: _invitation,
    OutgoingMail.Kind.SEARCH_ALERT: _search_alert,
    OutgoingMail.Kind.SHARE_REQUEST: _share_request,
    OutgoingMail.Kind.SHARE_ANSWER: _share_answer,
    OutgoingMail.Kind.SPACE_WORKSPACE: _space,
    OutgoingMail.Kind.SPACE_ORGANISATION: _space,
    OutgoingMail.Kind.QUARANTINE: _quarantine,
    OutgoingMail.Kind.COALITION_JOINED: _coalition,
    OutgoingMail.Kind.COALITION_LEFT: _coalition,
    OutgoingMail.Kind.WORKSPACE_LEFT: _coalition,
}
