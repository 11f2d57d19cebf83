"""What the pages of the network share: finding a thing, and carrying out an act."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from coalitions.access import NotAllowed
from coalitions.network.middleware import viewer_of as viewer_of
from coalitions.network.models import Coalition, Organisation, Workspace


def organisation_or_404(request: HttpRequest, slug: str) -> Organisation:
    """Return an organisation that the viewer sees."""
    return get_object_or_404(Organisation.objects.visible_to(viewer_of(request)), slug=slug)


def coalition_or_404(request: HttpRequest, uuid: UUID) -> Coalition:
    """Return a coalition that the viewer sees."""
    found: Coalition = get_object_or_404(
        Coalition.objects.visible_to(viewer_of(request)), uuid=uuid
    )
    return found


def workspace_or_404(request: HttpRequest, uuid: UUID) -> Workspace:
    """Return a workspace that the viewer is a member of, with its owner."""
    seen = Workspace.objects.visible_to(viewer_of(request)).select_related(
        "coalition", "organisation"
    )
    found: Workspace = get_object_or_404(seen, uuid=uuid)
    return found


def only_if(allowed: bool) -> None:
    """Answer like a missing page unless `allowed`."""
    if not allowed:
        raise NotAllowed("This page is not for this person.")


class ConfirmForm(forms.Form):
    """No fields: an act that is confirmed."""


def act_page(
    request: HttpRequest,
    form: forms.Form,
    *,
    template: str,
    act: Callable[[], Any],
    done: str,
    back: str,
    context: dict[str, Any],
) -> HttpResponse:
    """Show a form; on POST carry out `act`, say `done` and go `back`.

    What a service refuses becomes an error of the form, with everything kept as typed.
    """
    if request.method == "POST" and form.is_valid():
        try:
            act()
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, done)
            return redirect(back)
    return render(request, template, {**context, "form": form, "back": back})


def posted(request: HttpRequest) -> Any | None:
    """Return the sent form data, None when the form is only looked at."""
    return request.POST if request.method == "POST" else None
