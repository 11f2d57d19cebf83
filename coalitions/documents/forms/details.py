"""What is said about a document."""

import re
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from coalitions.access import Viewer
from coalitions.documents.forms.for_all import DetailsForAll
from coalitions.documents.models import Document
from coalitions.documents.services import Details
from coalitions.language import has_signs
from coalitions.network.forms.fields import RowsField
from coalitions.network.models import (
    ConventionArticle,
    Country,
)
from coalitions.network.presentation import country_name


class TitledForm(DetailsForAll):
    """What is said of one document, with its title."""

    title = forms.CharField(label=_("Title"), max_length=255)

    def clean_title(self) -> str:
        """Return the title; refuse one of which nothing can be seen."""
        title: str = self.cleaned_data["title"]
        if not has_signs(title):
            raise forms.ValidationError(self.fields["title"].error_messages["required"])
        return title


class DetailsForm(TitledForm):
    """Title, language, type, date, subjects, programme, translation.

    Invariant: what this person may not see is neither shown nor changed.
    """

    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    date = forms.DateField(
        label=_("Date of the document"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y"],
        error_messages={"invalid": _("Write the date as year-month-day, such as 2026-11-24.")},
    )
    articles = forms.CharField(
        label=_("Articles of the Convention"),
        help_text=_("Numbers from 1 to 54, such as 3, 12, 37."),
        required=False,
        max_length=300,
    )
    countries = RowsField(
        label=_("Countries"),
        help_text=_("Hold Ctrl or Command to choose several."),
        queryset=Country.objects.all(),
        required=False,
    )
    translation_of = forms.CharField(
        label=_("Translation of"),
        help_text=_("The reference of the document that this one translates, such as D-3F7K."),
        required=False,
        max_length=20,
    )
    field_order = [
        *("title", "language", "type", "date", "themes", "articles", "countries"),
        *("programme", "translation_of"),
    ]

    def __init__(self, data: Any, *, document: Document, viewer: Viewer) -> None:
        self.document = document
        self.seen = Document.objects.visible_to(viewer)
        super().__init__(data, viewer=viewer, initial=self._initial(document))
        countries = self._field("countries", forms.ModelMultipleChoiceField)
        named = ((pk, country_name(code)) for pk, code in Country.objects.values_list("pk", "code"))
        countries.choices = sorted(named, key=lambda choice: choice[1])
        self._leave_out_unseen(self._field("programme", forms.ModelChoiceField).queryset)

    def _field(self, name: str, kind: Any) -> Any:
        field = self.fields[name]
        assert isinstance(field, kind)
        return field

    @staticmethod
    def _initial(document: Document) -> dict[str, Any]:
        source = document.translation_of
        return {
            "title": document.title,
            "language": document.language,
            "type": document.type_id,
            "date": document.date,
            "themes": document.themes.all(),
            "articles": ", ".join(str(article.number) for article in document.articles.all()),
            "countries": document.countries.all(),
            "programme": document.programme_id,
            "translation_of": source.reference if source else "",
        }

    def _leave_out_unseen(self, programmes: Any) -> None:
        document = self.document
        if document.programme_id and not programmes.filter(pk=document.programme_id).exists():
            del self.fields["programme"]
        source = document.translation_of_id
        if source and not self.seen.filter(pk=source).exists():
            del self.fields["translation_of"]

    def clean_articles(self) -> list[ConventionArticle]:
        """Return the articles of the numbers that were written."""
        text: str = self.cleaned_data["articles"]
        numbers = re.split(r"[\s,;]+", text.strip()) if text.strip() else []
        wrong = [
            n
            for n in numbers
            if not (n.isascii() and n.isdecimal() and len(n) < 5 and 1 <= int(n) <= 54)
        ]
        if wrong:
            raise forms.ValidationError(
                _g("“%(number)s” is no article of the Convention. Write numbers from 1 to 54.")
                % {"number": wrong[0][:20]}
            )
        return list(ConventionArticle.objects.filter(number__in={int(n) for n in numbers}))

    def clean_translation_of(self) -> Document | None:
        """Return the document with that reference, among those that this person may see."""
        reference: str = self.cleaned_data["translation_of"].strip().upper()
        if not reference:
            return None
        source: Document | None = self.seen.filter(reference=reference).first()
        if source is None or source.pk == self.document.pk:
            raise forms.ValidationError(
                _("There is no other document with this reference that you can see.")
            )
        if source.translation_of_id == self.document.pk:
            raise forms.ValidationError(_("That document is a translation of this one."))
        return source

    def details(self) -> Details:
        """Return what the service takes: the fields that were on the page."""
        values: Details = {name: self.cleaned_data[name] for name in self.fields}  # type: ignore[assignment]
        return values
