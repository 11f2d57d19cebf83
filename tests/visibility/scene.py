"""One world for the visibility matrix: hidden things full of canaries, and everyone who may ask.

Everything is made through the services that the pages use, so that the audit, the index and the
stored file are really there.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from io import BytesIO
from typing import Any
from uuid import uuid4

from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone
from reportlab.pdfgen.canvas import Canvas

from coalitions.access import Rung
from coalitions.documents.extraction import read_waiting
from coalitions.documents.models import Document, DocumentLink, DocumentPage, ResumableUpload
from coalitions.documents.services import (
    Chosen,
    add_document,
    ask_to_share,
    begin_upload,
    edit_details,
    make_folder,
    reserve_document,
    trash_folder,
)
from coalitions.documents.services.linking import Terms, digest_of, make_link
from coalitions.network.models import (
    Affiliation,
    Coalition,
    ConventionArticle,
    Country,
    Invitation,
    Organisation,
    Programme,
    Theme,
    Workspace,
    WorkspaceMembership,
)
from coalitions.network.viewers import SCOPES
from knowledge.models import ArticlePage
from knowledge.services import publish_article
from knowledge.services.setup import ensure_groups, ensure_site
from portal.accounts.models import User
from portal.api.services.tokens import create_token, revoke_token
from search.saved.acts import open_feed, save_search
from search.saved.question import Question
from search.tasks import drain_outbox
from tests import worlds
from tests.visibility.words import canary


def pdf_of(text: str) -> bytes:
    """Return a PDF of one page with `text` on it."""
    file = BytesIO()
    canvas = Canvas(file, invariant=True)
    canvas.drawString(72, 720, text)
    canvas.save()
    return file.getvalue()


# The secret and the password of the link in every scene: it shall be asked for by name.
SECRET = "secret-of-the-scene"
PASSWORD = "lantern-beside-water"
# Whoever holds it, and has no account.
HOLDER = "holder of a link"
# A word that stands in every text, so that one search would find everything.
COMMON = "kestrel"


@dataclass
class Asker:
    """Somebody who asks: a browser session or a token, and the keys of what they may see."""

    name: str
    person: User | None = None
    token: str = ""
    sees: set[str] = field(default_factory=set)
    client: Client = field(default_factory=Client)

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}


NETWORK = {"network_article", "unlisted"}
COALITION = {"coalition", "coalition_article", "programme"}
PLACE = {"workspace", "folder"}


class Scene:
    """`hidden=False` builds the same world without the hidden document and articles.

    `network_article`: whether the article for the network stands in it, `hidden` when None.
    """

    def __init__(
        self,
        *,
        need_to_know: bool = False,
        hidden: bool = True,
        network_article: bool | None = None,
    ) -> None:
        self.words: dict[str, str] = {}
        self.need_to_know = need_to_know
        self._network()
        self._people()
        self._knowledge(hidden, hidden if network_article is None else network_article)
        self.document = self._document() if hidden else None
        self.trashed = self._trash() if hidden else None
        self.upload = self._upload()
        self._askers()
        drain_outbox()
        self._saved()

    def word(self, name: str) -> str:
        """Return a new canary, known by `name`: the thing's key, a dot, the field."""
        word = canary(len(self.words) + 300)
        self.words[word] = name
        return word

    def _network(self) -> None:
        self.secretariat = worlds.make_organisation("Secretariat", kind="secretariat")
        self.owner = worlds.make_organisation("Owner", in_ecpat=True)
        self.partner = worlds.make_organisation("Partner")
        self.outsider = worlds.make_organisation("Outsider")
        self.suspended = worlds.make_organisation("Suspended")
        self.unlisted = worlds.make_organisation(self.word("unlisted.name"), listed=False)
        self.owner.countries.add(Country.objects.get(code="NL"))
        self.coalition: Coalition = worlds.make_coalition(
            self.owner, self.partner, self.suspended, name=self.word("coalition.name")
        )
        Coalition.objects.filter(pk=self.coalition.pk).update(
            purpose=self.word("coalition.purpose")
        )
        self.programme = Programme.objects.create(
            code="programme-x", names={"en": self.word("programme.name")}, coalition=self.coalition
        )
        self.workspace: Workspace = worlds.make_workspace(
            self.coalition,
            self.word("workspace.name"),
            purpose=self.word("workspace.purpose"),
            need_to_know=self.need_to_know,
        )

    def _person(
        self, key: str, organisation: Organisation | None, role: str = "member", **fields: Any
    ) -> User:
        return worlds.make_person(organisation, role, name=self.word(f"{key}.name"), **fields)

    def _people(self) -> None:
        self.other = self._person("person_other", self.outsider)
        self.colleague = self._person("person_owner", self.owner)
        self.of_suspended = self._person("person_suspended", self.suspended)
        self.ended = self._person("person_ended", None)
        self.invited = self._person("person_invited", None)
        self.deactivated = self._person("person_workspace", self.partner)
        self.reader = self._person("person_workspace", self.partner)
        self.contributor = self._person("person_workspace_owner", self.owner, "editor")
        self.coordinator = self._person("person_workspace_owner", self.owner)
        self.administrator = self._person("person_owner", self.owner, "administrator")
        self.staff = self._person("person_staff", None, is_staff=True)
        self.superuser = self._person("person_superuser", None, is_staff=True, is_superuser=True)
        self.editor_in_chief = worlds.make_person(
            self.secretariat, is_staff=True, is_superuser=True
        )
        for person, organisation, role in (
            (self.deactivated, self.partner, "reader"),
            (self.reader, self.partner, "reader"),
            (self.contributor, self.owner, "contributor"),
            (self.coordinator, self.owner, "coordinator"),
            (self.of_suspended, self.suspended, "reader"),
            (self.ended, self.partner, "reader"),
        ):
            worlds.join(self.workspace, person, organisation, role)
        worlds.affiliate(self.ended, self.partner, until=timezone.now() - timedelta(minutes=1))
        worlds.suspend(self.suspended)
        self.invitation = Invitation.objects.create(
            email=self.invited.email,
            organisation=self.owner,
            role="member",
            invited_by=self.administrator,
            expires=timezone.now() + timedelta(days=14),
        )

    def _knowledge(self, hidden: bool, network_article: bool) -> None:
        ensure_site(hostname="testserver", port=80, root_title="Network Portal")
        ensure_groups()
        self.staff.groups.add(Group.objects.get(name="Editors"))
        self.public_article = self._article("public_article", level="public")
        if network_article:
            self.network_article = self._article("network_article", level="network")
        if hidden:
            self.coalition_article = self._article(
                "coalition_article", level="coalition", coalitions=[self.coalition]
            )
            draft = self._article("draft", level="public")
            draft.unpublish(user=self.editor_in_chief)

    def _article(self, key: str, **audience: Any) -> ArticlePage:
        return publish_article(
            acting_user=self.editor_in_chief,
            language="en",
            title=f"{self.word(f'{key}.title')} {COMMON}",
            slug=key.replace("_", "-"),
            summary=self.word(f"{key}.summary"),
            blocks=[("rich_text", f"<p>{self.word(f'{key}.body')} {COMMON}</p>")],
            publisher=self.owner,
            date=date(2026, 5, 1),
            themes=[Theme.objects.get(code="migration")],
            convention_articles=[ConventionArticle.objects.get(number=22)],
            **audience,
        )

    def _upload(self) -> ResumableUpload:
        """Begin an upload that only its sender knows of."""
        name = self.word("upload.name") + ".pdf"
        return begin_upload(
            acting_user=self.contributor,
            workspace=self.workspace,
            chosen=Chosen(name=name, length=1000, rung=self.workspace.starting_rung),
        )

    def _document(self) -> Document:
        content = ContentFile(pdf_of(f"{self.word('document.text')} {COMMON} stands in the text."))
        folder = make_folder(
            acting_user=self.contributor, workspace=self.workspace, name=self.word("folder.name")
        )
        document = add_document(
            acting_user=self.contributor,
            workspace=self.workspace,
            folder=folder,
            content=content,
            name=self.word("document.filename") + ".pdf",
            title=f"{self.word('document.title')} {COMMON}",
            language="en",
            note=self.word("document.note"),
        )
        edit_details(
            acting_user=self.contributor, document=document, values={"programme": self.programme}
        )
        reserve_document(acting_user=self.contributor, document=document, hours=168)
        self.asked = ask_to_share(
            acting_user=self.reader,
            document=document,
            rung="public",
            reason=self.word("asked.reason"),
        )
        self.link = self._link(document)
        read_waiting()
        DocumentPage.objects.get_or_create(
            version=document.current_version,
            number=2,
            defaults={"text": f"{self.word('document.page')} {COMMON}", "language": "en"},
        )
        return document

    def _link(self, document: Document) -> DocumentLink:
        terms = Terms(PASSWORD, days=30, downloads=100, purpose=self.word("link.purpose"))
        link, _secret = make_link(acting_user=self.contributor, document=document, terms=terms)
        DocumentLink.objects.filter(pk=link.pk).update(secret_digest=digest_of(SECRET))
        return link

    def _trash(self) -> Document:
        """A document in the trash that was found once, and went there with its folder."""
        folder = make_folder(
            acting_user=self.contributor,
            workspace=self.workspace,
            name=self.word("trashed_folder.name"),
        )
        text = f"{self.word('trashed.text')} {COMMON}"
        document = add_document(
            acting_user=self.contributor,
            workspace=self.workspace,
            folder=folder,
            content=ContentFile(pdf_of(text)),
            name=self.word("trashed.filename") + ".pdf",
            title=f"{self.word('trashed.title')} {COMMON}",
            language="en",
            note=self.word("trashed.note"),
        )
        read_waiting()
        drain_outbox()
        trash_folder(acting_user=self.contributor, folder=folder, revision=1)
        return document

    def _token(self, organisation: Organisation, by: User) -> Any:
        return create_token(
            organisation, name=f"t{uuid4().hex[:6]}", scopes=SCOPES, days=30, acting_user=by
        )

    def _askers(self) -> None:
        """Everyone, with what they may see while nothing has changed."""
        own = set() if self.need_to_know else {"document"}
        inside = {"document", *PLACE, *COALITION, *NETWORK}
        outsider_admin = worlds.make_person(self.outsider, "administrator")
        self.own_token, own_key = self._token(self.owner, self.administrator)
        _other, other_key = self._token(self.outsider, outsider_admin)
        revoked, revoked_key = self._token(self.owner, self.administrator)
        revoke_token(revoked, acting_user=self.administrator)
        members = {"person_workspace", "person_workspace_owner"}
        colleagues = {"person_owner", "person_workspace_owner"}
        deciding = {*inside, *members, "asked", "link"}
        held = {"document.title", "document.filename", "document.text"} if self.document else set()
        placing = set() if self.need_to_know else {"workspace.name"}
        self.askers = [
            Asker("anonymous"),
            Asker("other organisation", self.other, sees={*NETWORK, "person_other"}),
            Asker(
                "owner, not in the workspace",
                self.colleague,
                sees={*own, *COALITION, *NETWORK, *colleagues},
            ),
            Asker("suspended organisation", self.of_suspended, sees={"person_suspended"}),
            Asker("ended affiliation", self.ended, sees={"person_ended"}),
            Asker("invited, not accepted", self.invited, sees={"person_invited"}),
            Asker("deactivated with a live session", self.deactivated),
            Asker("other organisation's token", token=other_key, sees=set(NETWORK)),
            Asker("revoked token", token=revoked_key),
            Asker("reader", self.reader, sees={*inside, *members, "asked"}),
            Asker("contributor", self.contributor, sees={*deciding, *colleagues, "upload"}),
            Asker("coordinator", self.coordinator, sees={*deciding, *colleagues}),
            Asker("own token", token=own_key, sees={*own, *COALITION, *NETWORK}),
            Asker(
                "organisation administrator",
                self.administrator,
                sees={
                    *own,
                    *COALITION,
                    *NETWORK,
                    *colleagues,
                    *placing,
                    "person_invited.email",
                    # Who decides for the owner is told by name who sees it, and who asked what.
                    *(set() if self.need_to_know else {"asked", "link", "person_workspace"}),
                },
            ),
            Asker("staff", self.staff, sees={"person_staff"}),
            Asker("superuser", self.superuser, sees={"person_superuser"}),
            Asker(HOLDER, sees=held),
        ]
        for name in ("contributor", "coordinator"):
            self.asker(name).sees |= {"trashed.title", "trashed_folder.name"}
        if not self.need_to_know:
            self.asker("organisation administrator").sees.add("trashed.title")
        for asker in self.askers:
            asker.sees |= {"public_article"}
            if asker.person is not None:
                asker.client.force_login(asker.person)
        fields = {"secret": SECRET, "password": PASSWORD}
        self.asker(HOLDER).client.post("/en/links/", fields)
        self.deactivated.is_active = False
        self.deactivated.save()

    def _saved(self) -> None:
        """A saved search of the coordinator, with a feed: nobody else may learn of it."""
        self.saved = save_search(
            acting_user=self.coordinator,
            question=Question(COMMON),
            name=self.word("saved.name"),
            frequency="daily",
        )
        self.feed_key = open_feed(self.saved, acting_user=self.coordinator)
        self.asker("coordinator").sees.add("saved")

    def asker(self, name: str) -> Asker:
        return next(asker for asker in self.askers if asker.name == name)

    def take_access_away(self) -> None:
        """End what gave access: affiliations now, the token by revocation."""
        for affiliation in Affiliation.objects.in_force():
            affiliation.end()
        revoke_token(self.own_token, acting_user=None, as_system=True)

    def reload(self) -> None:
        if self.document is not None:
            self.document = Document.objects.get(pk=self.document.pk)


Change = Callable[[Scene], None]
__all__ = ["Asker", "Rung", "Scene", "WorkspaceMembership"]
