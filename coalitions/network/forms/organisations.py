"""Forms about organisations and coalitions: names in every language of the interface."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from coalitions.network.models import Coalition, Country, OnLeaving, Organisation
from coalitions.network.presentation import by_name, country_name, language_choices
from coalitions.network.services.inputs import NAME_LIMIT


class NamesForm(forms.Form):
    """One field per language of the interface; names in other languages are kept as they are."""

    def __init__(self, *args: Any, names: dict[str, str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._kept = names or {}
        named = {}
        for code, language in language_choices(settings.INTERFACE_LANGUAGES):
            named[f"name_{code}"] = forms.CharField(
                label=_now("Name in %(language)s") % {"language": language},
                max_length=NAME_LIMIT,
                required=False,
                initial=self._kept.get(code, ""),
                widget=forms.TextInput(attrs={"lang": code}),
            )
        self.fields = {**named, **self.fields}

    def clean(self) -> dict[str, Any]:
        """Return the names as one mapping; at least one is needed."""
        cleaned = super().clean() or {}
        names = {
            code: name for code, name in self._kept.items() if f"name_{code}" not in self.fields
        }
        for code in settings.INTERFACE_LANGUAGES:
            name = cleaned.pop(f"name_{code}", "")
            if name:
                names[code] = name
        refused = any(field.startswith("name_") for field in self.errors)
        if not names and not refused:
            self.add_error("name_en", _("Give a name in at least one language."))
        cleaned["names"] = names
        return cleaned


class OrganisationForm(NamesForm):
    """What an organisation's own administrators may change."""

    languages = forms.CharField(
        label=_("Languages"),
        max_length=200,
        required=False,
        help_text=_("Codes of two or three letters with a space between them, such as: en fr."),
    )
    website = forms.URLField(
        label=_("Website"), max_length=200, required=False, assume_scheme="https"
    )
    listed = forms.BooleanField(
        label=_("Listed in the public directory"),
        required=False,
        initial=True,
        help_text=_("Unlisted, it is known to people of the network alone."),
    )

    def clean_languages(self) -> list[str]:
        """Return the codes as a list."""
        text: str = self.cleaned_data["languages"]
        return text.replace(",", " ").split()


class FullOrganisationForm(OrganisationForm):
    """What the administrators of a secretariat may change besides."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Organisation.Kind.choices)
    networks = forms.MultipleChoiceField(
        label=_("Networks"),
        choices=[("dci", _("Defence for Children")), ("ecpat", _("ECPAT"))],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("The network that the kind implies is added by itself."),
    )
    countries = forms.MultipleChoiceField(label=_("Countries"), required=False)
    source = forms.CharField(label=_("Source of these facts"), max_length=500, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        codes = Country.objects.values_list("code", flat=True)
        names = {code: country_name(code) for code in codes}
        field = self.fields["countries"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = sorted(names.items(), key=lambda choice: by_name(str(choice[1])))


def facts_of(organisation: Organisation) -> dict[str, Any]:
    """Return an organisation's facts as the forms want them."""
    return {
        "languages": " ".join(organisation.languages),
        "website": organisation.website,
        "listed": organisation.listed,
        "kind": organisation.kind,
        "networks": list(organisation.networks),
        "countries": [country.code for country in organisation.countries.all()],
        "source": organisation.source,
    }


class CoalitionForm(NamesForm):
    """How a coalition is named, what it is for, who knows of it."""

    purpose = forms.CharField(
        label=_("Purpose"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    listed = forms.BooleanField(
        label=_("Listed publicly"),
        required=False,
        help_text=_("Not listed, it is known to its members and the secretariats alone."),
    )
    on_leaving = forms.ChoiceField(
        label=_("When an organisation leaves, its documents"),
        choices=[
            (
                OnLeaving.STAY.value,
                _("stay in the workspaces, in the care of the organisation that leads"),
            ),
            (OnLeaving.GO.value, _("go with the organisation, into a workspace of its own")),
        ],
        widget=forms.RadioSelect,
        initial=OnLeaving.STAY.value,
        help_text=_(
            "It holds for organisations that join from now on. Who is in keeps the rule of its "
            "joining."
        ),
        error_messages={"required": _("Choose what becomes of the documents.")},
    )


class AddOrganisationForm(forms.Form):
    """Which organisation is to take part."""

    organisation = forms.ModelChoiceField(
        label=_("Organisation"),
        queryset=Organisation.objects.none(),
        to_field_name="slug",
        empty_label=_("Choose an organisation"),
    )

    def __init__(self, *args: Any, choices: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["organisation"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = choices


def coalition_facts(coalition: Coalition) -> dict[str, Any]:
    """Return a coalition's facts as the form wants them."""
    return {
        "purpose": coalition.purpose,
        "listed": coalition.listed,
        "on_leaving": coalition.on_leaving,
    }
