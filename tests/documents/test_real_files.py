"""Every real file, sent with one form, is stored as what it is and read, or says why not."""

import csv

import pytest

from coalitions.documents import tasks
from coalitions.documents.media_types import kind_of
from coalitions.documents.models import DocumentVersion
from tests.documents import files
from tests.documents.conftest import World
from tests.documents.pages import client_of, text_of

REAL = files.real_files()
KINDS = {"pdf": "pdf", "html": "html", "md": "text", "txt": "text", "docx": "docx", "pptx": "pptx"}


@pytest.mark.skipif(not REAL, reason="the real files are not here")
def test_all_of_them_in_one_form(world: World) -> None:
    with (REAL[0].parent / "manifest.csv").open(encoding="utf-8") as file:
        manifest = {row["file"]: row for row in csv.DictReader(file)}
    client = client_of(world.contributor)
    sent = [files.upload(path.name, path.read_bytes()) for path in REAL]
    address = f"/en/workspaces/{world.workspace.uuid}/upload/"
    answer = client.post(
        address, {"rung": "workspace", "recognisable": "no", "uploads": sent}, follow=True
    )
    assert text_of(answer).count("tag-ok") == len(REAL) == len(manifest)
    tasks.sweep_extractions()
    for version in DocumentVersion.objects.select_related("extraction", "document"):
        row, job = manifest[version.name], version.extraction
        assert kind_of(version.media_type).family == KINDS[row["format"]]
        assert version.size == int(row["bytes"])
        if row["pages"]:
            assert job.page_count == int(row["pages"])
        if version.name.startswith("scan-"):
            assert (job.state, job.reason) == ("failed", "no-text-layer")
            continue
        assert job.state == "done"
        assert version.pages.count() == job.page_count
        if row["language"] in {"en", "nl", "fr", "es", "pt", "de", "ar"}:
            assert version.document.language == row["language"]
