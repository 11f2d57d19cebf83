"""Icons as inline SVG, read once per process.

Invariant: an icon is decoration. It is hidden from assistive technology and never stands
without a word, and only names that lie in the vendored folder can be asked for.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from django.utils.safestring import SafeString, mark_safe

ICON_FOLDER = Path(__file__).resolve().parents[2] / "static" / "portal" / "icons"

# Signs of direction turn round with the script; a clock, a tick or a lens never does.
MIRRORED = frozenset(
    {"arrow-left", "arrow-right", "chevron-left", "chevron-right", "play", "log-in", "log-out"}
)

_NAME = re.compile(r"[a-z0-9-]+")
_SHAPES = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)


@cache
def icon_svg(name: str) -> SafeString:
    """Return the SVG of the icon `name`; an unknown name is a mistake in a template."""
    path = ICON_FOLDER / f"{name}.svg"
    if not _NAME.fullmatch(name) or not path.is_file():
        raise ValueError(f"No icon is called {name!r}")
    found = _SHAPES.search(path.read_text(encoding="utf-8"))
    if found is None:
        raise ValueError(f"The file of the icon {name!r} holds no SVG")
    shapes = re.sub(r"\s*\n\s*", "", found.group(1))
    classes = "icon icon-flip" if name in MIRRORED else "icon"
    # The shapes come from files of this repository, the name was matched above.
    return mark_safe(  # noqa: S308
        f'<svg class="{classes}" aria-hidden="true" focusable="false" width="18" height="18"'
        ' viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2"'
        f' stroke-linecap="round" stroke-linejoin="round">{shapes}</svg>'
    )
