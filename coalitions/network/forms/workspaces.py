"""Forms about workspaces."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from coalitions.access import Rung
from coalitions.network.models import Workspace, WorkspaceMembership
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


class StartForm(forms.Form):
    """Who sees a new document at first."""

    rung = forms.ChoiceField(
        label=_("Who sees a new document at first"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose who sees a new document at first."),
            "invalid_choice": _("Choose one of the audiences of this workspace."),
        },
    )

    def __init__(self, *args: Any, workspace: Workspace, **kwargs: Any) -> None:
        kwargs["initial"] = {"rung": workspace.starting_rung.value}
        super().__init__(*args, **kwargs)
        words = {
            Rung.MEMBERS: _("Members only: the members of this workspace"),
            Rung.ORGANISATION: _("Organisation: the people of the one that uploads it"),
            Rung.WORKSPACE: _("Workspace: its members, and the people of the one that uploads it"),
            Rung.COALITION: _("Coalition: also the people of all its organisations"),
        }
        rung = self.fields["rung"]
        assert isinstance(rung, forms.ChoiceField)
        rung.choices = [(step.value, words[step]) for step in workspace.starting_choices]
