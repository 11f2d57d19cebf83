"""Documents, versions and pages as data. Names of people are nowhere in here."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.reverse import reverse

from coalitions.access import Rung
from coalitions.documents.checked import why_closed
from coalitions.documents.models import Document, DocumentPage, DocumentVersion, TextExtraction
from portal.api.v1.organisations import OrganisationReference
from portal.api.v1.surroundings import Surroundings


class TermSerializer(serializers.Serializer[Any]):
    """A term of a vocabulary."""

    code = serializers.CharField()
    labels = serializers.DictField(child=serializers.CharField(), help_text="By language.")


class ProgrammeReference(serializers.Serializer[Any]):
    """A programme."""

    code = serializers.CharField()
    names = serializers.DictField(child=serializers.CharField(), help_text="By language.")


class WorkspaceReference(serializers.Serializer[Any]):
    """A workspace that you are a member of."""

    id = serializers.UUIDField(source="uuid")
    reference = serializers.CharField()
    name = serializers.CharField()


class VersionSerializer(serializers.Serializer[DocumentVersion]):
    """One file of a document. It never changes."""

    number = serializers.IntegerField()
    name = serializers.CharField(help_text="The file's name.")
    size = serializers.IntegerField(help_text="In bytes.")
    media_type = serializers.CharField()
    sha256 = serializers.CharField()
    note = serializers.CharField(help_text="What changed.")
    restored_from = serializers.IntegerField(
        allow_null=True, help_text="The number of the version of which it is the file again."
    )
    created = serializers.DateTimeField()
    closed = serializers.SerializerMethodField(
        help_text="Why neither file nor text is given out; null where they are: it waits to be "
        "checked for viruses, one was found, or it could not be checked."
    )
    text = serializers.SerializerMethodField(help_text="Whether its text has been read.")
    page_count = serializers.SerializerMethodField()
    pages = serializers.SerializerMethodField()
    download = serializers.SerializerMethodField()

    @extend_schema_field(
        serializers.ChoiceField(choices=["waiting", "infected", "failed"], allow_null=True)
    )
    def get_closed(self, version: DocumentVersion) -> str | None:
        """Return why the file is not given out."""
        return why_closed(version) or None

    @extend_schema_field(serializers.ChoiceField(choices=TextExtraction.State.values))
    def get_text(self, version: DocumentVersion) -> str:
        """Return the state of reading."""
        extraction = getattr(version, "extraction", None)
        return str(extraction.state) if extraction else str(TextExtraction.State.WAITING)

    def get_page_count(self, version: DocumentVersion) -> int:
        """Return how many pages, slides, sheets or sections were read."""
        extraction = getattr(version, "extraction", None)
        return int(extraction.page_count) if extraction else 0

    def get_pages(self, version: DocumentVersion) -> str:
        """Return the address of the text of its pages."""
        return self._address("api-v1:version-pages", version)

    def get_download(self, version: DocumentVersion) -> str:
        """Return the address of the file."""
        return self._address("api-v1:download", version)

    def _address(self, route: str, version: DocumentVersion) -> str:
        document: Document = self.context["documents"][version.document_id]
        request: Request = self.context["request"]
        return reverse(route, args=[document.uuid, version.number], request=request)


class PageSerializer(serializers.Serializer[DocumentPage]):
    """The text of one page."""

    number = serializers.IntegerField()
    anchor = serializers.CharField(help_text="What the number counts: page, slide, sheet, section.")
    language = serializers.CharField()
    text = serializers.CharField()


class DocumentSerializer(serializers.Serializer[Document]):
    """A document. Owner, workspace and programme are named where you may know of them."""

    id = serializers.UUIDField(source="uuid")
    reference = serializers.CharField()
    title = serializers.CharField()
    language = serializers.CharField()
    type = TermSerializer(allow_null=True)
    date = serializers.DateField(allow_null=True)
    themes = serializers.SerializerMethodField()
    convention_articles = serializers.SerializerMethodField()
    countries = serializers.SerializerMethodField()
    owner = serializers.SerializerMethodField()
    workspace = serializers.SerializerMethodField()
    programme = serializers.SerializerMethodField()
    translation_of = serializers.SerializerMethodField()
    shared_with = serializers.SerializerMethodField(help_text=", ".join(Rung))
    child_data = serializers.SerializerMethodField()
    created = serializers.DateTimeField()
    changed = serializers.DateTimeField()
    version = serializers.SerializerMethodField(help_text="The present one.")
    url = serializers.SerializerMethodField()
    versions = serializers.SerializerMethodField()
    pages = serializers.SerializerMethodField()

    @property
    def around(self) -> Surroundings:
        """What may be named."""
        found: Surroundings = self.context["surroundings"]
        return found

    def get_themes(self, document: Document) -> list[str]:
        """Return codes of themes."""
        return [theme.code for theme in document.themes.all()]

    def get_convention_articles(self, document: Document) -> list[int]:
        """Return numbers of articles of the Convention."""
        return [article.number for article in document.articles.all()]

    def get_countries(self, document: Document) -> list[str]:
        """Return ISO 3166-1 codes of the countries it is about."""
        return [country.code for country in document.countries.all()]

    @extend_schema_field(OrganisationReference(allow_null=True))
    def get_owner(self, document: Document) -> Any:
        """Return the owner, where the viewer may see that organisation."""
        owner = self.around.organisations.get(document.owner_id)
        return OrganisationReference(owner).data if owner else None

    @extend_schema_field(WorkspaceReference(allow_null=True))
    def get_workspace(self, document: Document) -> Any:
        """Return the workspace, where the viewer is a member."""
        workspace = self.around.workspaces.get(document.workspace_id)
        return WorkspaceReference(workspace).data if workspace else None

    @extend_schema_field(ProgrammeReference(allow_null=True))
    def get_programme(self, document: Document) -> Any:
        """Return the programme, where the viewer may see it."""
        programme = self.around.programmes.get(document.programme_id or 0)
        return ProgrammeReference(programme).data if programme else None

    @extend_schema_field(serializers.UUIDField(allow_null=True))
    def get_translation_of(self, document: Document) -> str | None:
        """Return the id of the original, where the viewer may see it."""
        original = self.around.originals.get(document.translation_of_id or 0)
        return str(original.uuid) if original else None

    def get_shared_with(self, document: Document) -> str:
        """Return the rung of the sharing ladder."""
        return self.around.audiences[document.pk].rung

    def get_child_data(self, document: Document) -> bool:
        """Return whether it holds data about a child."""
        return self.around.audiences[document.pk].child_data

    @extend_schema_field(VersionSerializer(allow_null=True))
    def get_version(self, document: Document) -> Any:
        """Return the present version."""
        version = document.current_version
        context = {**self.context, "documents": {document.pk: document}}
        return VersionSerializer(version, context=context).data if version else None

    def get_url(self, document: Document) -> str:
        """Return the address of this item."""
        return self._address("api-v1:document", document)

    def get_versions(self, document: Document) -> str:
        """Return the address of its versions."""
        return self._address("api-v1:versions", document)

    def get_pages(self, document: Document) -> str:
        """Return the address of the text of the present version."""
        return self._address("api-v1:pages", document)

    def _address(self, route: str, document: Document) -> str:
        return reverse(route, args=[document.uuid], request=self.context["request"])
