"""How a form field is written: its kind, its attributes, where its errors point.

Invariant: rendering changes no value. What a person typed comes back as typed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BaseForm
from django.forms.boundfield import BoundField
from django.utils.safestring import SafeString

_TEXT_WIDGETS = (forms.TextInput, forms.Textarea)
_NOT_PROSE = (
    forms.NumberInput,
    forms.EmailInput,
    forms.URLInput,
    forms.PasswordInput,
    forms.DateInput,
    forms.DateTimeInput,
    forms.TimeInput,
)
_CHOICE_GROUPS = (forms.RadioSelect, forms.CheckboxSelectMultiple)


@dataclass(frozen=True)
class FieldView:
    """A field as its template needs it."""

    kind: str
    control: SafeString
    says_optional: bool
    target: str


def field_kind(field: BoundField) -> str:
    """Return `hidden`, `group` (radios, checkboxes, several inputs), `check` or `line`."""
    widget = field.field.widget
    if field.is_hidden:
        return "hidden"
    if isinstance(widget, forms.CheckboxInput):
        return "check"
    if field.use_fieldset or isinstance(widget, _CHOICE_GROUPS):
        return "group"
    return "line"


def field_target(field: BoundField) -> str:
    """Return the id that an error of this field leads to: its first control."""
    if field_kind(field) == "group":
        return f"{field.auto_id}_0"
    return field.id_for_label or field.auto_id


def _attributes(field: BoundField) -> dict[str, Any]:
    widget = field.field.widget
    attributes: dict[str, Any] = {}
    if isinstance(widget, forms.DateInput) and widget.input_type == "text":
        # The browser's calendar takes and gives ISO dates only, in every language.
        widget.format = "%Y-%m-%d"
        widget.input_type = "date"
    if isinstance(widget, forms.Textarea) and widget.attrs.get("rows") == "10":
        attributes["rows"] = "5"  # Django's own number is more than most answers need
    prose = isinstance(widget, _TEXT_WIDGETS) and not isinstance(widget, _NOT_PROSE)
    if prose and "dir" not in widget.attrs and field.value():
        # On an empty control `auto` means left to right, which would turn its frame round.
        attributes["dir"] = "auto"
    return attributes


def view_of(field: BoundField, *, optional: bool) -> FieldView:
    """Return how `field` is written; `optional` allows the word “(optional)”."""
    kind = field_kind(field)
    return FieldView(
        kind=kind,
        control=field.as_widget(attrs=_attributes(field)),
        says_optional=optional and kind != "check" and not field.field.required,
        target=field_target(field),
    )


def has_errors(value: object) -> bool:
    """Return whether `value` is a sent form or set of forms that was refused."""
    if isinstance(value, BaseForm | forms.BaseFormSet):
        return value.is_bound and not value.is_valid()
    return False
