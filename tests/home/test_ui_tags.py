"""The tag library: icons, chips, names, fields, pages of a list."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django import forms
from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from coalitions.access import Rung
from portal.home.presentation.icons import ICON_FOLDER, icon_svg
from portal.home.presentation.names import RUNG_ICONS, RUNG_NAMES


def write(source: str, path: str = "/en/", **context: Any) -> str:
    request: HttpRequest = RequestFactory().get(path)
    request.user = AnonymousUser()
    return Template(source).render(Context({"request": request, **context}))


class ReportForm(forms.Form):
    title = forms.CharField(label="Title", help_text="As on the <b>document</b>", max_length=10)
    note = forms.CharField(widget=forms.Textarea, required=False)
    when = forms.DateField(label="Date")
    reach = forms.ChoiceField(widget=forms.RadioSelect, choices=[("o", "Organisation")])
    agreed = forms.BooleanField(label="Agreed", required=False)
    file = forms.FileField(label="File")
    hidden = forms.IntegerField(widget=forms.HiddenInput)


@pytest.mark.parametrize("name", sorted(path.stem for path in ICON_FOLDER.glob("*.svg")))
def test_every_icon_is_decoration(name: str) -> None:
    svg = icon_svg(name)
    assert svg.startswith("<svg")
    assert 'aria-hidden="true"' in svg
    assert "style=" not in svg
    assert "<script" not in svg


@pytest.mark.parametrize("name", ["nothing-of-this-name", "../mark", "users.svg", ""])
def test_an_unknown_icon_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="icon"):
        icon_svg(name)


def test_only_signs_of_direction_turn_round() -> None:
    assert "icon-flip" in icon_svg("chevron-right")
    assert "icon-flip" in icon_svg("log-out")
    for still in ("clock", "check", "search", "upload"):
        assert "icon-flip" not in icon_svg(still)


def test_every_rung_has_a_word_and_an_icon() -> None:
    assert set(RUNG_NAMES) == set(RUNG_ICONS) == {str(rung) for rung in Rung}
    for rung in Rung:
        chip = write("{% audience_chip rung %}", rung=rung)
        assert f"chip-{rung.value}" in chip
        assert str(RUNG_NAMES[rung.value]) in chip
        assert "<svg" in chip


def test_no_rung_writes_nothing() -> None:
    assert write("{% audience_chip rung %}", rung=None) == ""


def test_foreign_text_is_escaped_and_keeps_its_direction() -> None:
    written = write("{% foreign text lang %}", text="<b>نص</b>", lang="ar")
    assert written == '<bdi lang="ar" dir="rtl">&lt;b&gt;نص&lt;/b&gt;</bdi>'
    assert write("{% foreign text %}", text="x") == '<bdi dir="auto">x</bdi>'


@pytest.mark.parametrize(
    ("reader", "language", "country"),
    [
        ("en", "Arabic", "Netherlands"),
        ("nl", "Arabisch", "Nederland"),
        ("fr", "Arabe", "Pays-Bas"),
        ("es", "Árabe", "Países Bajos"),
        ("ar", "العربية", "هولندا"),
    ],
)
def test_names_come_in_the_readers_language(reader: str, language: str, country: str) -> None:
    with translation.override(reader):
        assert write("{{ 'ar'|language_name }}") == language
        assert write("{{ 'NL'|country_name }}") == country


@pytest.mark.parametrize("code", ["", None, "zz", "not-a-code", "x" * 300, "\x00", "<i>"])
def test_unknown_codes_are_written_as_they_are(code: str | None) -> None:
    assert "<i>" not in write("{{ code|language_name }}{{ code|country_name }}", code=code)
    write("{{ code|own_language_name }}{{ code|text_direction }}", code=code)


def test_a_field_ties_help_and_error_to_its_control() -> None:
    form = ReportForm({"title": "far longer than ten"})
    written = write("{% field form.title %}", form=form)
    assert 'aria-describedby="id_title_helptext id_title_error"' in written
    assert 'id="id_title_helptext"' in written
    assert 'id="id_title_error"' in written
    assert 'for="id_title"' in written
    assert 'dir="auto"' in written
    assert "&lt;b&gt;document" in written
    assert "far longer than ten" in written


def test_an_empty_field_has_no_direction_of_its_own() -> None:
    assert "dir=" not in write("{% field form.title %}", form=ReportForm())


def test_the_optional_is_marked_and_not_the_compulsory() -> None:
    form = ReportForm()
    assert "(optional)" in write("{% field form.note %}", form=form)
    assert "(optional)" not in write("{% field form.note optional=False %}", form=form)
    assert "(optional)" not in write("{% field form.title %}", form=form)
    assert "(optional)" not in write("{% field form.agreed %}", form=form)


def test_a_date_is_asked_and_given_back_in_iso_form() -> None:
    with translation.override("nl"):
        form = ReportForm(initial={"when": date(2026, 11, 24)})
        written = write("{% field form.when %}", form=form)
    assert 'type="date"' in written
    assert 'value="2026-11-24"' in written


def test_radios_stand_in_a_named_group() -> None:
    written = write("{% field form.reach %}", form=ReportForm({}))
    assert "<fieldset" in written
    assert "<legend>" in written
    assert 'aria-describedby="id_reach_error"' in written


def test_the_summary_leads_to_every_wrong_field() -> None:
    form = ReportForm({"title": "far longer than ten"})
    form.add_error(None, "Say <who> sees it.")
    written = write("{% error_summary form %}", form=form)
    assert 'role="alert"' in written
    for target in ("id_title", "id_when", "id_reach_0", "id_file"):
        assert f'href="#{target}"' in written
    assert "Say &lt;who&gt; sees it." in written
    assert 'href="#id_hidden"' not in written


def test_no_errors_no_summary() -> None:
    assert write("{% error_summary form %}", form=ReportForm()).strip() == ""


def test_the_title_of_a_refused_form_says_so() -> None:
    assert write("{% error_prefix %}", form=ReportForm()) == ""
    assert write("{% error_prefix %}", form=ReportForm({})) == "Error: "
    assert write("{% error_prefix %}", anything=ReportForm({})) == "Error: "


def test_the_pager_keeps_the_other_parameters() -> None:
    page = Paginator(range(400), 10).get_page(3)
    written = write("{% pager page_obj %}", "/en/search/?q=a%26b&page=3", page_obj=page)
    assert "?q=a%26b&amp;page=4" in written
    assert "?q=a%26b&amp;page=2" in written
    assert written.count('aria-current="page"') == 1


def test_one_page_needs_no_pager() -> None:
    page = Paginator(range(3), 10).get_page(1)
    assert write("{% pager page_obj %}", page_obj=page).strip() == ""


def test_query_with_changes_and_takes_away() -> None:
    written = write("{% query_with page=2 q=None %}", "/en/x/?q=a&kind=b")
    assert written == "?kind=b&amp;page=2"


def test_empty_breadcrumbs_leave_no_trace() -> None:
    assert write("{% crumbs %}  {% endcrumbs %}") == ""
    assert "<nav" in write("{% crumbs %}<li>x</li>{% endcrumbs %}")


def test_the_ruler_weighs_what_is_written() -> None:
    written = write("{% convention_ruler counts '/en/search/?a=' %}", counts={3: 8, 5: 1})
    assert written.count("<li>") == 54
    assert 'class="weight-4" href="/en/search/?a=3"' in written
    assert 'class="weight-1" href="/en/search/?a=5"' in written


def test_the_strip_marks_what_is_cited() -> None:
    written = write("{% convention_strip numbers %}", numbers=[37, 3, 3])
    assert written.count("<rect") == 54
    assert written.count("is-cited") == 2
    assert "3, 37" in written
