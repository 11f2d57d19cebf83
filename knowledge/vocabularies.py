"""The admin's screens for the vocabularies: words may change, codes and rows may not.

Invariant: nobody, superusers included, adds or deletes a term here; documents and articles of
every organisation stand on them. Concepts, on which nothing stands, come and go.
"""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy

from coalitions.network.models import ConventionArticle, Country, DocumentType, Theme
from knowledge.concept_screens import ConceptViewSet
from knowledge.forms.vocabularies import term_form


class WordsOnly(ModelPermissionPolicy):
    """Django's permissions over the model, without adding and deleting."""

    allowed = frozenset({"change", "view"})

    def user_has_permission(self, user: Any, action: str) -> bool:
        """Return whether `user` may do `action`."""
        return action in self.allowed and bool(super().user_has_permission(user, action))


class ReadOnly(WordsOnly):
    """Names that are not ours to change."""

    allowed = frozenset({"view"})


class VocabularyViewSet(ModelViewSet):
    """A list, and a form with one label per language."""

    add_to_admin_menu = False
    add_to_reference_index = False
    copy_view_enabled = False
    list_per_page = 60
    exclude_form_fields: list[str] = []
    inspect_view_enabled = False

    def get_form_class(self, for_update: bool = False) -> Any:
        """Return the form of labels."""
        return term_form(self.model)


class ThemeViewSet(VocabularyViewSet):
    model = Theme
    icon = "tag"
    menu_label = _("Themes")
    list_display = ["label", "code", "parent"]


class ConventionArticleViewSet(VocabularyViewSet):
    model = ConventionArticle
    icon = "list-ol"
    menu_label = _("Articles of the Convention")
    list_display = ["title", "number"]


class DocumentTypeViewSet(VocabularyViewSet):
    model = DocumentType
    icon = "doc-full"
    menu_label = _("Document types")
    list_display = ["label", "code"]


class CountryViewSet(VocabularyViewSet):
    """Country names come from the Unicode tables of names; there is nothing to change."""

    model = Country
    icon = "globe"
    menu_label = _("Countries")
    list_display = ["code"]
    list_per_page = 300


class VocabularyGroup(ViewSetGroup):
    """One entry of the menu with the lists."""

    menu_label = _("Vocabularies")
    menu_icon = "tag"
    menu_order = 300
    items = (
        ThemeViewSet,
        ConventionArticleViewSet,
        DocumentTypeViewSet,
        CountryViewSet,
        ConceptViewSet,
    )


def register_policies() -> None:
    """Register who may do what, before any view asks."""
    for model in (Theme, ConventionArticle, DocumentType):
        register_permission_policy(model, WordsOnly(model))
    register_permission_policy(Country, ReadOnly(Country))
