"""The interface's messages: found in code and templates, merged into the catalogues, compiled.

Works without the system's gettext tools, which a fresh machine does not have: templates are turned
into Python-like text by Django, messages are found by Babel, catalogues are kept by polib.
Invariant: a catalogue holds exactly the messages of the code, in the order of their first use.
"""

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import polib
from babel.messages.extract import extract
from django.conf import settings
from django.utils.translation.template import templatize

Message = tuple[str | None, str, str | None]  # context, singular, plural
KEYWORDS = {
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "_": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
_ALIAS = re.compile(r"\b(\w*gettext\w*) as (\w+)")
ROOMS = ("coalitions", "knowledge", "portal", "search", "templates")


def source_files() -> Iterator[Path]:
    """Yield the Python files and templates that messages may stand in."""
    for room in ROOMS:
        suffixes = (".html", ".txt") if room == "templates" else (".py",)
        for path in sorted((settings.BASE_DIR / room).rglob("*")):
            if path.suffix in suffixes and "migrations" not in path.parts:
                yield path


def messages_in(path: Path) -> Iterator[Message]:
    """Yield the messages of one file."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        # Indentation means nothing in a template, but much to Python's tokenizer.
        lines = templatize(text, origin=str(path)).splitlines()
        text = "\n".join(line.lstrip() for line in lines) + "\n"
    # A function that is imported under another name marks messages under that name.
    aliases = {alias: KEYWORDS[name] for name, alias in _ALIAS.findall(text) if name in KEYWORDS}
    found = extract(
        "python", BytesIO(text.encode()), keywords=KEYWORDS | aliases, options={"encoding": "utf-8"}
    )
    for _line, message, _comments, context in found:
        if isinstance(message, tuple):
            yield context, message[0], message[1]
        elif message:
            yield context, message, None


def all_messages() -> dict[tuple[str | None, str], tuple[str | None, list[str]]]:
    """Return plural and places by (context, singular), for the whole project."""
    collected: dict[tuple[str | None, str], tuple[str | None, list[str]]] = {}
    for path in source_files():
        place = path.relative_to(settings.BASE_DIR).as_posix()
        for context, singular, plural in messages_in(path):
            known_plural, places = collected.setdefault((context, singular), (plural, []))
            if plural and not known_plural:
                collected[context, singular] = (plural, places)
            if place not in places:
                places.append(place)
    return collected


def catalogue_path(language: str) -> Path:
    """Return where the catalogue of `language` lies."""
    return Path(settings.LOCALE_PATHS[0]) / language / "LC_MESSAGES" / "django.po"


def merge(language: str, plural_forms: str) -> tuple[int, int]:
    """Bring a catalogue up to date; return how many messages it has, and how many lack words.

    `plural_forms`: the gettext header, for example "nplurals=2; plural=(n != 1);".
    """
    path = catalogue_path(language)
    old = {(e.msgctxt, e.msgid): e for e in polib.pofile(str(path))} if path.exists() else {}
    forms = int(plural_forms.split("nplurals=")[1].split(";")[0])
    new = polib.POFile(wrapwidth=98)
    new.metadata = {
        "Language": language,
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "MIME-Version": "1.0",
        "Plural-Forms": plural_forms,
    }
    for (context, singular), (plural, places) in all_messages().items():
        entry = polib.POEntry(
            msgctxt=context, msgid=singular, occurrences=[(p, "") for p in places]
        )
        known = old.get((context, singular))
        if plural:
            entry.msgid_plural = plural
            entry.msgstr_plural = dict.fromkeys(range(forms), "")
        if known is not None and bool(known.msgid_plural) == bool(plural):
            entry.msgstr = known.msgstr
            entry.msgstr_plural = known.msgstr_plural or entry.msgstr_plural
        if "%(" in singular + (plural or ""):
            entry.flags.append("python-format")
        new.append(entry)
    path.parent.mkdir(parents=True, exist_ok=True)
    new.save(str(path))
    return len(new), sum(not is_complete(entry) for entry in new)


def is_complete(entry: polib.POEntry) -> bool:
    """Return whether every form of a message has words."""
    if entry.msgid_plural:
        return all(entry.msgstr_plural.values())
    return bool(entry.msgstr)
