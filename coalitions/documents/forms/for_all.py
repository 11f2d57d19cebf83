"""What is said once about all files that are sent together, and once for all taken out of them."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from coalitions.access import Viewer
from coalitions.documents.filters import theme_choices
from coalitions.documents.services.details import Details
from coalitions.network.forms.fields import RowsField
from coalitions.network.models import DocumentType, Programme, Theme

NAMES = ("type", "themes", "programme")


class AuthorsOut(forms.Form):
    """Whether files are stored without what they say about the people who made them."""

    authors_out = forms.BooleanField(
        label=_("Take out what the files say about their authors"),
        help_text=_(
            "Names, organisations, and who commented, of PDF, Word, PowerPoint, Excel and "
            "OpenDocument files, before anybody else sees them. Names in the text stay. "
            "Otherwise you see afterwards what they say."
        ),
        required=False,
    )


class DetailsForAll(forms.Form):
    """Type, themes and programme. Invariant: offered is what this person may see."""

    type = forms.ModelChoiceField(
        label=_("Type"), queryset=DocumentType.objects.all(), required=False
    )
    themes = RowsField(
        label=_("Themes"),
        queryset=Theme.objects.all(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    programme = forms.ModelChoiceField(
        label=_("Programme"), queryset=Programme.objects.none(), required=False
    )

    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        themes, programme = self.fields["themes"], self.fields["programme"]
        assert isinstance(themes, RowsField)
        assert isinstance(programme, forms.ModelChoiceField)
        themes.choices = theme_choices()
        programme.queryset = Programme.objects.visible_to(viewer)

    def said(self) -> Details:
        """Return what was chosen; what was left open is left out."""
        values: Details = {
            name: self.cleaned_data[name] for name in NAMES if self.cleaned_data.get(name)
        }  # type: ignore[assignment]
        return values
