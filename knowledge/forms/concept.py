"""The admin's form for a concept: per language the preferred label, and the others a line each."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from knowledge.models import Concept
from knowledge.models.concept import MAX_LABEL
from knowledge.services.concepts import (
    add_concept,
    change_concept,
    read_code,
    read_labels,
    refuse_circle,
)

MAX_OTHERS = 7_000
_CODES = [code for code, _name in settings.LANGUAGES]


class ConceptForm(WagtailAdminModelForm):
    """Saving goes through the services, which are given the languages that were changed."""

    instance: Concept

    class Meta:
        model = Concept
        fields = ["code", "note", "broader"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["code"]
        else:
            code = self.fields["code"]
            # The looser rule of Django's field would speak first, and less clearly.
            code.validators = [one for one in code.validators if one is not validate_slug]
            code.help_text = _(
                "Lower-case letters, digits and hyphens. It cannot be changed afterwards."
            )
        others = Concept.objects.exclude(pk=self.instance.pk)
        self.fields["broader"].queryset = others.prefetch_related("labels")
        labels = self.instance.labels_by_language() if self.instance.pk else {}
        for code, name in settings.LANGUAGES:
            self._add_language(code, name, labels.get(code, []))

    def _add_language(self, code: str, name: Any, labels: list[str]) -> None:
        self.fields[f"label_{code}"] = forms.CharField(
            label=name, required=False, max_length=MAX_LABEL, initial=next(iter(labels), "")
        )
        self.fields[f"others_{code}"] = forms.CharField(
            label=_("%(language)s: other labels") % {"language": name},
            required=False,
            max_length=MAX_OTHERS,
            initial="\n".join(labels[1:]),
            widget=forms.Textarea(attrs={"rows": 3}),
            help_text=_("One on each line."),
        )

    def clean(self) -> Any:
        """Read the labels of each language; what is wrong is said beside the field."""
        cleaned = super().clean()
        self.labels: dict[str, list[str]] = {}
        for code in _CODES:
            if f"label_{code}" in self.errors or f"others_{code}" in self.errors:
                continue
            first = cleaned.get(f"label_{code}", "").strip()
            others = [line for line in cleaned.get(f"others_{code}", "").splitlines() if line]
            try:
                self.labels[code] = read_labels(code, [first, *others])
            except ValidationError as error:
                self.add_error(f"others_{code}" if others else f"label_{code}", error)
            if others and not first:
                words = gettext("Give the preferred label here; the others follow below.")
                self.add_error(f"label_{code}", words)
        if not self.errors and not any(self.labels.values()):
            words = gettext("Give the concept a label in at least one language.")
            self.add_error(f"label_{settings.LANGUAGE_CODE}", words)
        return cleaned

    def clean_code(self) -> str:
        """The rule for codes stands in the services."""
        return read_code(self.cleaned_data["code"])

    def clean_broader(self) -> Concept | None:
        """A concept is not below itself, also not by a detour."""
        broader: Concept | None = self.cleaned_data["broader"]
        refuse_circle(self.instance, broader)
        return broader

    def save(self, commit: bool = True) -> Any:
        """Keep it in the name of the person at the form."""
        fields = {
            "acting_user": self.for_user,
            "note": self.cleaned_data["note"],
            "broader": self.cleaned_data["broader"],
        }
        if not self.instance.pk:
            code = self.cleaned_data["code"]
            self.instance = add_concept(code=code, labels=self.labels, **fields)
            return self.instance
        changed = {
            code: texts
            for code, texts in self.labels.items()
            if {f"label_{code}", f"others_{code}"} & set(self.changed_data)
        }
        return change_concept(concept=self.instance, labels=changed, **fields)
