"""What we change in the Wagtail admin: the audience of an article, links, menu, look.

Invariant: the audience is written by its service alone, on a person's own save. Narrower: before
the page is published. Wider: after it, so that an older text is never shown to new readers. The
admin's automatic saving changes no audience.
"""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.documents.wagtail_hooks import DocumentsSummaryItem
from wagtail.rich_text.pages import PageLinkHandler

from knowledge.forms.audience import AudienceForm, kept_coalitions
from knowledge.labels import audience_of, labels_of
from knowledge.models import ArticleAudience, ArticlePage
from knowledge.services import give_default_audience, set_article_audience
from knowledge.services.audience import may_decide_audience, narrows
from knowledge.vocabularies import VocabularyGroup, register_policies


class SilentPageLinkHandler(PageLinkHandler):
    """Writes no address: whether a page may be known is decided for the reader (knowledge.body)."""

    @classmethod
    def expand_db_attributes_many(cls, attrs_list: list[dict[str, Any]]) -> list[str]:
        """Return a bare anchor for each link."""
        return ["<a>" for _attrs in attrs_list]


def write_no_page_address(features: Any) -> None:
    """Let no way of writing rich text name a page by itself."""
    features.register_link_type(SilentPageLinkHandler)


def _is_automatic(request: HttpRequest) -> bool:
    return not request.accepts("text/html")


def _choice(request: HttpRequest, page: ArticlePage) -> tuple[str, list[Any]] | None:
    """Return the audience that this request asks for, if the person may decide it."""
    if request.method != "POST" or _is_automatic(request):
        return None
    if not may_decide_audience(request.user, page):
        return None
    kept = kept_coalitions(audience_of(page.translation_key), request.user)
    form = AudienceForm(request.POST, user=request.user, kept=kept)
    return form.choice() if form.is_valid() else None


def narrow_audience(request: HttpRequest, page: Any) -> None:
    """Take sight away before anything is published under the old audience."""
    if not isinstance(page, ArticlePage) or (choice := _choice(request, page)) is None:
        return
    level, coalitions = choice
    before = audience_of(page.translation_key)
    if narrows(before, labels_of(level, coalitions)):
        _set(request, page, level, coalitions)


def keep_audience(request: HttpRequest, page: Any) -> None:
    """Write the audience that was chosen; a new article without one starts with the network."""
    if not isinstance(page, ArticlePage) or _is_automatic(request):
        return
    choice = _choice(request, page)
    if choice is not None:
        _set(request, page, *choice)
    elif audience_of(page.translation_key) is None:
        give_default_audience(acting_user=request.user, article=page)


def _set(request: HttpRequest, page: ArticlePage, level: str, coalitions: list[Any]) -> None:
    before = audience_of(page.translation_key)
    row = set_article_audience(
        acting_user=request.user, article=page, level=level, coalitions=coalitions
    )
    if before is not None and row.pk != before.pk:
        label = ArticleAudience.Level(row.level).label
        words = _("Who can see this article is now: %(level)s.") % {"level": label}
        messages.success(request, words)


def copy_audience(request: HttpRequest, page: Any, new_page: Any) -> None:
    """A copy is seen by no more people than the article it was made of."""
    if isinstance(new_page, ArticlePage):
        give_default_audience(acting_user=request.user, article=new_page, like=page)


def leave_out_documents(request: HttpRequest, menu_items: list[Any]) -> None:
    """Documents live in workspaces, which are in no admin; Wagtail's own have no address here."""
    menu_items[:] = [item for item in menu_items if item.name != "documents"]


def count_no_documents(request: HttpRequest, summary_items: list[Any]) -> None:
    """Leave them out of the admin's first page too."""
    summary_items[:] = [i for i in summary_items if not isinstance(i, DocumentsSummaryItem)]


def brand_colour() -> SafeString:
    """Add the brand's colour to the admin, and nothing else."""
    return format_html('<link rel="stylesheet" href="{}">', static("portal/admin.css"))


register_policies()
hooks.register("register_admin_viewset", VocabularyGroup)
hooks.register("register_rich_text_features", write_no_page_address, order=200)
hooks.register("before_edit_page", narrow_audience)
hooks.register("after_create_page", keep_audience)
hooks.register("after_edit_page", keep_audience)
hooks.register("after_copy_page", copy_audience)
hooks.register("construct_main_menu", leave_out_documents)
hooks.register("construct_homepage_summary_items", count_no_documents)
hooks.register("insert_global_admin_css", brand_colour)
