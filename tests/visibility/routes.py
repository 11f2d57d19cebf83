"""Every address of the portal, classified: how to write it for a scene.

Invariant: a route that is in neither ADDRESSES nor EXEMPT fails the suite, so that no page can be
added without the matrix asking it.
"""

from collections.abc import Callable, Iterator
from uuid import uuid4

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from coalitions.network.models import Affiliation, WorkspaceMembership
from tests.visibility.scene import COMMON, SECRET, Scene

EXEMPT = {
    "admin/": "Wagtail's own screens, governed by page permissions: test_admin.py walks them",
    "static/": "files of the code itself, the same for everybody",
}

Addresses = Callable[[Scene], list[str]]


def at(name: str, *kwargs_of: str) -> Addresses:
    """Return the maker of one address; `kwargs_of` are "parameter=thing" pairs."""

    def addresses(scene: Scene) -> list[str]:
        kwargs = dict(pair.split("=") for pair in kwargs_of)
        return [reverse(name, kwargs={key: value_of(scene, kind) for key, kind in kwargs.items()})]

    return addresses


def value_of(scene: Scene, kind: str) -> object:
    """Return what stands for `kind` in an address; of what is not there, an unused uuid."""
    document = scene.document
    values: dict[str, Callable[[], object]] = {
        "document": lambda: document.uuid if document else uuid4(),
        "workspace": lambda: scene.workspace.uuid,
        "folder": lambda: document.folder.uuid if document and document.folder else uuid4(),
        "asked": lambda: scene.asked.uuid if document else uuid4(),
        "coalition": lambda: scene.coalition.uuid,
        "upload": lambda: scene.upload.uuid,
        "owner": lambda: scene.owner.slug,
        "partner": lambda: scene.partner.slug,
        "affiliation": lambda: Affiliation.objects.filter(person=scene.colleague).get().uuid,
        "member": lambda: WorkspaceMembership.objects.filter(person=scene.reader).get().uuid,
        "invitation": lambda: scene.invitation.uuid,
        "link": lambda: scene.link.uuid if document else uuid4(),
        "secret": lambda: SECRET,
        "token": lambda: scene.own_token.uuid,
        "saved": lambda: scene.saved.uuid,
        "family": lambda: scene.network_article.translation_key if document else uuid4(),
        "one": lambda: 1,
        "two": lambda: 2,
        "network": lambda: "network",
        "en": lambda: "en",
        "wrong": lambda: "wrong",
    }
    return values[kind]()


def all_of(*makers: Addresses) -> Addresses:
    """Return the maker of several addresses of one route."""
    return lambda scene: [address for maker in makers for address in maker(scene)]


def searches(name: str) -> Addresses:
    """Ask a search route for the word that every thing of the scene has in common."""
    return lambda _scene: [
        f"{reverse(name)}?q={COMMON}",
        f"{reverse(name)}?q={COMMON}&kind=document",
    ]


def unlisted_organisation(name: str) -> Addresses:
    return lambda scene: [reverse(name, kwargs={"slug": scene.unlisted.slug})]


def articles(scene: Scene) -> list[str]:
    """Wagtail's catch-all: home, list, and every article by its address."""
    slugs = ("public-article", "network-article", "coalition-article", "draft", "none-such")
    return ["/en/", "/nl/", "/en/knowledge/", *(f"/en/knowledge/{slug}/" for slug in slugs)]


def invitation_page(scene: Scene) -> list[str]:
    return [reverse("network:accept-invitation", kwargs={"token": "wrong"})]


ORGANISATION = ("slug=owner",)
DOCUMENT = ("uuid=document",)
WORKSPACE = ("uuid=workspace",)
FOLDER = (*WORKSPACE, "folder=folder")
COALITION = ("uuid=coalition",)

