"""Bringing an empty installation to life: languages, home pages, lists, site, groups.

Invariant: safe to repeat. What an editor changed since (titles, sentences) is left as it is.
"""

from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from wagtail.models import (
    Collection,
    GroupCollectionPermission,
    GroupPagePermission,
    Locale,
    Page,
    Site,
)

from knowledge.models import HomePage, KnowledgeIndexPage

INDEX_SLUG = "knowledge"
INDEX_TITLES = {
    "en": "Knowledge base",
    "nl": "Kennisbank",
    "fr": "Base de connaissances",
    "es": "Base de conocimientos",
    "ar": "قاعدة المعرفة",
    "pt": "Base de conhecimento",
    "de": "Wissensdatenbank",
}
EDITORS = "Editors"
REVIEWERS = "Reviewers"
_EDITOR_PAGES = ("add_page", "change_page")
_REVIEWER_PAGES = (*_EDITOR_PAGES, "publish_page", "lock_page", "unlock_page")
_VOCABULARIES = (
    "change_theme",
    "change_conventionarticle",
    "change_documenttype",
    "view_country",
)
_CONCEPTS = ("add_concept", "change_concept", "delete_concept", "view_concept")
_IMAGES = ("add_image", "change_image", "choose_image")


@transaction.atomic
def ensure_site(*, hostname: str, port: int, root_title: str) -> Site:
    """Return the site at `hostname`:`port`, with home page and list in every language of content.

    Only a demonstration answers hosts it does not know (a default site).
    """
    codes = [code for code, _name in settings.LANGUAGES]
    locales = [Locale.objects.get_or_create(language_code=code)[0] for code in codes]
    source = next(entry for entry in locales if entry.language_code == settings.LANGUAGE_CODE)
    home = HomePage.objects.filter(locale=source, alias_of__isnull=True).order_by("pk").first()
    if home is None:
        home = HomePage(title=root_title, slug="portal", locale=source)
        Page.objects.filter(depth=1).get().add_child(instance=home)
    index = _ensure_index(home, None)
    for locale in locales:
        if locale != source:
            _ensure_index(_ensure_translation(home, locale), index)
    site = _ensure_site_row(home, hostname, port)
    _drop_welcome_page()
    return site


def _ensure_translation(home: HomePage, locale: Locale) -> HomePage:
    present: HomePage | None = home.get_translation_or_none(locale)
    if present is None:
        present = HomePage(
            title=home.title,
            slug=f"{home.slug}-{locale.language_code}",
            locale=locale,
            translation_key=home.translation_key,
        )
        home.get_parent().add_child(instance=present)
    return present


def _ensure_index(home: HomePage, source: KnowledgeIndexPage | None) -> KnowledgeIndexPage:
    present: KnowledgeIndexPage | None = (
        KnowledgeIndexPage.objects.child_of(home).order_by("pk").first()
    )
    if present is None:
        language = home.locale.language_code
        present = KnowledgeIndexPage(
            title=INDEX_TITLES.get(language, INDEX_TITLES["en"]),
            slug=INDEX_SLUG,
            locale=home.locale,
        )
        if source is not None:
            present.translation_key = source.translation_key
        home.add_child(instance=present)
    return present


def _ensure_site_row(home: HomePage, hostname: str, port: int) -> Site:
    site = (
        Site.objects.filter(root_page=home).first()
        or Site.objects.filter(hostname=hostname, port=port).first()
        or Site.objects.filter(root_page__slug="home", root_page__depth=2).first()
        or Site()
    )
    site.hostname, site.port, site.root_page = hostname, port, home
    site.site_name = home.title
    site.is_default_site = bool(settings.DEMO_MODE)
    site.save()
    return site


def _drop_welcome_page() -> None:
    """Remove the page that Wagtail's first migration makes, unless somebody uses it."""
    for page in Page.objects.filter(depth=2, slug="home", numchild=0):
        if page.specific_class is Page and not page.sites_rooted_here.exists():
            page.delete()


@transaction.atomic
def ensure_groups() -> tuple[Group, Group]:
    """Return the groups Editors (write) and Reviewers (also publish), under the lists alone.

    Wagtail's first migration gives Editors and Moderators rights over the whole tree; these are
    taken away, and Moderators, who hold its workflow of approval, become the Reviewers.
    """
    moderators = Group.objects.filter(name="Moderators").first()
    if moderators is not None and not Group.objects.filter(name=REVIEWERS).exists():
        moderators.name = REVIEWERS
        moderators.save(update_fields=["name"])
    editors, _ = Group.objects.get_or_create(name=EDITORS)
    reviewers, _ = Group.objects.get_or_create(name=REVIEWERS)
    indexes = list(KnowledgeIndexPage.objects.filter(alias_of__isnull=True))
    for group, codenames in ((editors, _EDITOR_PAGES), (reviewers, _REVIEWER_PAGES)):
        _grant_admin(group, (*_VOCABULARIES, *_CONCEPTS) if group == reviewers else ())
        _grant_pages(group, indexes, codenames)
        _grant_images(group)
    return editors, reviewers


def _grant_admin(group: Group, vocabularies: tuple[str, ...]) -> None:
    group.permissions.set(
        Permission.objects.filter(content_type__app_label="wagtailadmin", codename="access_admin")
        | Permission.objects.filter(
            content_type__app_label="wagtail_localize", codename="submit_translation"
        )
        | Permission.objects.filter(
            content_type__app_label__in=("network", "knowledge"), codename__in=vocabularies
        )
    )


def _permission(app_label: str, codename: str) -> Any:
    return Permission.objects.get(content_type__app_label=app_label, codename=codename)


def _grant_pages(
    group: Group, indexes: list[KnowledgeIndexPage], codenames: tuple[str, ...]
) -> None:
    kept = []
    for page in indexes:
        for codename in codenames:
            row, _ = GroupPagePermission.objects.get_or_create(
                group=group, page=page, permission=_permission("wagtailcore", codename)
            )
            kept.append(row.pk)
    GroupPagePermission.objects.filter(group=group).exclude(pk__in=kept).delete()


def _grant_images(group: Group) -> None:
    root = Collection.get_first_root_node()
    kept = []
    for codename in _IMAGES:
        row, _ = GroupCollectionPermission.objects.get_or_create(
            group=group, collection=root, permission=_permission("wagtailimages", codename)
        )
        kept.append(row.pk)
    GroupCollectionPermission.objects.filter(group=group).exclude(pk__in=kept).delete()
