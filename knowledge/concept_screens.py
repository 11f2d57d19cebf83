"""The admin's screens for concepts: found by any label, changed and deleted through the services.

Invariant: what is saved here is what the next search anywhere uses.
"""

from typing import Any

from django.db.models import Count, QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet

from coalitions.language import clean
from knowledge.forms.concept import ConceptForm
from knowledge.models import Concept
from knowledge.models.concept import label_key
from knowledge.services.concepts import delete_concept


class ConceptIndex(generic.IndexView):
    """The list. It is searched by the folded words of any label, and by code."""

    is_searchable = True

    def get_base_queryset(self) -> QuerySet[Concept]:
        """Return the concepts with what a line shows."""
        listed: QuerySet[Concept] = super().get_base_queryset()
        return listed.prefetch_related("labels", "broader__labels").annotate(
            label_count=Count("labels", distinct=True)
        )

    def search_queryset(self, queryset: QuerySet[Concept]) -> QuerySet[Concept]:
        """Keep the concepts that have the words typed in one of their labels."""
        if not self.is_searching:
            return queryset
        typed = clean(self.search_query)[:80]
        words = label_key(typed)
        named = Concept.objects.filter(code__icontains=typed.strip())
        if words:
            named |= Concept.objects.filter(labels__key__contains=words)
        return queryset.filter(pk__in=named.values("pk"))


class DeleteConcept(generic.DeleteView):
    """Deleting through the service."""

    def delete_action(self) -> None:
        """Delete in the name of the person at the screen."""
        delete_concept(acting_user=self.request.user, concept=self.object)


class ConceptViewSet(ModelViewSet):
    """List, form, history."""

    model = Concept
    icon = "globe"
    menu_label = _("Concepts")
    add_to_admin_menu = False
    add_to_reference_index = False
    copy_view_enabled = False
    list_per_page = 60
    list_display = [
        TitleColumn("label", label=_("Label"), url_name="concept:edit"),
        "code",
        Column("broader", label=_("Broader concept")),
        Column("label_count", label=_("Labels")),
    ]
    ordering = ["code"]
    search_fields = ["code"]
    index_view_class = ConceptIndex
    delete_view_class = DeleteConcept

    def get_form_class(self, for_update: bool = False) -> Any:
        """Return the form of labels."""
        return ConceptForm
