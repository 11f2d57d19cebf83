"""The documents of the demonstration network, read from their sources and turned into files.

Pure: no model, no database. Invariants: what `read_documents` returns agrees with the invented
network (its workspace, owner, uploader and programme exist and fit together), or it raises
DemoContentError naming the file; `render` gives the same bytes for the same document, always.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from coalitions.access import ladder_for
from portal.demo.document_markup import Block, Heading, parse_blocks
from portal.demo.fields import DemoContentError, Fields
from portal.demo.network import DemoNetwork, read_network
from portal.demo.rendering import Frame, docx, pdf, pptx, xlsx

CONTENT = Path(__file__).parent / "content" / "documents"
LANGUAGES = ("en", "nl", "fr", "es", "ar")
RUNGS = ("members", "organisation", "workspace", "coalition", "network", "public")
TYPES = (
    "report",
    "baseline-study",
    "proposal",
    "budget",
    "policy",
    "training-material",
    "legal-analysis",
    "case-law",
    "treaty-body-submission",
    "meeting-notes",
    "guideline",
    "statistics",
    "form",
    "presentation",
    "other",
)
MEDIA_TYPES: Mapping[str, str] = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
RENDERERS: Mapping[str, Callable[[Frame, tuple[Block, ...]], bytes]] = {
    "pdf": pdf.render,
    "docx": docx.render,
    "pptx": pptx.render,
    "xlsx": xlsx.render,
}
_KEYS = {
    "title", "language", "format", "type", "themes", "articles", "countries", "workspace", "owner",
    "programme", "audience", "child_data", "uploader", "date", "note", "draft", "draft_note",
    "mistake_note", "restored_note", "reserved",
}  # fmt: skip


@dataclass(frozen=True)
class DemoDraft:
    """An earlier version: the document without its last section."""

    date: datetime.date
    note: str


@dataclass(frozen=True)
class DemoMistake:
    """The earlier version, sent again by mistake, and the final one restored after it."""

    note: str
    restored_note: str


@dataclass(frozen=True)
class DemoDocument:
    """One document: where it lies, who owns it, who sees it, and what it says."""

    slug: str
    title: str
    language: str
    format: str
    type: str
    themes: tuple[str, ...]
    articles: tuple[int, ...]
    countries: tuple[str, ...]
    workspace: str
    owner: str
    owner_name: str
    programme: str | None
    audience: str
    child_data: bool
    uploader: str
    date: datetime.date
    note: str
    draft: DemoDraft | None
    mistake: DemoMistake | None
    reserved: bool
    blocks: tuple[Block, ...]

    @property
    def file_name(self) -> str:
        """The name that the file is uploaded under."""
        return f"{self.slug}.{self.format}"

    @property
    def media_type(self) -> str:
        """The media type of the rendered file."""
        return MEDIA_TYPES[self.format]


def read_documents(
    network: DemoNetwork | None = None, folder: Path = CONTENT
) -> list[DemoDocument]:
    """Read and check every document, oldest first."""
    network = network or read_network()
    documents = [_read(path, network) for path in sorted(folder.glob("*.md"))]
    return sorted(documents, key=lambda document: (document.date, document.slug))


def render(document: DemoDocument) -> bytes:
    """The document as a file in its format."""
    return _rendered(document, document.date, document.blocks)


def render_draft(document: DemoDocument) -> bytes | None:
    """The earlier version as a file, where the document has one."""
    if document.draft is None:
        return None
    tops = [
        place
        for place, block in enumerate(document.blocks)
        if isinstance(block, Heading) and block.level == 1
    ]
    return _rendered(document, document.draft.date, document.blocks[: tops[-1]])


def _rendered(document: DemoDocument, day: datetime.date, blocks: tuple[Block, ...]) -> bytes:
    frame = Frame(
        title=document.title,
        language=document.language,
        organisation=document.owner_name,
        date=day,
    )
    return RENDERERS[document.format](frame, blocks)


def _read(path: Path, network: DemoNetwork) -> DemoDocument:
    text = path.read_text(encoding="utf-8")
    if not text.startswith("---\n") or "\n---\n" not in text[4:]:
        raise DemoContentError(f"{path.name}: front matter stands between two lines of '---'")
    front, body = text[4:].split("\n---\n", 1)
    try:
        document = _document(path.stem, Fields(path.name, yaml.safe_load(front)), body, network)
    except (yaml.YAMLError, ValueError) as error:
        raise DemoContentError(f"{path.name}: {error}") from error
    _check(document, network)
    return document


def _document(slug: str, front: Fields, body: str, network: DemoNetwork) -> DemoDocument:
    if unknown := front.keys() - _KEYS:
        raise DemoContentError(f"unknown keys: {', '.join(sorted(unknown))}")
    owner = front.slug("owner")
    organisation = next((o for o in network.organisations if o.slug == owner), None)
    if organisation is None:
        raise DemoContentError(f"no invented organisation {owner}: real ones own no content")
    language = front.choice("language", LANGUAGES)
    return DemoDocument(
        slug=slug,
        title=front.text("title"),
        language=language,
        format=front.choice("format", tuple(MEDIA_TYPES)),
        type=front.choice("type", TYPES),
        themes=front.texts("themes"),
        articles=front.numbers("articles", range(1, 55)),
        countries=front.texts("countries"),
        workspace=front.slug("workspace"),
        owner=owner,
        owner_name=organisation.names.get(language, organisation.names["en"]),
        programme=front.text("programme", "") or None,
        audience=front.choice("audience", RUNGS),
        child_data=front.boolean("child_data", False),
        uploader=front.text("uploader"),
        date=front.date("date"),
        note=front.text("note"),
        draft=(
            DemoDraft(front.date("draft"), front.text("draft_note")) if "draft" in front else None
        ),
        mistake=(
            DemoMistake(front.text("mistake_note"), front.text("restored_note"))
            if "mistake_note" in front
            else None
        ),
        reserved=front.boolean("reserved", False),
        blocks=parse_blocks(body),
    )


def _check(document: DemoDocument, network: DemoNetwork) -> None:
    def wrong(message: str) -> DemoContentError:
        return DemoContentError(f"{document.slug}: {message}")

    workspace = next((w for w in network.workspaces if w.slug == document.workspace), None)
    if workspace is None:
        raise wrong(f"no workspace {document.workspace}")
    if document.owner not in network.organisations_in(workspace):
        raise wrong(f"{document.owner} takes no part in {document.workspace}")
    ladder = ladder_for(
        need_to_know=workspace.need_to_know,
        in_coalition=workspace.coalition is not None,
        child_data=document.child_data,
    )
    if document.audience not in ladder:
        raise wrong(f"there the audience is one of {', '.join(ladder)}")
    uploader = next((p for p in network.people if p.email == document.uploader), None)
    if uploader is None or not any(
        role.workspace == document.workspace
        and role.organisation == document.owner
        and role.role in ("coordinator", "contributor")
        for role in uploader.workspaces
    ):
        raise wrong(f"{document.uploader} cannot upload there for {document.owner}")
    programme = next((p for p in network.programmes if p.slug == document.programme), None)
    if document.mistake is not None and document.draft is None:
        raise wrong("a mistake needs a draft, which is what was sent")
    if document.programme is not None and programme is None:
        raise wrong(f"no programme {document.programme}")
