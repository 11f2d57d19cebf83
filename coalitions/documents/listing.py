"""Lists of documents: what may be seen, filtered, sorted, in stable pages.

Invariant: filters and their choices are made from what the viewer may see.
"""

from typing import Any

from django import forms
from django.conf import settings
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.db.models.functions import Lower
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from coalitions.access import Viewer
from coalitions.documents.models import Document
from coalitions.network.models import DocumentType, Organisation
from coalitions.network.names import local_name

PER_PAGE = 25
_ORDERS: dict[str, tuple[Any, ...]] = {
    "-changed": ("-changed", "-pk"),
    "changed": ("changed", "pk"),
    "name": (Lower("title"), "pk"),
    "-name": (Lower("title").desc(), "-pk"),
    "size": ("current_version__size", "pk"),
    "-size": ("-current_version__size", "-pk"),
}
_SORTS = [
    ("-changed", _("Changed, newest first")),
    ("changed", _("Changed, oldest first")),
    ("name", _("Name, A to Z")),
    ("-name", _("Name, Z to A")),
    ("-size", _("Size, largest first")),
    ("size", _("Size, smallest first")),
]


class ListForm(forms.Form):
    """What a list is narrowed to. A value that nobody offered is left out, silently."""

    type = forms.ChoiceField(label=_("Type"), required=False)
    language = forms.ChoiceField(label=_("Language"), required=False)
    owner = forms.ChoiceField(label=_("Organisation"), required=False)
    sort = forms.ChoiceField(label=_("Sort by"), required=False, choices=_SORTS)

    def __init__(self, request: HttpRequest, owners: list[Organisation]) -> None:
        offered = self._offered(owners)
        values = {
            name: value
            for name, choices in offered.items()
            if (value := request.GET.get(name, "")) in dict(choices)
        }
        super().__init__(initial={"sort": "-changed", **values})
        self.values = values
        for name, choices in offered.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices

    @staticmethod
    def _offered(owners: list[Organisation]) -> dict[str, list[tuple[str, Any]]]:
        every = ("", _("All"))
        types = DocumentType.objects.values_list("code", "labels")
        return {
            "type": [every, *((code, local_name(labels, code)) for code, labels in types)],
            "language": [every, *settings.LANGUAGES],
            "owner": [every, *((str(owner.uuid), owner.name) for owner in owners)],
            "sort": list(_SORTS),
        }

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but the order was chosen."""
        return any(value for name, value in self.values.items() if name != "sort")


class DocumentList:
    """One page of a list and all that its template shows."""

    def __init__(
        self, request: HttpRequest, viewer: Viewer, documents: "QuerySet[Document]"
    ) -> None:
        owned = Organisation.objects.visible_to(viewer).filter(
            pk__in=documents.order_by().values("owner")
        )
        owners = sorted(owned, key=lambda owner: owner.name.casefold())
        self.form = ListForm(request, owners)
        self.page = self._page(request, self._narrowed(documents))
        named = {owner.pk: owner for owner in owners}
        for document in self.page.object_list:
            # An unlisted owner of a public document is not named to strangers.
            document.shown_owner = named.get(document.owner_id)

    def _narrowed(self, documents: "QuerySet[Document]") -> "QuerySet[Document]":
        values = self.form.values
        if values.get("type"):
            documents = documents.filter(type__code=values["type"])
        if values.get("language"):
            documents = documents.filter(language=values["language"])
        if values.get("owner"):
            documents = documents.filter(owner__uuid=values["owner"])
        order = _ORDERS[values.get("sort") or "-changed"]
        return documents.order_by(*order)

    @staticmethod
    def _page(request: HttpRequest, documents: Any) -> "Page[Any]":
        rows = documents.with_audience().select_related("type", "current_version")
        return Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
