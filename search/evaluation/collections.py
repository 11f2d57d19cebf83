"""Reading a judged collection: {name, lang, docs: [{id, title, body}], queries: [{id, text, rel}]}.

Invariant: what is read is whole and of the right kinds; anything else is one error that says which
part of the file is wrong.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coalitions.language import clean


class CollectionError(ValueError):
    """The file is no judged collection; the message says why in one line."""


@dataclass(frozen=True, slots=True)
class Text:
    """A document of the collection."""

    id: str
    title: str
    body: str


@dataclass(frozen=True, slots=True)
class Question:
    """A question, and the grade of every document that answers it (more is better)."""

    id: str
    text: str
    grades: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Collection:
    """Texts in one language, and the questions that have an answer among them."""

    name: str
    language: str
    texts: tuple[Text, ...]
    questions: tuple[Question, ...]


def _list(held: Mapping[str, Any], name: str, path: Path) -> list[Mapping[str, Any]]:
    found = held.get(name)
    if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
        raise CollectionError(f"{path}: “{name}” is not a list of objects.")
    if not found:
        raise CollectionError(f"{path}: “{name}” is empty.")
    return found


def _id(item: Mapping[str, Any], place: str, path: Path) -> str:
    found = item.get("id")
    if isinstance(found, bool) or not isinstance(found, str | int):
        raise CollectionError(f"{path}: {place} has no “id”.")
    return str(found)


def _string(item: Mapping[str, Any], name: str, place: str, path: Path) -> str:
    found = item.get(name, "")
    if found is None:
        return ""
    if not isinstance(found, str):
        raise CollectionError(f"{path}: “{name}” of {place} is not a text.")
    return clean(found)


def _grades(item: Mapping[str, Any], place: str, path: Path) -> dict[str, float]:
    held = item.get("rel")
    if not isinstance(held, dict) or any(
        isinstance(grade, bool) or not isinstance(grade, int | float) for grade in held.values()
    ):
        raise CollectionError(f"{path}: “rel” of {place} does not map documents to numbers.")
    return {str(key): float(grade) for key, grade in held.items() if grade > 0}


def read_collection(path: Path) -> Collection:
    """The collection in this file. Questions that nothing answers are left out."""
    try:
        held = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise CollectionError(f"{path}: cannot be read ({error.strerror}).") from error
    except (ValueError, RecursionError) as error:
        raise CollectionError(f"{path}: is not JSON in UTF-8.") from error
    if not isinstance(held, dict):
        raise CollectionError(f"{path}: is not an object with name, lang, docs and queries.")
    texts: dict[str, Text] = {}
    for number, item in enumerate(_list(held, "docs", path), 1):
        place = f"document {number}"
        key = _id(item, place, path)
        if key in texts:
            raise CollectionError(f"{path}: {place} has an “id” that another one has.")
        title, body = (_string(item, name, place, path) for name in ("title", "body"))
        texts[key] = Text(key, title, body)
    questions = []
    for number, item in enumerate(_list(held, "queries", path), 1):
        place = f"query {number}"
        words = _string(item, "text", place, path)
        question = Question(_id(item, place, path), words, _grades(item, place, path))
        if question.grades:
            questions.append(question)
    if not questions:
        raise CollectionError(f"{path}: no query has a document that answers it.")
    return Collection(
        name=_string(held, "name", "the file", path) or path.stem,
        language=_string(held, "lang", "the file", path),
        texts=tuple(texts.values()),
        questions=tuple(questions),
    )
