"""The forms of saved searches."""

from django import forms
from django.utils.translation import gettext_lazy as _

from search.models import SavedSearch
from search.models.saved import NAME_LIMIT

FREQUENCIES = [
    (SavedSearch.Frequency.NEVER, _("No mail")),
    (SavedSearch.Frequency.AT_ONCE, _("At once, ten minutes apart at the least")),
    (SavedSearch.Frequency.DAILY, _("Every morning, when there is something new")),
    (SavedSearch.Frequency.WEEKLY, _("Every Monday morning, when there is something new")),
]


class SaveForm(forms.Form):
    """Name and frequency."""

    name = forms.CharField(
        label=_("Name"),
        max_length=NAME_LIMIT,
        help_text=_("For yourself. It stands in no mail and in no feed."),
        error_messages={"required": _("Give the search a name by which you will know it.")},
    )
    frequency = forms.ChoiceField(
        label=_("Mail about what is new"),
        choices=FREQUENCIES,
        widget=forms.RadioSelect,
        initial=SavedSearch.Frequency.NEVER,
        help_text=_(
            "The mail names what is public. Of the rest it tells the number and leads here."
        ),
        error_messages={
            "required": _("Choose when mail is to come."),
            "invalid_choice": _("Choose one of these."),
        },
    )


class ChangeForm(SaveForm):
    """The same, and a pause."""

    paused = forms.BooleanField(
        label=_("Pause the mail"),
        required=False,
        help_text=_("When you go on, you are told of what came meanwhile."),
    )
