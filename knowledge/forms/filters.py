"""The filters over the list of articles.

Invariant: a value that no filter knows is named to the reader and narrows nothing.
"""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from coalitions.network.models import ConventionArticle, Theme

ALL_LANGUAGES = "all"


class ArticleFilterForm(forms.Form):
    """Sent with GET; empty fields narrow nothing, an empty language is that of the list."""

    theme = forms.ChoiceField(label=_("Theme"), required=False)
    article = forms.TypedChoiceField(
        label=_("Article of the Convention"), required=False, coerce=int, empty_value=None
    )
    language = forms.ChoiceField(label=_("Language"), required=False)

    def __init__(self, data: Any, *, language: str) -> None:
        values = data.copy() if hasattr(data, "copy") else dict(data)
        if not values.get("language"):
            values["language"] = language
        super().__init__(values)
        self.own_language = language
        themes = Theme.objects.all()
        self._choose("theme", [("", _t("All themes"))], [(t.code, t.label) for t in themes])
        self._choose(
            "article",
            [("", pgettext("of the Convention", "All articles"))],
            [(a.number, str(a)) for a in ConventionArticle.objects.all()],
        )
        self._choose("language", [(ALL_LANGUAGES, _t("All languages"))], list(settings.LANGUAGES))

    def _choose(self, name: str, first: list[Any], others: list[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = first + others
        field.error_messages["invalid_choice"] = _t("Choose one of the values in this list.")

    def chosen(self) -> dict[str, Any]:
        """Return the valid values: `theme`, `article` (a number or None), `language`."""
        valid = getattr(self, "cleaned_data", {})
        return {
            "theme": valid.get("theme") or "",
            "article": valid.get("article"),
            "language": valid.get("language") or self.own_language,
        }
