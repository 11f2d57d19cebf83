"""manage.py import_organisations FILE.csv: brings in a network's own list of organisations."""

import csv
import io
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from coalitions.network.services.imports import REQUIRED, RowResult, import_organisations


class Command(BaseCommand):
    """One line per row; exit code 1 when a row was refused."""

    help = (
        "Enters or renews organisations from a CSV file with the columns name, kind, country and "
        "optionally name_<language>, website, languages, source, listed, slug. Safe to repeat."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="the CSV file, in UTF-8")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, no more")

    def handle(self, *args: Any, **options: Any) -> None:
        rows = read_rows(Path(options["file"]))
        results = import_organisations(rows, as_system=True, dry_run=options["dry_run"])
        for result in results:
            self.stdout.write(_line(result))
        counts = Counter(result.outcome for result in results)
        total = ", ".join(
            f"{counts[outcome]} {outcome}"
            for outcome in ("created", "changed", "unchanged", "refused")
        )
        note = " Nothing was written: this was a dry run." if options["dry_run"] else ""
        self.stdout.write(f"{len(results)} rows: {total}.{note}")
        if counts["refused"]:
            raise CommandError(f"{counts['refused']} rows were refused; see above.", returncode=1)


def _line(result: RowResult) -> str:
    end = f": {result.reason}" if result.reason else ""
    return f"line {result.line}: {result.outcome}: {result.name}{end}"


def read_rows(path: Path) -> list[dict[str, str | None]]:
    """Return the rows of a CSV file with their line numbers; say clearly what is wrong with it."""
    text = _text_of(path)
    header = text.split("\n", 1)[0]
    delimiter = ";" if header.count(";") > header.count(",") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        columns = [name.strip().lower() for name in next(reader, [])]
        missing = [name for name in REQUIRED if name not in columns]
        if missing:
            raise CommandError(
                f"{path}: the first line has no column {', '.join(missing)}. "
                f"It must have {', '.join(REQUIRED)}."
            )
        return list(_rows(reader, columns))
    except csv.Error as error:
        raise CommandError(
            f"{path}, line {reader.line_num}: not readable as CSV: {error}."
        ) from error


def _rows(reader: Any, columns: list[str]) -> Iterator[dict[str, str | None]]:
    line = reader.line_num + 1
    for cells in reader:
        if any(cell.strip() for cell in cells):
            row: dict[str, str | None] = dict(zip(columns, cells, strict=False))
            row["__line__"] = str(line)
            row["__too_many__"] = "yes" if len(cells) > len(columns) else None
            yield row
        line = reader.line_num + 1


def _text_of(path: Path) -> str:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise CommandError(f"{path}: cannot be read: {error.strerror}.") from error
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise CommandError(
            f"{path}, line {line}: not UTF-8. Save the file as CSV in UTF-8 and try again."
        ) from error
