"""Names and places of folders, and the place of a document."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from coalitions.documents.folder_names import LONGEST, FolderRefused, folder_name
from coalitions.documents.models import Folder
from coalitions.documents.tree import TOP, Tree, place_code


def _places(tree: Tree, without: Folder | None = None) -> list[tuple[str, str]]:
    """Return the places of a workspace as choices, each with its whole path."""
    places: list[tuple[str, Any]] = [(TOP, _("Top of the workspace"))]
    for folder, _level in tree.listed(without):
        path = " / ".join(step.name for step in tree.path(folder))
        places.append((str(folder.uuid), path))
    return places


class _PlaceField(forms.ChoiceField):
    """A folder of the tree, or the top."""

    def __init__(self) -> None:
        super().__init__(
            label=_("Place"),
            error_messages={
                "required": _("Choose a place."),
                "invalid_choice": _("That folder is not there any more. Choose another place."),
            },
        )


class NameForm(forms.Form):
    """What a folder is to be called."""

    # The name itself is judged by `folder_name`, which says more than a limit.
    name = forms.CharField(
        label=_("Name of the folder"),
        required=False,
        max_length=10 * LONGEST,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean_name(self) -> str:
        """Return the name as it is kept."""
        try:
            return folder_name(self.cleaned_data["name"])
        except FolderRefused as refused:
            raise forms.ValidationError(refused.message) from refused


class FolderForm(NameForm):
    """What a folder is called and where it lies; `revision`: as which the person saw it."""

    place = _PlaceField()
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)

    def __init__(self, data: Any, *, folder: Folder, tree: Tree) -> None:
        initial = {
            "name": folder.name,
            "place": place_code(folder.parent),
            "revision": folder.revision,
        }
        super().__init__(data, initial=initial)
        self.tree = tree
        field = self.fields["place"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = _places(tree, without=folder)

    @property
    def parent(self) -> Folder | None:
        """The place that was chosen."""
        return _chosen(self.tree, self.cleaned_data["place"])


class MoveForm(forms.Form):
    """Where a document is to lie; `seen_in`: where the person saw it."""

    place = _PlaceField()
    seen_in = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)

    def __init__(self, data: Any, *, folder: Folder | None, tree: Tree) -> None:
        here = place_code(folder)
        super().__init__(data, initial={"place": here, "seen_in": here})
        self.tree = tree
        field = self.fields["place"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = _places(tree)

    @property
    def folder(self) -> Folder | None:
        """The place that was chosen."""
        return _chosen(self.tree, self.cleaned_data["place"])

    @property
    def seen(self) -> Folder | None:
        """The place where the person saw the document; the top where it is not there any more."""
        return _chosen(self.tree, self.cleaned_data["seen_in"])


def _chosen(tree: Tree, value: str) -> Folder | None:
    try:
        return tree.find(UUID(value))
    except ValueError:
        return None
