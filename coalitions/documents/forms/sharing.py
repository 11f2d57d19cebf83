"""Asking for a step, answering, ending a step by a date, lifting child data, two questions."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.validators import ProhibitNullCharactersValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coalitions.documents.models.sharing import LONGEST_REASON
from coalitions.documents.reach import Step

LONGEST = timedelta(days=5 * 366)


def _text(label: Any, help_text: Any = "", *, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=required,
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 4}),
        validators=[ProhibitNullCharactersValidator()],
    )


class EndForm(forms.Form):
    """The last day of a step further; empty: it has no end."""

    until = forms.DateField(
        label=_("Until the end of"),
        help_text=_(
            "The last day (UTC), such as 2026-12-31. Then the document goes back to where it was."
        ),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y"],
        error_messages={"invalid": _("Write the date as year-month-day, such as 2026-12-31.")},
    )

    def clean_until(self) -> datetime | None:
        """Return the instant at which the day is over."""
        day: date | None = self.cleaned_data["until"]
        if day is None:
            return None
        today = timezone.now().date()
        if not today <= day <= today + LONGEST:
            raise forms.ValidationError(
                _("Choose today or a later day, at most five years from now.")
            )
        return datetime.combine(day + timedelta(days=1), time(), UTC)


class AskForm(forms.Form):
    """How far, and why."""

    rung = forms.ChoiceField(
        label=_("Who shall be able to see it"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose who shall be able to see it."),
            "invalid_choice": _("Choose who shall be able to see it, from the list."),
        },
    )
    reason = _text(_("Why"), _("The people who decide read this, with your name."))

    def __init__(self, *args: Any, steps: list[Step], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rung = self.fields["rung"]
        assert isinstance(rung, forms.ChoiceField)
        rung.choices = [(step.rung.value, f"{step.name} – {step.words}") for step in steps]
        if len(steps) == 1:
            rung.initial = steps[0].rung.value


class AnswerForm(EndForm):
    """Yes, perhaps until a day; or no, and why."""

    note = _text(
        _("A note to whoever asked"),
        _("Needed when you say no."),
        required=False,
    )
    field_order = ["until", "note"]


class LiftForm(forms.Form):
    """Why the mark can be taken away."""

    reason = _text(_("Why no child can be harmed by it"), _("The second person reads this."))


class ChildQuestions(forms.Form):
    """Two questions that decide whether what is sent is child data.

    `child_data`: sealed. `shows_child`: said on its page, whether sealed or not.
    """

    recognisable = forms.ChoiceField(
        label=_("Can a child be recognised?"),
        help_text=_("By a name, a face, a voice, or by facts that together point to one child."),
        choices=[("no", _("No")), ("yes", _("Yes, in one file or more"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Say whether a child can be recognised.")},
    )
    consent = forms.ChoiceField(
        label=_("If so: is there consent to share it?"),
        help_text=_(
            "From the child and from whoever cares for the child. Without it the files are child "
            "data: they can be seen in the workspace at most, and no other system gets them."
        ),
        choices=[("no", _("No, or not sure")), ("yes", _("Yes, from both"))],
        widget=forms.RadioSelect,
        required=False,
    )

    def answers(self) -> dict[str, bool]:
        """Return what `add_document` takes."""
        shows = self.cleaned_data.get("recognisable") == "yes"
        sealed = shows and self.cleaned_data.get("consent") != "yes"
        return {"shows_child": shows, "child_data": sealed}
