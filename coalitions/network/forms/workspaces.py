"""Forms about workspaces."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from coalitions.network.models import WorkspaceMembership
from coalitions.network.presentation import language_choices


class OpenWorkspaceForm(forms.Form):
    """A new workspace: whose, named how, open or need-to-know."""

    owner = forms.ChoiceField(label=_("For"), help_text=_("This cannot be changed later."))
    name = forms.CharField(label=_("Name"), max_length=160)
    language = forms.ChoiceField(label=_("Language of the name"))
    purpose = forms.CharField(
        label=_("Purpose"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    need_to_know = forms.TypedChoiceField(
        label=_("Who sees what is put here"),
        coerce=lambda value: value == "yes",
        choices=[
            (
                "no",
                _("Open: a new document is also seen by the other people of its organisation."),
            ),
            ("yes", _("Need to know: a new document is seen by the members alone.")),
        ],
        initial="no",
        widget=forms.RadioSelect,
        help_text=_("This cannot be changed later."),
    )

    def __init__(
        self, *args: Any, owners: list[tuple[str, str]], language: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (
            ("owner", owners),
            ("language", language_choices(settings.INTERFACE_LANGUAGES)),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices
        self.fields["language"].initial = language


class WorkspaceRoleForm(forms.Form):
    """A member's role."""

    role = forms.ChoiceField(
        label=_("Role"),
        choices=WorkspaceMembership.Role.choices,
        widget=forms.RadioSelect,
        help_text=_(
            "Readers read. Contributors also upload. Coordinators also look after the members."
        ),
    )
