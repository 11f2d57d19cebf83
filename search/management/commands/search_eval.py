"""`manage.py search_eval FILE…`: how good the answers are on judged collections."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from search.concepts import Thesaurus, thesaurus
from search.engines.base import SearchUnavailable
from search.evaluation import Collection, CollectionError, evaluate, read_collection
from search.evaluation.running import ENGINES


class Command(BaseCommand):
    help = (
        "Measure nDCG@10, MRR@10 and recall@10 on judged collections: JSON files with"
        " {name, lang, docs: [{id, title, body}], queries: [{id, text, rel: {doc: grade}}]}."
        " They are indexed apart; nothing live is touched."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Files, and how to ask."""
        parser.add_argument("files", nargs="+", metavar="FILE", type=Path)
        parser.add_argument("--engine", choices=sorted(ENGINES), default="embedded")
        parser.add_argument("--no-concepts", action="store_true", help="ask the typed words alone")
        parser.add_argument("--json", action="store_true", help="print JSON instead of a table")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read every file first, then measure one after the other."""
        try:
            collections = [read_collection(path) for path in options["files"]]
            concepts = None if options["no_concepts"] else self._concepts()
            rows = [_measured(held, options["engine"], concepts) for held in collections]
        except CollectionError as error:
            raise CommandError(str(error)) from error
        except (SearchUnavailable, DatabaseError) as error:
            raise CommandError(f"The engine did not answer: {error}".splitlines()[0]) from error
        except KeyboardInterrupt:
            raise CommandError("Stopped; what was indexed apart is gone.", returncode=130) from None
        if options["json"]:
            self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=2))
        else:
            self.stdout.write(_table(rows))

    def _concepts(self) -> Thesaurus | None:
        """The concepts of this portal, read where they live before anything is asked apart."""
        try:
            return thesaurus()
        except DatabaseError:
            self.stderr.write("The database holds no concepts (run migrate): asked without them.")
            return None


def _measured(collection: Collection, engine: str, concepts: Thesaurus | None) -> dict[str, Any]:
    found = evaluate(collection, engine, concepts)
    return {
        "name": collection.name,
        "lang": collection.language,
        "engine": engine,
        "docs": len(collection.texts),
        "queries": len(collection.questions),
        "ndcg@10": round(found.ndcg, 4),
        "mrr@10": round(found.mrr, 4),
        "recall@10": round(found.recall, 4),
    }


def _table(rows: list[dict[str, Any]]) -> str:
    names = list(rows[0])
    cells = [
        [f"{row[name]:.4f}" if isinstance(row[name], float) else str(row[name]) for name in names]
        for row in rows
    ]
    widths = [max(len(line[i]) for line in (names, *cells)) for i in range(len(names))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if i < 3 else cell.rjust(width)
            for i, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in (names, *cells)
    )
