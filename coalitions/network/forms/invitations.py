"""Forms for inviting somebody, and for the somebody who accepts."""

from typing import Any

from django import forms
from django.conf import settings
from django.db.models import Case, When
from django.utils.translation import gettext_lazy as _

from coalitions.network.models import Affiliation, Workspace, WorkspaceMembership
from coalitions.network.presentation import language_choices, workspace_title

PASSWORD_LIMIT = 256


class AcceptForm(forms.Form):
    """Name and password of a new account."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        help_text=_("As colleagues in your organisation and your workspaces will see it."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=PASSWORD_LIMIT,
        strip=False,
        help_text=_("12 characters or more. A sentence of your own is good and easy to keep."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class InviteForm(forms.Form):
    """Whom to invite, as what, and if wanted into which workspace."""

    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        help_text=_("A link that works once is sent there. It works for 14 days."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    role = forms.ChoiceField(
        label=_("Role"),
        choices=Affiliation.Role.choices,
        initial=Affiliation.Role.MEMBER,
        help_text=_(
            "Members read and work in the workspaces they are put into. Editors also decide who "
            "sees the organisation's documents. Administrators also look after its people."
        ),
    )
    language = forms.ChoiceField(label=_("Language of the mail"))
    workspace = forms.ModelChoiceField(
        label=_("Workspace"),
        queryset=Workspace.objects.none(),
        required=False,
        to_field_name="uuid",
        empty_label=_("None yet"),
    )
    workspace_role = forms.ChoiceField(
        label=_("Role in the workspace"),
        required=False,
        choices=[
            (WorkspaceMembership.Role.READER.value, _("Reader")),
            (WorkspaceMembership.Role.CONTRIBUTOR.value, _("Contributor")),
        ],
    )

    def __init__(self, *args: Any, workspaces: Any, language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = self.fields["language"]
        assert isinstance(choices, forms.ChoiceField)
        choices.choices = language_choices(settings.INTERFACE_LANGUAGES)
        choices.initial = language
        field = self.fields["workspace"]
        assert isinstance(field, forms.ModelChoiceField)
        # By what is shown: the place of a hidden name among the others would tell its letters.
        shown = Case(When(need_to_know=True, then="reference"), default="name")
        field.queryset = workspaces.order_by("need_to_know", shown, "pk")
        field.label_from_instance = workspace_title  # type: ignore[method-assign,assignment]
