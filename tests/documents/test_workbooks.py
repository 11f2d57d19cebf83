"""A workbook with a sheet that was cut: a hit opens its part, and it compares as a whole."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from coalitions.documents import services, tasks
from coalitions.documents.comparison import Comparison
from coalitions.documents.models import DocumentVersion
from coalitions.network.viewers import viewer_for
from search import outbox
from search.service import find
from tests.documents import files
from tests.documents.conftest import World
from tests.documents.pages import get

ROWS: list[list[object]] = [[f"place {number}", "a river in spring"] for number in range(900)]


def add(world: World, rows: list[list[object]]) -> DocumentVersion:
    sent = services.add_document(
        acting_user=world.contributor,
        workspace=world.workspace,
        content=files.content(files.xlsx(Few=[["x"]], Many=rows)),
        name="a.xlsx",
        title="Places",
        language="en",
    )
    tasks.sweep_extractions()
    sent.refresh_from_db()
    assert sent.current_version is not None
    return sent.current_version


def test_a_hit_opens_the_part_that_holds_the_row(world: World) -> None:
    add(world, [*ROWS[:700], ["lantern", "by the bridge"], *ROWS[700:]])
    outbox.drain()
    (item,) = find(viewer_for(world.reader), "lantern").items
    number = int(parse_qs(urlsplit(item.page_url).query)["page"][0])
    assert number > 3
    page = get(world.reader, item.page_url).content.decode()
    assert "lantern</mark>" in page
    assert "place 699" in page
    assert "place 10<" not in page
    assert f"Section {number}" in get(world.reader, "/en/search/", q="lantern").content.decode()


def test_names_of_sheets_are_no_changes(world: World) -> None:
    """They stand at the head of each part, and the parts begin elsewhere after a row was added."""
    old, new = add(world, ROWS), add(world, [["first", "of all"], *ROWS])
    assert old.pages.count() > 4
    comparison = Comparison(old, new)
    assert (comparison.count("added"), comparison.count("removed")) == (1, 0)
    assert [row.kind for row in comparison.rows if row.kind not in {"gap", "same"}] == ["added"]
