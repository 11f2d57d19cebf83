"""Brings the vocabularies from `vocabulary_data/` into the database.

Invariant: safe to repeat; codes and numbers are matched and never changed, labels are renewed.
"""

import json
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "vocabulary_data"


def _read(name: str) -> Any:
    return json.loads((DATA / name).read_text(encoding="utf-8"))


def load_vocabularies(*, theme: Any, article: Any, country: Any, document_type: Any) -> None:
    """Fill the four tables; the arguments are the model classes, historical ones in migrations."""
    for position, entry in enumerate(_read("themes.json")["themes"]):
        parent, _ = theme.objects.update_or_create(
            code=entry["code"], defaults={"labels": entry["labels"], "position": position}
        )
        for place, child in enumerate(entry["subthemes"]):
            theme.objects.update_or_create(
                code=child["code"],
                defaults={"labels": child["labels"], "position": place, "parent": parent},
            )
    for entry in _read("convention_articles.json")["articles"]:
        article.objects.update_or_create(
            number=entry["number"], defaults={"titles": entry["titles"]}
        )
    for position, entry in enumerate(_read("document_types.json")["document_types"]):
        document_type.objects.update_or_create(
            code=entry["code"], defaults={"labels": entry["labels"], "position": position}
        )
    for code in _read("countries.json")["countries"]:
        country.objects.get_or_create(code=code)
