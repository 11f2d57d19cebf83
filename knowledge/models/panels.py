"""How the edit form of an article is arranged in the admin."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, HelpPanel, MultiFieldPanel
from wagtail.models import Page

_AUDIENCE_HELP = _(
    "One audience for all languages of this article. It takes effect as soon as you save, also for "
    "the text that is published now. Automatic saving never changes it. Network: people of "
    "sections, members, affiliates and secretariats. Partner organisations are not part of the "
    "network: choose the coalitions whose partners read the article too. Public: everybody, "
    "without an account."
)


def article_content_panels() -> list[Any]:
    """Return the panels of the first tab: who sees it, what it says, what it is about."""
    boxes = forms.CheckboxSelectMultiple
    return [
        *Page.content_panels,
        FieldPanel("summary"),
        MultiFieldPanel(
            [
                HelpPanel(content=_AUDIENCE_HELP),
                FieldPanel("audience_level"),
                FieldPanel("audience_coalitions", widget=boxes),
            ],
            heading=_("Who can see it"),
        ),
        FieldPanel("body"),
        MultiFieldPanel(
            [
                FieldPanel("date"),
                FieldPanel("publisher"),
                FieldPanel("themes", widget=boxes),
                FieldPanel("convention_articles", widget=boxes),
            ],
            heading=_("About"),
        ),
    ]


def article_promote_panels() -> list[Any]:
    """Return the second tab: the address alone. We write no search engine's words by hand."""
    return [FieldPanel("slug")]
