"""The description of the interface as a page: no script, readable without JavaScript.

Invariant: it is written from the same description that programs read, so that the two cannot
differ; it is the same for everybody.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, override
from django.views.decorators.csrf import csrf_exempt
from drf_spectacular.generators import SchemaGenerator

from portal.accounts.languages import spoken
from portal.api.problems import problem


@dataclass(frozen=True)
class Parameter:
    """A parameter of an address."""

    name: str
    text: str
    in_path: bool


@dataclass(frozen=True)
class Field:
    """A field of an answer."""

    name: str
    kind: str
    text: str


@dataclass(frozen=True)
class Operation:
    """An address, what it is for, what it takes and gives."""

    anchor: str
    path: str
    text: str
    parameters: tuple[Parameter, ...]
    fields: tuple[Field, ...]


def _schema() -> dict[str, Any]:
    generator: Any = SchemaGenerator
    schema: dict[str, Any] = generator().get_schema(request=None, public=True)
    return schema


@cache
def operations() -> tuple[Operation, ...]:
    """Return what the interface offers, in the order of its addresses."""
    schema = _schema()
    models = schema["components"]["schemas"]
    return tuple(
        _operation(path, methods["get"], models)
        for path, methods in schema["paths"].items()
        if "get" in methods
    )


def _operation(path: str, found: dict[str, Any], models: dict[str, Any]) -> Operation:
    parameters = tuple(
        Parameter(one["name"], one.get("description", ""), one["in"] == "path")
        for one in found.get("parameters", [])
    )
    return Operation(
        anchor=found["operationId"].replace("_", "-"),
        path=path,
        text=found.get("description", ""),
        parameters=tuple(sorted(parameters, key=lambda one: not one.in_path)),
        fields=_fields(_answer(found), models),
    )


def _answer(found: dict[str, Any]) -> dict[str, Any]:
    content: dict[str, Any] = found["responses"]["200"].get("content", {})
    answer: dict[str, Any] = content.get("application/json", {}).get("schema", {})
    return answer


def _fields(schema: dict[str, Any], models: dict[str, Any]) -> tuple[Field, ...]:
    """Return the fields of an answer; of a page of items, those of an item."""
    model = _model(schema, models)
    items = model.get("properties", {}).get("results", {}).get("items")
    if items:
        model = _model(items, models)
    return tuple(
        Field(name, _kind(one, models), one.get("description", ""))
        for name, one in model.get("properties", {}).items()
    )


def _model(schema: dict[str, Any], models: dict[str, Any]) -> dict[str, Any]:
    reference = schema.get("$ref", "")
    model: dict[str, Any] = models.get(reference.rsplit("/", 1)[-1], {}) if reference else schema
    return model


def _kind(schema: dict[str, Any], models: dict[str, Any]) -> str:
    """Return in a word or two what a field holds."""
    for part in schema.get("allOf", []):
        return _kind(part, models)
    if "$ref" in schema:
        model = _model(schema, models)
        return ", ".join(model.get("properties", {})) or " · ".join(map(str, model.get("enum", [])))
    if schema.get("type") == "array":
        return f"[{_kind(schema.get('items', {}), models)}]"
    return str(schema.get("format") or schema.get("type") or "")


@csrf_exempt  # it carries nothing out; other methods get the problem that they get elsewhere
def docs(request: HttpRequest, language: str | None = None) -> HttpResponse:
    """Show the page, in the reader's language or in the one that the address names."""
    if request.method not in ("GET", "HEAD"):
        return problem(405, headers={"Allow": "GET, HEAD"})
    language = language or spoken(get_language() or "")
    if language not in settings.INTERFACE_LANGUAGES:
        return problem(404)
    with override(language):
        addresses = {
            code: reverse("api-v1:docs", args=[code]) for code in settings.INTERFACE_LANGUAGES
        }
        response = render(
            request, "api/docs.html", {"operations": operations(), "language_urls": addresses}
        )
    response.headers["Content-Language"] = language
    return response
