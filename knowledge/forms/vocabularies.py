"""The admin's form for a term of a vocabulary: its label in each language, and nothing else."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from knowledge.services.vocabularies import MAX_LABEL, labels_field, relabel_term

_PREFIX = "label_"


class TermForm(WagtailAdminModelForm):
    """One line per language of the portal. Saving goes through the service."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = getattr(self.instance, labels_field(self.instance))
        for code, name in settings.LANGUAGES:
            self.fields[f"{_PREFIX}{code}"] = forms.CharField(
                label=name,
                required=code == settings.LANGUAGE_CODE,
                max_length=MAX_LABEL,
                initial=labels.get(code, ""),
                help_text=_("Left empty: the English label is shown.") if code != "en" else "",
            )

    def save(self, commit: bool = True) -> Any:
        """Keep the labels by the service, in the name of the person at the form."""
        relabel_term(
            acting_user=self.for_user,
            term=self.instance,
            labels={
                code: self.cleaned_data[f"{_PREFIX}{code}"] for code, _name in settings.LANGUAGES
            },
        )
        return self.instance


def term_form(model: Any) -> type[TermForm]:
    """Return the form for one vocabulary."""
    meta = type("Meta", (), {"model": model, "fields": []})
    return type(f"{model.__name__}Form", (TermForm,), {"Meta": meta})
