"""What is asked before something is done with several documents."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from coalitions.access import Rung
from coalitions.documents.filters import theme_choices
from coalitions.network.forms.fields import RowsField
from coalitions.network.models import Theme


class ThemesForm(forms.Form):
    """Themes to give to documents, or to take from them."""

    mode = forms.ChoiceField(
        label=_("What to do"),
        choices=[("add", _("Add these themes")), ("remove", _("Take these themes away"))],
        initial="add",
        widget=forms.RadioSelect,
    )
    themes = RowsField(
        label=_("Themes"),
        queryset=Theme.objects.all(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one theme.")},
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        field = self.fields["themes"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.choices = theme_choices()

    @property
    def groups(self) -> dict[str, Any]:
        """What is added and what is taken away."""
        chosen = list(self.cleaned_data["themes"])
        adds = self.cleaned_data["mode"] == "add"
        return {"add": chosen if adds else (), "remove": () if adds else chosen}


class RungForm(forms.Form):
    """How far documents shall be shared; `words`: each rung, and who that is."""

    rung = forms.ChoiceField(
        label=_("They shall be seen by"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose who can see them."),
            "invalid_choice": _("Choose who can see them."),
        },
    )

    def __init__(self, data: Any, words: list[tuple[str, str]]) -> None:
        super().__init__(data)
        field = self.fields["rung"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = words
        self.words = dict(words)

    @property
    def chosen(self) -> Rung:
        """The rung that was chosen."""
        return Rung(self.cleaned_data["rung"])


class ArchiveForm(forms.Form):
    """How the files in a ZIP are called."""

    neutral = forms.BooleanField(
        label=_("Call the files by their references alone, without titles and folders"),
        required=False,
    )


class SureForm(forms.Form):
    """Nothing but that one is sure."""
