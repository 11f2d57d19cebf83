"""Tags and filters of every page; a builtin library, so templates need not load it.

Invariant: text that a person wrote leaves this module escaped. Only SVG of this repository
and the output of our own templates is marked as safe.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BaseForm
from django.forms.boundfield import BoundField
from django.template import Context, Node, NodeList
from django.template.base import Parser, Token
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from portal.home.presentation import convention, fields, languages, names, navigation
from portal.home.presentation.icons import icon_svg

register = template.Library()


@register.simple_tag
def icon(name: str) -> SafeString:
    """Write a decorative icon; it stands beside a word."""
    return icon_svg(name)


@register.simple_tag
def rung_icon(rung: str) -> SafeString:
    """Write the icon of a rung of the sharing ladder."""
    return icon_svg(names.RUNG_ICONS[str(rung)])


@register.simple_tag
def rung_name(rung: str) -> str:
    """Return the word of a rung of the sharing ladder."""
    return str(names.RUNG_NAMES[str(rung)])


@register.simple_tag
def audience_chip(rung: str | None) -> SafeString:
    """Write who can see a thing, as icon and word; nothing when no rung is given."""
    if not rung:
        return SafeString("")
    key = str(rung)
    return format_html(
        '<span class="chip chip-{}">{}<span>{}</span></span>',
        key,
        icon_svg(names.RUNG_ICONS[key]),
        names.RUNG_NAMES[key],
    )


@register.simple_tag
def child_data_tag() -> SafeString:
    """Write the label that stands beside the chip of a document with data about a child."""
    return format_html(
        '<span class="tag tag-danger">{}<span>{}</span></span>',
        icon_svg("shield-alert"),
        _("Child data"),
    )


@register.simple_tag
def foreign(text: object, language: str | None = None) -> SafeString:
    """Write a title or snippet in its own language and direction, without moving its line."""
    if not language:
        return format_html('<bdi dir="auto">{}</bdi>', text)
    return format_html(
        '<bdi lang="{}" dir="{}">{}</bdi>', language, names.direction(str(language)), text
    )


@register.filter
def language_name(code: object) -> str:
    """Return the name of a language in the reader's language."""
    return names.language_name(str(code)) if code else ""


@register.filter
def own_language_name(code: object) -> str:
    """Return the name of a language in itself."""
    return names.own_language_name(str(code)) if code else ""


@register.filter
def country_name(code: object) -> str:
    """Return the name of a country in the reader's language."""
    return names.country_name(str(code)) if code else ""


@register.filter
def text_direction(code: object) -> str:
    """Return `rtl` or `ltr` for a language code."""
    return names.direction(str(code or ""))


@register.inclusion_tag("components/field.html")
def field(bound: BoundField, optional: bool = True) -> dict[str, Any]:
    """Write a form field: label, error, control, help."""
    return {"field": bound, "view": fields.view_of(bound, optional=optional)}


@register.inclusion_tag("components/error_summary.html")
def error_summary(*forms: BaseForm) -> dict[str, Any]:
    """Write all errors of the forms as links to their fields; nothing when there are none."""
    general: list[str] = []
    linked: list[tuple[str, str, str]] = []
    for form in forms:
        if not isinstance(form, BaseForm) or not form.is_bound:
            continue
        general.extend(str(error) for error in form.non_field_errors())
        for bound in form:
            for error in bound.errors:
                if bound.is_hidden:
                    general.append(str(error))
                else:
                    linked.append((fields.field_target(bound), str(bound.label), str(error)))
    return {"general": general, "linked": linked, "count": len(general) + len(linked)}


@register.simple_tag(takes_context=True)
def error_prefix(context: Context) -> str:
    """Return “Error: ” for the title when a form of this page was refused."""
    refused = any(fields.has_errors(value) for value in context.flatten().values())
    return _("Error:") + " " if refused else ""


@register.simple_tag(takes_context=True)
def query_with(context: Context, **changes: object) -> str:
    """Return the present query string with `changes`; None takes a parameter away."""
    request = context.get("request")
    if request is None:
        return "?"
    query = request.GET.copy()
    for name, value in changes.items():
        if value is None:
            query.pop(name, None)
        else:
            query[name] = str(value)
    return f"?{query.urlencode()}"


@register.inclusion_tag("components/pager.html", takes_context=True)
def pager(context: Context, page_obj: Page[Any], param: str = "page") -> dict[str, Any]:
    """Write links to the other pages of a list, keeping the other query parameters."""
    numbers = page_obj.paginator.get_elided_page_range(page_obj.number, on_each_side=1, on_ends=1)

    def link(number: int) -> str:
        return query_with(context, **{param: number if number > 1 else None})

    return {
        "page_obj": page_obj,
        "links": [
            {"number": number, "url": link(number), "current": number == page_obj.number}
            if isinstance(number, int)
            else {"gap": True}
            for number in numbers
        ],
        "previous": link(page_obj.number - 1) if page_obj.has_previous() else "",
        "next": link(page_obj.number + 1) if page_obj.has_next() else "",
    }


@register.simple_tag(takes_context=True)
def navigation_places(context: Context) -> list[navigation.Place]:
    """Return the entries of the main navigation."""
    request = context.get("request")
    return navigation.places(request) if request is not None else []


@register.simple_tag(takes_context=True)
def language_links(context: Context) -> list[languages.LanguageLink]:
    """Return the entries of the language switch."""
    request = context.get("request")
    if request is None:
        return []
    given = {"language_urls": context.get("language_urls"), "page": context.get("page")}
    return languages.language_links(request, given)


@register.inclusion_tag("components/convention_ruler.html")
def convention_ruler(counts: Mapping[int, int], url: str = "") -> dict[str, Any]:
    """Write the 54 articles of the Convention as a way in; thicker where more is written."""
    return {"cells": convention.ruler(counts), "url": url}


@register.inclusion_tag("components/convention_strip.html")
def convention_strip(numbers: Collection[int]) -> dict[str, Any]:
    """Write the articles of the Convention that a text cites, as 54 ticks and in words."""
    return {"ticks": convention.strip(numbers), "numbers": sorted(set(numbers))}


class WhenFilledNode(Node):
    """Writes its wrapper only when there is something between the tags."""

    child_nodelists = ("nodelist",)

    def __init__(self, nodelist: NodeList, opening: str, closing: str) -> None:
        self.nodelist = nodelist
        self.opening = opening
        self.closing = closing

    def render(self, context: Context) -> SafeString:
        """Return the wrapped content, or nothing."""
        content = self.nodelist.render(context)
        if not content.strip():
            return SafeString("")
        return format_html("{}{}{}", self.opening_for(), content, SafeString(self.closing))

    def opening_for(self) -> SafeString:
        """Return the opening of the wrapper with its name in the reader's language."""
        return format_html(SafeString(self.opening), conditional_escape(_("You are here")))


@register.tag
def crumbs(parser: Parser, token: Token) -> WhenFilledNode:
    """Wrap breadcrumbs in a named navigation; write nothing when the block is empty."""
    nodelist = parser.parse(("endcrumbs",))
    parser.delete_first_token()
    return WhenFilledNode(nodelist, '<nav class="crumbs" aria-label="{}"><ol>', "</ol></nav>")
