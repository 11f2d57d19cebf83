"""The catalogues are complete: every message of the interface has words in nl, fr, es and ar."""

import re
from pathlib import Path

import polib
import pytest
from django.conf import settings

from portal.home.catalogues import all_messages, catalogue_path, is_complete, messages_in

LANGUAGES = [language for language in settings.INTERFACE_LANGUAGES if language != "en"]
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


@pytest.fixture(scope="module")
def messages() -> dict:
    return all_messages()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_has_words(language: str, messages: dict) -> None:
    catalogue = polib.pofile(str(catalogue_path(language)))
    done = {(entry.msgctxt, entry.msgid) for entry in catalogue if is_complete(entry)}
    missing = [singular for context, singular in messages if (context, singular) not in done]
    assert not missing, f"{language}: {len(missing)} without words, first {missing[:5]}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_placeholders_survive_translation(language: str) -> None:
    for entry in polib.pofile(str(catalogue_path(language))):
        wanted = set(PLACEHOLDER.findall(entry.msgid + (entry.msgid_plural or "")))
        if entry.msgid_plural:
            # A form for one or two may say the number in words.
            for words in entry.msgstr_plural.values():
                assert set(PLACEHOLDER.findall(words)) <= wanted, entry.msgid
        else:
            assert set(PLACEHOLDER.findall(entry.msgstr)) == wanted, entry.msgid


def test_known_messages_are_found(messages: dict) -> None:
    assert (None, "Organisation") in messages
    assert len(messages) > 150


def test_a_renamed_function_marks_messages_too(tmp_path: Path) -> None:
    source = tmp_path / "view.py"
    source.write_text('from django.utils.translation import gettext as _t\n_t("Open the door")\n')
    assert list(messages_in(source)) == [(None, "Open the door", None)]
