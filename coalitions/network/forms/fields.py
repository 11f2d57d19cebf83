"""Fields that hold against what no page of ours sends.

Invariant: a key that no column holds is no choice, said in words; it never reaches the database.
"""

from typing import Any

from django import forms

# Ten digits may go beyond what an integer column holds.
_KEY_DIGITS = 9


class RowsField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Several rows by key. Django asks the database for any number, however large, and fails."""

    def _check_values(self, value: Any) -> Any:
        for key in value if isinstance(value, list | tuple) else ():
            text = str(key)
            if not text.isdecimal() or len(text) > _KEY_DIGITS:
                raise forms.ValidationError(
                    self.error_messages["invalid_choice"],
                    code="invalid_choice",
                    params={"value": text[:20]},
                )
        return super()._check_values(value)  # type: ignore[misc]
