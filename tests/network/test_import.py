"""A network's own list: an answer per row, safe to repeat, clear about what is wrong."""

import csv
import io
import os
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from coalitions.access import NotAllowed
from coalitions.network.models import AuditEntry, Organisation
from coalitions.network.services import import_organisations
from tests import worlds

pytestmark = pytest.mark.django_db
FACTS = Path(__file__).parents[2] / "portal" / "demo" / "facts" / "organisations.csv"
ROW = {"name": "Kinderrechten Nu", "kind": "ecpat_member", "country": "NL"}


def outcomes(results):
    return [result.outcome for result in results]


def run(path, *options):
    out = io.StringIO()
    call_command("import_organisations", str(path), *options, stdout=out)
    return out.getvalue()


def write(tmp_path, text, encoding="utf-8"):
    path = tmp_path / "list.csv"
    path.write_bytes(text.encode(encoding))
    return path


def test_the_real_list_comes_in_and_a_second_time_changes_nothing():
    with FACTS.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    first = import_organisations(rows, as_system=True)
    assert set(outcomes(first)) == {"created", "changed"}
    both = Organisation.objects.get(names__en="Defence for Children – ECPAT Nederland")
    assert both.networks == ("dci", "ecpat")
    assert both.kind == "dci_section"
    before = AuditEntry.objects.count()
    assert set(outcomes(import_organisations(rows, as_system=True))) == {"unchanged"}
    assert AuditEntry.objects.count() == before


def test_a_row_is_created_then_changed_then_unchanged():
    row = {**ROW, "website": "https://kr.example", "languages": "nl|en", "name_fr": "Droits"}
    assert outcomes(import_organisations([row], as_system=True)) == ["created"]
    assert outcomes(import_organisations([ROW], as_system=True)) == ["unchanged"]
    changed = {**row, "website": "https://new.example", "country": "nl|BE", "listed": "no"}
    assert outcomes(import_organisations([changed], as_system=True)) == ["changed"]
    assert outcomes(import_organisations([changed], as_system=True)) == ["unchanged"]
    organisation = Organisation.objects.get()
    assert organisation.names == {"en": "Kinderrechten Nu", "fr": "Droits"}
    assert organisation.website == "https://new.example"
    assert not organisation.listed
    renamed = {**ROW, "name": "Nieuwe naam", "slug": organisation.slug}
    assert outcomes(import_organisations([renamed], as_system=True)) == ["changed"]
    organisation.refresh_from_db()
    assert organisation.names["en"] == "Nieuwe naam"


def test_a_dry_run_says_the_same_and_leaves_nothing():
    rows = [ROW, {**ROW, "kind": "dci_section"}, {**ROW, "country": "XX"}]
    dry = import_organisations(rows, as_system=True, dry_run=True)
    assert not Organisation.objects.exists()
    assert not AuditEntry.objects.exists()
    real = import_organisations(rows, as_system=True)
    assert outcomes(dry) == outcomes(real) == ["created", "changed", "refused"]
    assert [r.line for r in real] == [2, 3, 4]


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"country": "Holland"}, "country"),
        ({"country": ""}, "country"),
        ({"name": " "}, "name"),
        ({"name": "x" * 300}, "too long"),
        ({"name": "a\x00b"}, "character"),
        ({"kind": "club"}, "dci_section"),
        ({"website": "example"}, "web address"),
        ({"languages": "nederlands"}, "language code"),
        ({"listed": "perhaps"}, "yes or no"),
        ({"name_elvish": "Name"}, "language code"),
        ({"source": "x" * 600}, "too long"),
    ],
)
def test_a_refused_row_says_why_and_the_others_come_in(change, word):
    results = import_organisations([{**ROW, **change}, ROW], as_system=True)
    assert outcomes(results) == ["refused", "created"]
    assert word in results[0].reason


def test_a_partner_or_secretariat_row_does_not_change_a_members_kind():
    import_organisations([ROW], as_system=True)
    results = import_organisations(
        [{**ROW, "kind": "partner"}, {**ROW, "kind": "secretariat"}], as_system=True
    )
    assert outcomes(results) == ["refused", "refused"]


def test_only_a_secretariat_imports():
    administrator = worlds.make_person(worlds.make_organisation(), "administrator")
    for person in (administrator, None):
        with pytest.raises(NotAllowed):
            import_organisations([ROW], acting_user=person)
    keeper = worlds.make_person(worlds.make_organisation(kind="secretariat"), "administrator")
    assert outcomes(import_organisations([ROW], acting_user=keeper)) == ["created"]
    assert AuditEntry.objects.latest("pk").actor == keeper.uuid


def test_the_command(tmp_path):
    path = write(tmp_path, "\ufeffname,kind,country\nKinderrechten,ecpat_member,NL\n\n")
    assert "1 created" in run(path, "--dry-run")
    assert not Organisation.objects.exists()
    assert "line 2: created: Kinderrechten" in run(path)
    assert "1 unchanged" in run(path)


def test_the_command_ends_with_1_when_rows_were_refused(tmp_path):
    path = write(
        tmp_path,
        'name;kind;country\n"Two\nlines";partner;NL\nBad;partner;XX\nMore;partner;NL;cell\n',
    )
    with pytest.raises(CommandError) as error:
        run(path)
    assert error.value.returncode == 1
    assert Organisation.objects.get().name == "Two lines"


def test_line_numbers_are_those_of_the_file(tmp_path, capsys):
    path = write(tmp_path, 'name,kind,country\n\n"Two\nlines",partner,NL\nBad,partner,XX\n')
    with pytest.raises(CommandError):
        call_command("import_organisations", str(path))
    out = capsys.readouterr().out
    assert "line 3: created" in out
    assert "line 5: refused: Bad" in out


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "name, kind, country"),
        (b"name,kind\nA,partner\n", "country"),
        (b"name,kind,country\nA,partner,NL\nCaf\xe9,partner,FR\n", "line 3"),
        (b'name,kind,country\n"A,partner,NL\n', "CSV"),
        (b"\xff\xfen\x00a\x00", "UTF-8"),
        (b"name,kind,country\n" + b"x" * 200_000 + b",partner,NL\n", "CSV"),
    ],
)
def test_unreadable_files_are_explained(tmp_path, content, word):
    path = tmp_path / "list.csv"
    path.write_bytes(content)
    with pytest.raises(CommandError, match=word):
        run(path)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(CommandError, match=r"absent\.csv"):
        run(tmp_path / "absent.csv")
    with pytest.raises(CommandError):
        run(tmp_path)
    assert os.path.exists(tmp_path)