ADDRESSES: dict[str, Addresses] = {
    "healthz": at("healthz"),
    "readyz": at("readyz"),
    "metrics": at("metrics"),
    "network:organisations": at("network:organisations"),
    "network:organisation-new": at("network:organisation-new"),
    "network:organisation": all_of(
        at("network:organisation", *ORGANISATION), unlisted_organisation("network:organisation")
    ),
    "network:organisation-change": at("network:organisation-change", *ORGANISATION),
    "network:organisation-suspension": at("network:organisation-suspension", *ORGANISATION),
    "network:organisation-people": all_of(
        at("network:organisation-people", *ORGANISATION),
        at("network:organisation-people", "slug=partner"),
    ),
    "network:invite": at("network:invite", *ORGANISATION),
    "network:affiliation-role": at("network:affiliation-role", *ORGANISATION, "uuid=affiliation"),
    "network:affiliation-end": at("network:affiliation-end", *ORGANISATION, "uuid=affiliation"),
    "network:invitation-revoke": at("network:invitation-revoke", *ORGANISATION, "uuid=invitation"),
    "network:invitation-again": at("network:invitation-again", *ORGANISATION, "uuid=invitation"),
    "network:placements": at("network:placements", *ORGANISATION),
    "network:place": at("network:place", *ORGANISATION, *WORKSPACE),
    "network:coalition-new": at("network:coalition-new", *ORGANISATION),
    "network:coalition": at("network:coalition", *COALITION),
    "network:coalition-change": at("network:coalition-change", *COALITION),
    "network:coalition-add": at("network:coalition-add", *COALITION),
    "network:coalition-lead": at("network:coalition-lead", *COALITION),
    "network:programme-new": at("network:programme-new", *COALITION),
    "documents:leave-coalition": at("documents:leave-coalition", *COALITION, "slug=partner"),
    "network:workspaces": at("network:workspaces"),
    "network:workspace-new": at("network:workspace-new"),
    "network:workspace": at("network:workspace", *WORKSPACE),
    "network:workspace-about": at("network:workspace-about", *WORKSPACE),
    "network:workspace-start": at("network:workspace-start", *WORKSPACE),
    "network:workspace-members": at("network:workspace-members", *WORKSPACE),
    "network:member-role": at("network:member-role", *WORKSPACE, "member=member"),
    "network:member-end": at("network:member-end", *WORKSPACE, "member=member"),
    "network:accept-invitation": invitation_page,
    "documents:mine": at("documents:mine"),
    "documents:trash": at("documents:trash"),
    "documents:document": at("documents:document", *DOCUMENT),
    "documents:edit": at("documents:edit", *DOCUMENT),
    "documents:share": at("documents:share", *DOCUMENT, "rung=network"),
    "documents:child-data": at("documents:child-data", *DOCUMENT),
    "documents:lift": at("documents:lift", *DOCUMENT),
    "documents:ask": at("documents:ask", *DOCUMENT),
    "documents:request": at("documents:request", *DOCUMENT, "asked=asked"),
    "documents:who": at("documents:who", *DOCUMENT),
    "documents:seen": all_of(
        at("documents:seen", *DOCUMENT),
        lambda scene: [
            f"{reverse('documents:seen', args=[value_of(scene, 'document')])}?format=csv"
        ],
    ),
    "documents:trash-document": at("documents:trash-document", *DOCUMENT),
    "documents:restore-document": at("documents:restore-document", *DOCUMENT),
    "documents:delete-document": at("documents:delete-document", *DOCUMENT),
    "documents:workspace-trash": at("documents:workspace-trash", *WORKSPACE),
    "documents:trash-folder": at("documents:trash-folder", *FOLDER),
    "documents:restore-folder": at("documents:restore-folder", *FOLDER),
    "documents:downloads": at("documents:downloads", *DOCUMENT),
    "documents:add-version": at("documents:add-version", *DOCUMENT),
    "documents:version": at("documents:version", *DOCUMENT, "number=one"),
    "documents:versions": all_of(
        at("documents:versions", *DOCUMENT),
        lambda scene: [
            f"{reverse('documents:versions', args=[value_of(scene, 'document')])}?old=1&new=1"
        ],
    ),
    "documents:other-versions": at("documents:other-versions", *DOCUMENT),
    "documents:restore-version": at("documents:restore-version", *DOCUMENT, "number=one"),
    "documents:authors": at("documents:authors", *DOCUMENT, "number=one"),
    "documents:compare": at("documents:compare", *DOCUMENT, "old=one", "new=one"),
    "documents:pages": at("documents:pages", *DOCUMENT, "number=one"),
    "documents:links": at("documents:links", *DOCUMENT),
    "documents:new-link": at("documents:new-link", *DOCUMENT),
    "documents:end-link": at("documents:end-link", *DOCUMENT, "link=link"),
    "documents:open-link": at("documents:open-link"),
    "documents:link": all_of(
        at("documents:link", "secret=secret"), at("documents:link", "secret=wrong")
    ),
    "documents:outside": at("documents:outside", "uuid=link"),
    "documents:outside-download": at("documents:outside-download", "uuid=link"),
    "documents:reserve": at("documents:reserve", *DOCUMENT),
    "documents:lift-reservation": at("documents:lift-reservation", *DOCUMENT),
    "documents:download": at("documents:download", *DOCUMENT, "number=one"),
    "documents:page-image": all_of(
        at("documents:page-image", *DOCUMENT, "number=one", "page=one"),
        lambda scene: [
            reverse("documents:page-image", args=[value_of(scene, "document"), 1, 1]) + "?width=160"
        ],
    ),
    "documents:workspace": all_of(
        at("documents:workspace", *WORKSPACE),
        lambda scene: [f"{reverse('documents:workspace', args=[scene.workspace.uuid])}?in=all"],
    ),
    "documents:new-folder": at("documents:new-folder", *WORKSPACE),
    "documents:folder": at("documents:folder", *FOLDER),
    "documents:change-folder": at("documents:change-folder", *FOLDER),
    "documents:move": at("documents:move", *DOCUMENT),
    "documents:selection": at("documents:selection"),
    "documents:selection-undo": at("documents:selection-undo"),
    "documents:coalition-library": at("documents:coalition-library", *COALITION),
    "documents:network-library": at("documents:network-library"),
    "documents:public-library": at("documents:public-library"),
    "documents:sent-details": at("documents:sent-details", *WORKSPACE),
    "documents:upload": at("documents:upload", *WORKSPACE),
    "documents:uploads": at("documents:uploads", *WORKSPACE),
    "documents:plan-uploads": at("documents:plan-uploads", *WORKSPACE),
    "documents:space": at("documents:space", *WORKSPACE),
    "documents:organisation-space": all_of(
        at("documents:organisation-space", *ORGANISATION),
        at("documents:organisation-space", "slug=partner"),
    ),
    "documents:resume": at("documents:resume", *WORKSPACE, "upload=upload"),
    "search:results": searches("search:results"),
    "search:suggest": lambda scene: [
        f"{reverse('search:suggest')}?q={text}" for text in (COMMON, COMMON[:3], "a", "")
    ],
    "search:inside": all_of(
        at("search:inside", *DOCUMENT),
        lambda scene: [
            f"{reverse('search:inside', args=[value_of(scene, 'document')])}?q={COMMON}"
        ],
    ),
    "search:saved": at("search:saved"),
    "search:saved-new": searches("search:saved-new"),
    "search:saved-one": at("search:saved-one", "uuid=saved"),
    "search:saved-feed": at("search:saved-feed", "uuid=saved"),
    "search:saved-delete": at("search:saved-delete", "uuid=saved"),
    "search:stop-alerts": at("search:stop-alerts", "token=wrong"),
    "search-feed": at("search-feed", "key=wrong"),
    "home:my-work": at("home:my-work"),
    "api:tokens": at("api:tokens", *ORGANISATION),
    "api:token-revoke": at("api:token-revoke", *ORGANISATION, "uuid=token"),
    "api-v1:root": at("api-v1:root"),
    "api-v1:organisations": at("api-v1:organisations"),
    "api-v1:organisation": all_of(
        at("api-v1:organisation", *ORGANISATION), unlisted_organisation("api-v1:organisation")
    ),
    "api-v1:documents": at("api-v1:documents"),
    "api-v1:document": at("api-v1:document", *DOCUMENT),
    "api-v1:versions": at("api-v1:versions", *DOCUMENT),
    "api-v1:pages": at("api-v1:pages", *DOCUMENT),
    "api-v1:version-pages": at("api-v1:version-pages", *DOCUMENT, "number=one"),
    "api-v1:download": at("api-v1:download", *DOCUMENT, "number=one"),
    "api-v1:articles": at("api-v1:articles"),
    "api-v1:article": at("api-v1:article", "key=family", "language=en"),
    "api-v1:search": searches("api-v1:search"),
    "api-v1:docs": at("api-v1:docs"),
    "api-v1:schema": at("api-v1:schema"),
    "api-v1:unknown": lambda _scene: ["/api/v1/none-such/"],
    "accounts:account": at("accounts:account"),
    "accounts:acknowledge-notice": at("accounts:acknowledge-notice"),
    "account_login": at("account_login"),
    "account_logout": at("account_logout"),
    "account_reauthenticate": at("account_reauthenticate"),
    "account_change_password": at("account_change_password"),
    "account_reset_password": at("account_reset_password"),
    "account_reset_password_done": at("account_reset_password_done"),
    "account_reset_password_from_key": lambda _scene: ["/en/account/password/reset/key/1-x/"],
    "account_reset_password_from_key_done": at("account_reset_password_from_key_done"),
    "usersessions_list": at("usersessions_list"),
    "mfa_index": at("mfa_index"),
    "mfa_authenticate": at("mfa_authenticate"),
    "mfa_reauthenticate": at("mfa_reauthenticate"),
    "mfa_activate_totp": at("mfa_activate_totp"),
    "mfa_deactivate_totp": at("mfa_deactivate_totp"),
    "mfa_view_recovery_codes": at("mfa_view_recovery_codes"),
    "mfa_generate_recovery_codes": at("mfa_generate_recovery_codes"),
    "wagtail_serve": articles,
    "knowledge-image": lambda _scene: ["/media/knowledge/original_images/none.png"],
    "sitemap": at("sitemap"),
    "article-feed": lambda _scene: ["/feeds/articles.en.xml", "/feeds/articles.nl.xml"],
    "wagtailcore_login": at("wagtailcore_login"),
    "wagtailcore_authenticate_with_password": lambda _scene: [
        "/en/_util/authenticate_with_password/1/1/"
    ],
    "admin/login/": lambda _scene: ["/admin/login/"],
    "django-admin/login/": lambda _scene: ["/django-admin/login/"],
    "_util/login/": lambda _scene: ["/_util/login/"],
    "en/_util/login/": lambda _scene: ["/en/_util/login/"],
    "admin/password_reset/": lambda _scene: ["/admin/password_reset/"],
}


def walk(
    resolver: URLResolver | None = None, prefix: str = "", namespace: str = ""
) -> Iterator[str]:
    """Yield the name of every route, or its address where it has none."""
    for entry in (resolver or get_resolver()).url_patterns:
        address = prefix + str(entry.pattern).lstrip("^").rstrip("$")
        if isinstance(entry, URLResolver):
            if any(address.startswith(exempt) for exempt in EXEMPT):
                continue
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from walk(entry, address, inner)
        elif isinstance(entry, URLPattern):
            yield namespace + entry.name if entry.name else address
