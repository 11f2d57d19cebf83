"""Lists of documents: what may be seen, narrowed, ordered, in pages; as a list or as a grid.

Invariant: everything that was chosen stands in the address. Filters and their choices are made
from what the viewer may see. A list costs the same for ten thousand documents as for twenty.
"""

from __future__ import annotations

from functools import partial
from typing import Any, Final

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from coalitions.access import Viewer
from coalitions.documents.filters import OWNER, Documents, Filter, owners_of
from coalitions.documents.models import Document
from coalitions.documents.ordering import LAST, ORDERS, USUAL, Page, page_of
from coalitions.documents.reserved import with_reservation
from coalitions.documents.selection import UNSEEN
from coalitions.documents.services.trashing import state_of
from coalitions.documents.tree import place_code

PER_PAGE: Final = ("25", "100", "200")
VIEWS: Final = ("list", "grid")
# Beyond this many documents are not counted one by one.
COUNTED: Final = 1000


class ListForm(forms.Form):
    """What a list is narrowed to. A value that nobody offered is left out, silently."""

    sort = forms.ChoiceField(
        label=_("Sort by"),
        required=False,
        choices=[(order.name, order.label) for order in ORDERS.values()],
    )
    per = forms.ChoiceField(
        label=_("Show at once"), required=False, choices=[(n, n) for n in PER_PAGE]
    )

    def __init__(
        self, request: HttpRequest, filters: tuple[Filter, ...], choices: dict[str, Any]
    ) -> None:
        offered = {**choices, "sort": list(ORDERS.items()), "per": [(n, n) for n in PER_PAGE]}
        self.values = {
            name: value
            for name, pairs in offered.items()
            if (value := request.GET.get(name, "")) and value in dict(pairs)
        }
        super().__init__(initial={"sort": USUAL, "per": PER_PAGE[0], **self.values})
        fields = {
            one.name: forms.ChoiceField(
                label=one.label, required=False, choices=[("", _("All")), *choices[one.name]]
            )
            for one in filters
            # A choice between nothing and nothing is none.
            if choices[one.name]
        }
        self.fields = {**fields, **self.fields}
        self.narrowing = [one for one in filters if one.name in self.values]

    @property
    def filters(self) -> list[Any]:
        """The fields that narrow."""
        return [self[name] for name in self.fields if name not in ("sort", "per")]


class DocumentList:
    """One page of a list and all that its template shows.

    `choose_from`: the documents that choices are made of; by default those that are listed.
    """

    def __init__(
        self,
        request: HttpRequest,
        viewer: Viewer,
        documents: Documents,
        filters: tuple[Filter, ...],
        choose_from: Documents | None = None,
    ) -> None:
        choose_from = documents if choose_from is None else choose_from
        owners = owners_of(choose_from, viewer)
        choices = {
            one.name: [(str(row.uuid), row.name) for row in owners]
            if one is OWNER
            else one.choices(choose_from, viewer)
            for one in filters
        }
        self.form = ListForm(request, filters, choices)
        self.is_narrowed = bool(self.form.narrowing)
        self.is_grid = request.GET.get("view") == VIEWS[1]
        self.kept = [("view", "grid")] if self.is_grid else []
        if request.GET.get("in") == "all":
            self.kept.append(("in", "all"))
        for one in self.form.narrowing:
            documents = documents.filter(one.narrows(self.form.values[one.name]))
        self.page = self._page(request, documents, viewer)
        # On the first of one page, what is there is what is counted.
        self.count = len(self.documents) if self.page.is_alone else _counted(documents)
        self.uncounted = self.count > COUNTED
        self.counted = COUNTED
        self._name_places(viewer, {owner.pk: owner for owner in owners})

    @property
    def documents(self) -> list[Any]:
        """The rows of this page."""
        return self.page.documents

    @property
    def last(self) -> str:
        """The position of the last page."""
        return LAST

    def _page(self, request: HttpRequest, documents: Documents, viewer: Viewer) -> Page:
        order = ORDERS[self.form.values.get("sort", USUAL)]
        size = int(self.form.values.get("per", PER_PAGE[0]))
        dress = partial(_dressed, viewer=viewer)
        return page_of(documents, order, request.GET.get("at", ""), size, dress)

    def _name_places(self, viewer: Viewer, named: dict[int, Any]) -> None:
        for document in self.documents:
            # An unlisted owner of a public document is not named to strangers.
            document.shown_owner = named.get(document.owner_id)
            document.shown_editor = named.get(document.reserved_for)
            own = document.shown_owner and document.shown_owner.uuid in viewer.organisations
            document.takes_files = bool(own)
            document.seen_in = document.seen_state = UNSEEN
            if document.workspace.uuid in viewer.workspaces:
                document.seen_in = place_code(document.folder)
                document.seen_state = state_of(document)


def _dressed(documents: QuerySet[Document], viewer: Viewer) -> QuerySet[Document]:
    dressed: QuerySet[Document] = documents.with_audience().select_related(  # type: ignore[attr-defined]
        "type", "current_version", "workspace", "folder"
    )
    return with_reservation(dressed, viewer)


def _counted(documents: Documents) -> int:
    """Return how many there are; one more than COUNTED for all that are more."""
    return documents.order_by().values("pk")[: COUNTED + 1].count()
