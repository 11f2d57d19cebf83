"""The vocabularies in the admin: labels change, codes and rows do not."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from coalitions.access import NotAllowed
from coalitions.network.models import AuditEntry, ConventionArticle, Country, DocumentType, Theme
from knowledge.services.vocabularies import relabel_term
from tests.knowledge.makers import make_editor, make_staff
from tests.worlds import make_person

MODELS = (Theme, ConventionArticle, DocumentType, Country)


def url(model, action: str, *args) -> str:
    return reverse(f"{model._meta.model_name}:{action}", args=args)


def client_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_reviewers_read_the_lists_and_editors_do_not():
    for model in MODELS:
        assert client_of(make_staff()).get(url(model, "index")).status_code == 200
        assert client_of(make_editor()).get(url(model, "index")).status_code == 302


@pytest.mark.parametrize("model", MODELS)
def test_nobody_adds_or_deletes(model):
    term = model.objects.first()
    for user in (make_staff(), make_person(is_superuser=True)):
        client = client_of(user)
        for path in (url(model, "add"), url(model, "delete", term.pk)):
            assert client.post(path, {}).status_code in (302, 403, 404, 405)
        assert model.objects.filter(pk=term.pk).exists()


def test_a_label_changes_and_the_code_does_not():
    theme = Theme.objects.filter(parent__isnull=True)[0]
    client = client_of(make_staff())
    page = client.get(url(Theme, "edit", theme.pk))
    assert page.status_code == 200
    assert 'name="code"' not in page.content.decode()
    data = {f"label_{code}": label for code, label in theme.labels.items()}
    data |= {"label_en": "Words of our own", "code": "other"}
    assert client.post(url(Theme, "edit", theme.pk), data).status_code == 302
    changed = Theme.objects.get(pk=theme.pk)
    assert changed.labels["en"] == "Words of our own"
    assert changed.code == theme.code
    entry = AuditEntry.objects.get(verb="vocabulary.relabelled")
    assert entry.details == {"term": theme.pk, "languages": "en"}
    assert "Words of our own" in Client().get("/en/").content.decode()


def test_without_the_right_or_without_words_it_is_refused():
    theme = Theme.objects.first()
    for user in (make_person(), make_editor()):
        with pytest.raises(NotAllowed):
            relabel_term(acting_user=user, term=theme, labels={"en": "X"})
    reviewer = make_staff()
    for labels in ({"en": " "}, {"nl": "x" * 161}):
        with pytest.raises(ValidationError):
            relabel_term(acting_user=reviewer, term=theme, labels=labels)
    with pytest.raises(NotAllowed):
        relabel_term(acting_user=reviewer, term=Country.objects.first(), labels={"en": "X"})
    assert client_of(reviewer).post(url(Theme, "edit", theme.pk), {}).status_code == 200
