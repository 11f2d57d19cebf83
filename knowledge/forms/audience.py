"""The two fields that say who can see an article, read from any form that holds them.

Invariant: a coalition that the editor may not see is neither named nor taken away here.
"""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from coalitions.network.forms.fields import RowsField
from coalitions.network.models import Coalition
from coalitions.network.viewers import viewer_for
from knowledge.models.audience import ArticleAudience

LEVEL = "audience_level"
COALITIONS = "audience_coalitions"


def level_field() -> forms.ChoiceField:
    """Return the choice between the three levels; network is what a new article starts with."""
    level = ArticleAudience.Level
    return forms.ChoiceField(
        label=_("Level"),
        choices=level.choices,
        initial=level.NETWORK,
        widget=forms.RadioSelect,
    )


def coalitions_field() -> Any:
    """Return the choice of coalitions; which ones are offered depends on the person."""
    return RowsField(
        label=_("Coalitions"),
        queryset=Coalition.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


def coalitions_for(user: Any) -> Any:
    """Return the coalitions that `user` may know of."""
    return Coalition.objects.visible_to(viewer_for(user))


def kept_coalitions(audience: ArticleAudience | None, user: Any) -> list[Coalition]:
    """Return the coalitions of `audience` that `user` does not see, and so can't take away."""
    if audience is None:
        return []
    seen = set(coalitions_for(user).values_list("pk", flat=True))
    return [coalition for coalition in audience.coalitions.all() if coalition.pk not in seen]


def check_choice(level: str | None, coalitions: Sequence[Coalition]) -> dict[str, str]:
    """Return what is wrong with a choice, by field; nothing when it can be kept."""
    if level == ArticleAudience.Level.COALITION and not coalitions:
        return {COALITIONS: _t("Choose at least one coalition, or another level.")}
    if level == ArticleAudience.Level.PUBLIC and coalitions:
        return {COALITIONS: _t("Everybody can read a public article: choose no coalition here.")}
    return {}


class AudienceForm(forms.Form):
    """The two fields alone, as the admin sends them with the article's form."""

    audience_level = level_field()
    audience_coalitions = coalitions_field()

    def __init__(
        self, *args: Any, user: Any, kept: Sequence[Coalition] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.kept = list(kept)
        self.fields[COALITIONS].queryset = coalitions_for(user)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Refuse what the article's form refuses."""
        cleaned: dict[str, Any] = super().clean() or {}
        level = cleaned.get(LEVEL)
        chosen = list(cleaned.get(COALITIONS) or ())
        if level != ArticleAudience.Level.PUBLIC:
            chosen += self.kept
        for field, message in check_choice(level, chosen).items():
            self.add_error(field, message)
        return cleaned

    def choice(self) -> tuple[str, list[Coalition]]:
        """Return level and coalitions, those that the person does not see among them."""
        level = self.cleaned_data[LEVEL]
        if level == ArticleAudience.Level.PUBLIC:
            return level, []
        return level, [*self.cleaned_data[COALITIONS], *self.kept]
