"""The form of a new token."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from coalitions.network.models import Organisation
from coalitions.network.viewers import READ_COALITION, READ_NETWORK, READ_ORGANISATION
from portal.api.models.api_token import NAME_LIMIT

SCOPE_WORDS = {
    READ_NETWORK: _("What is shared with the whole network"),
    READ_COALITION: _("What is shared with the coalitions of the organisation"),
    READ_ORGANISATION: _("What is shared with the organisation, except child data"),
}
LIFETIMES = [
    (30, _("30 days")),
    (90, _("90 days")),
    (365, _("One year")),
    (730, _("Two years")),
]


class TokenForm(forms.Form):
    """Name, scopes, lifetime."""

    name = forms.CharField(
        label=_("Name"),
        max_length=NAME_LIMIT,
        help_text=_("The program that uses it, for example: our website."),
    )
    scopes = forms.MultipleChoiceField(
        label=_("What it may read, besides what is public"),
        choices=list(SCOPE_WORDS.items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    days = forms.TypedChoiceField(
        label=_("How long it works"), choices=LIFETIMES, coerce=int, initial=365
    )

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if organisation.kind == Organisation.Kind.PARTNER:
            # Partners do not belong to the network: the scope would promise what it cannot give.
            field = self.fields["scopes"]
            assert isinstance(field, forms.MultipleChoiceField)
            field.choices = [
                (scope, words) for scope, words in SCOPE_WORDS.items() if scope != READ_NETWORK
            ]
