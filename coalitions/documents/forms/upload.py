"""Sending files: as new documents, or as a version of one."""

from typing import Any
from uuid import uuid4

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import ProhibitNullCharactersValidator
from django.template.defaultfilters import filesizeformat
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from coalitions.access import Rung
from coalitions.documents.forms.for_all import AuthorsOut, DetailsForAll
from coalitions.documents.forms.sharing import ChildQuestions
from coalitions.documents.full import UNFIT, status_of
from coalitions.documents.media_types import ALLOWED_NAMES
from coalitions.documents.reach import Step
from coalitions.documents.refusals import FileRefused


class SeveralFiles(forms.FileInput):
    """A file control that takes several."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Zero or more sent files. What is in them is judged one by one, by the view.

    Empty files pass, so that each is refused by its name with the others kept.
    """

    widget = SeveralFiles

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[Any]]:
        """Return the files as a list."""
        files = data if isinstance(data, list | tuple) else [data]
        return [file for file in files if file]


def _limits() -> str:
    return gettext("%(limit)s each, %(count)s files at most. Taken are: %(types)s.") % {
        "limit": filesizeformat(settings.DOCUMENT_MAX_BYTES),
        "count": settings.DOCUMENT_MAX_FILES,
        "types": ALLOWED_NAMES,
    }


class _SendingForm(forms.Form):
    """What both forms share: files, a mark against sending twice, errors per file."""

    submission = forms.UUIDField(widget=forms.HiddenInput, required=False)

    # What the page is answered with: 413 and 507 where a file is too large, or there is no room.
    status = 200

    def refuse(self, field: str, name: str, refused: FileRefused) -> None:
        """Add the error of one file, under its name."""
        self.add_error(
            field, gettext("“%(name)s”: %(reason)s") % {"name": name, "reason": refused.message}
        )
        if (status := status_of(refused)) != UNFIT:
            self.status = max(self.status, status)

    def clean_submission(self) -> Any:
        """Return the mark; a new one where it is missing or no uuid."""
        return self.cleaned_data.get("submission") or uuid4()


class UploadForm(ChildQuestions, AuthorsOut, DetailsForAll, _SendingForm):
    """Who will see the files, what is said about all of them, and the files."""

    uploads = FilesField(label=_("Files"), help_text=lazy(_limits, str)(), required=False)
    rung = forms.ChoiceField(
        label=_("Who will see them"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose who will see the files."),
            "invalid_choice": _("Choose who will see the files, from the list."),
        },
    )
    language = forms.ChoiceField(label=_("Language of the files"), required=False)
    store_again = forms.BooleanField(
        label=_("Store a file also when it is already here"), required=False
    )

    def __init__(self, *args: Any, steps: list[Step], start: Rung, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"rung": start.value, "submission": uuid4()})
        super().__init__(*args, **kwargs)
        rung, language = self.fields["rung"], self.fields["language"]
        assert isinstance(rung, forms.ChoiceField)
        assert isinstance(language, forms.ChoiceField)
        rung.choices = [(step.rung.value, f"{step.name} – {step.words}") for step in steps]
        language.choices = [("", _("Tell it from the text")), *settings.LANGUAGES]

    def clean(self) -> dict[str, Any]:
        """Child data stays in the workspace."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        values.update(self.answers())
        wide = {Rung.COALITION, Rung.NETWORK, Rung.PUBLIC}
        if values.get("child_data") and values.get("rung") in wide:
            self.add_error(
                "rung",
                _("Files with data about a child stay in the workspace. Choose that, or less."),
            )
        return values


class VersionForm(AuthorsOut, _SendingForm):
    """A new version of a document: the file, and what changed."""

    file = forms.FileField(
        label=_("File"),
        help_text=lazy(_limits, str)(),
        allow_empty_file=True,
        required=False,
        widget=forms.FileInput,
    )
    note = forms.CharField(
        label=_("What changed"),
        max_length=500,
        required=False,
        validators=[ProhibitNullCharactersValidator()],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"submission": uuid4()})
        super().__init__(*args, **kwargs)
