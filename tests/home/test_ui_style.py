"""The stylesheet keeps its bounds: size, logical properties, contrast, one set of dark tokens."""

from __future__ import annotations

import re
from pathlib import Path

import brotli
import pytest

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "portal" / "static" / "portal"
SHEET = (STATIC / "portal.css").read_text(encoding="utf-8")
# On pages of documents alone, after the other.
MORE = (STATIC / "documents.css").read_text(encoding="utf-8")
RULES = re.sub(r"/\*.*?\*/", "", SHEET + MORE, flags=re.DOTALL)


def tokens(opening: str) -> dict[str, str]:
    """Return the colours of the block that starts with `opening`."""
    block = SHEET[SHEET.index(opening) :]
    block = block[: block.index("}")]
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6});", block))


LIGHT = tokens(":root {")
DARK = LIGHT | tokens(':root[data-theme="dark"] {')


def luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    parts = []
    for start in (0, 2, 4):
        value = int(digits[start : start + 2], 16) / 255
        parts.append(value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4)
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_the_sheet_stays_small() -> None:
    assert SHEET.count("\n") <= 900
    assert max(len(line) for line in SHEET.splitlines()) <= 100
    parts = ("portal.css", "vendor/modern-normalize.css")
    weight = sum(len(brotli.compress((STATIC / part).read_bytes())) for part in parts)
    assert weight <= 10_000
    assert MORE.count("\n") <= 300
    assert max(len(line) for line in MORE.splitlines()) <= 100


def test_only_logical_properties() -> None:
    physical = (
        r"(?<![\w-])(left|right|top|bottom|width|height|(margin|padding|border)-(left|right|top|bottom)"
        r"|(min|max)-(width|height))\s*:"
    )
    without_media = re.sub(r"@media \([^)]*\)", "", RULES)
    assert re.findall(physical, without_media) == []
    assert not re.search(r"text-align: (left|right)|float: (left|right)", RULES)


def test_nothing_is_fetched_from_the_sheet() -> None:
    assert "url(" not in RULES
    assert "@import" not in RULES
    assert "@layer" not in RULES
    assert "light-dark(" not in RULES
    assert "color-mix(" not in RULES


def test_important_stands_in_two_places_only() -> None:
    outside = RULES[: RULES.index("@media print")]
    outside = outside.replace(re.search(r"\.visually-hidden \{[^}]*\}", outside).group(), "")  # type: ignore[union-attr]
    assert "!important" not in outside


def test_both_ways_to_dark_give_the_same_colours() -> None:
    assert tokens(':root:not([data-theme="light"]) {') == tokens(':root[data-theme="dark"] {')


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("text", "ground", "least"),
    [
        ("ink", "paper", 7),
        ("ink", "surface", 7),
        ("ink", "sunken", 7),
        ("ink", "tint", 7),
        ("ink", "mark", 7),
        ("ink2", "paper", 7),
        ("ink2", "surface", 7),
        ("ink2", "sunken", 7),
        ("ink2", "tint", 7),
        ("link", "paper", 7),
        ("link", "tint", 7),
        ("button-text", "link", 7),
        ("danger", "danger-bg", 6.5),
        ("danger", "paper", 7),
        ("warn", "warn-bg", 7),
        ("ok", "ok-bg", 7),
        ("org-text", "org", 7),
        ("solid-text", "workspace", 7),
        ("solid-text", "coalition", 6.5),
        ("network-text", "network", 7),
        ("public-text", "paper", 7),
        ("band-text2", "band", 7),
        ("edge", "surface", 3),
        ("edge", "sunken", 3),
        ("audience-edge", "paper", 3),
        ("focus", "paper", 3),
    ],
)
def test_contrast(scheme: dict[str, str], text: str, ground: str, least: float) -> None:
    assert contrast(scheme[text], scheme[ground]) >= least


def test_every_class_of_a_template_has_a_rule() -> None:
    known = set(re.findall(r"\.([a-z][\w-]*)", RULES))
    unknown: dict[str, str] = {}
    for path in sorted((ROOT / "templates").rglob("*.html")):
        source = path.read_text(encoding="utf-8")
        if '{% extends "wagtailadmin/' in source:  # Wagtail's own sheet
            continue
        text = re.sub(r"{#.*?#}|{%.*?%}|{{.*?}}", "\x00", source)
        for attribute in re.findall(r'\bclass="([^"]*)"', text):
            for name in attribute.split():
                if "\x00" not in name and name not in known:
                    unknown[name] = str(path.relative_to(ROOT))
    assert unknown == {}


def test_no_template_has_style_or_script_inside() -> None:
    for path in sorted((ROOT / "templates").rglob("*.html")):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r'\sstyle="|\son[a-z]+="|<style|javascript:', text), path
        assert not re.search(r"<script(?![^>]*\ssrc=)", text), path
        assert not re.search(r'(src|href)="(https?:)?//', text), path
