"""The details of one file among those that were just sent."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from coalitions.access import Viewer
from coalitions.documents.forms.details import TitledForm
from coalitions.documents.models import Document
from coalitions.documents.services.details import Details
from coalitions.network.models import Programme


class SentForm(TitledForm):
    """Title, language, type, themes, programme.

    Invariant: what this person may not see is neither shown nor changed, and a language that is to
    be told from the text stays so until somebody chooses one.
    """

    language = forms.ChoiceField(label=_("Language"), required=False)
    field_order = ["title", "language", "type", "programme", "themes"]

    def __init__(self, data: Any, *, document: Document, viewer: Viewer) -> None:
        self.document = document
        initial = {
            "title": document.title,
            "language": "" if document.language_from_text else document.language,
            "type": document.type_id,
            "themes": [theme.pk for theme in document.themes.all()],
            "programme": document.programme_id,
        }
        super().__init__(data, viewer=viewer, initial=initial, prefix=document.uuid.hex)
        language = self.fields["language"]
        assert isinstance(language, forms.ChoiceField)
        untold = [("", _("Tell it from the text"))] if document.language_from_text else []
        language.choices = [*untold, *settings.LANGUAGES]
        language.required = not untold
        seen = Programme.objects.visible_to(viewer)
        if document.programme_id and not seen.filter(pk=document.programme_id).exists():
            del self.fields["programme"]

    def changes(self) -> Details:
        """Return what the person changed."""
        values: Details = {
            name: self.cleaned_data[name]
            for name in self.changed_data
            if name != "language" or self.cleaned_data[name]
        }  # type: ignore[assignment]
        return values
