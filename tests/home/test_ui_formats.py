"""Dates are written with the month in words, day first, in every language of the interface."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.template import Context, Template
from django.utils import translation

DAY = date(2026, 11, 24)
MOMENT = datetime(2026, 11, 24, 16, 40, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("en", "24 Nov 2026"),
        ("nl", "24 november 2026"),
        ("fr", "24 novembre 2026"),
        ("es", "24 de noviembre de 2026"),
        ("ar", "24 نوفمبر، 2026"),
    ],
)
def test_a_day(language: str, written: str) -> None:
    with translation.override(language):
        assert Template("{{ day|date:'DATE_FORMAT' }}").render(Context({"day": DAY})) == written


def test_a_moment_in_english_has_24_hours() -> None:
    with translation.override("en"):
        text = Template("{{ moment|date:'DATETIME_FORMAT' }}").render(Context({"moment": MOMENT}))
    assert text == "24 Nov 2026, 16:40"
