"""Concepts: their rules, the admin's screens, and loading what comes with the portal."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from coalitions.access import NotAllowed
from coalitions.network.models import AuditEntry
from knowledge.models import Concept, ConceptLabel, ThesaurusStamp
from knowledge.services.concepts import add_concept, change_concept, delete_concept
from tests.knowledge.makers import make_editor, make_staff
from tests.worlds import make_person

LABELS = {
    "en": ["child marriage", "early marriage"],
    "nl": ["kindhuwelijk"],
    "ar": ["زواج الأطفال"],
}


def make_concept(code: str = "child-marriage", **labels: list[str]) -> Concept:
    return add_concept(acting_user=make_staff(), code=code, labels=labels or LABELS)


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def url(action: str, *args: Any) -> str:
    return reverse(f"concept:{action}", args=args)


def form(**fields: str) -> dict[str, str]:
    return {"code": "sextortion", "note": "", "broader": "", "label_en": "sextortion"} | fields


# Rules -----------------------------------------------------------------------------------------
def test_labels_by_language_the_preferred_one_first() -> None:
    concept = make_concept()
    assert concept.labels_by_language() == LABELS
    assert str(concept) == "child marriage"
    entry = AuditEntry.objects.get(verb="concept.added")
    assert entry.details == {"code": "child-marriage"}


def test_without_the_right_nothing_changes() -> None:
    concept = make_concept()
    for user in (make_person(), make_editor()):
        with pytest.raises(NotAllowed):
            add_concept(acting_user=user, code="other", labels=LABELS)
        with pytest.raises(NotAllowed):
            change_concept(acting_user=user, concept=concept, labels={"nl": ["anders"]})
        with pytest.raises(NotAllowed):
            delete_concept(acting_user=user, concept=concept)
    assert Concept.objects.get().labels_by_language() == LABELS


@pytest.mark.parametrize(
    "labels",
    [
        {},
        {"en": []},
        {"en": ["  "]},
        {"en": ["of the"]},
        {"en": ["..."]},
        {"en": ["x" * 161]},
        {"ar": ["ﷺ" * 160]},
        {"en": ["Child marriage", "child-marriage"]},
        {"tlh": ["label"]},
        {"en": [f"label {n}" for n in range(41)]},
    ],
)
def test_labels_that_cannot_be_used_are_refused(labels: dict[str, list[str]]) -> None:
    with pytest.raises(ValidationError) as caught:
        add_concept(acting_user=make_staff(), code="other", labels=labels)
    assert caught.value.messages[0]
    assert not Concept.objects.exists()


def test_languages_that_are_not_named_keep_their_labels() -> None:
    concept = make_concept()
    changed = change_concept(
        acting_user=make_staff(),
        concept=concept,
        labels={"en": ["early marriage", "marriage before 18"], "ar": []},
    )
    assert changed.labels_by_language() == {
        "en": ["early marriage", "marriage before 18"],
        "nl": ["kindhuwelijk"],
    }
    assert AuditEntry.objects.get(verb="concept.changed").details == {"languages": "ar en"}
    with pytest.raises(ValidationError):
        change_concept(acting_user=make_staff(), concept=concept, labels={"en": [], "nl": []})


def test_nothing_is_broader_than_itself() -> None:
    marriage = make_concept()
    violence = make_concept("violence", en=["violence"])
    staff = make_staff()
    change_concept(acting_user=staff, concept=marriage, labels={}, broader=violence)
    for above in (marriage, violence):
        with pytest.raises(ValidationError):
            change_concept(acting_user=staff, concept=violence, labels={}, broader=above)
    delete_concept(acting_user=staff, concept=violence)
    assert Concept.objects.get().broader is None


def test_the_database_keeps_labels_apart_and_one_preferred() -> None:
    concept = make_concept()
    for text, preferred in (("Kind-huwelijk", False), ("kinderhuwelijk", True)):
        label = ConceptLabel(concept=concept, language="nl", text=text, preferred=preferred)
        label.text = "Kindhuwelijk" if not preferred else text
        with pytest.raises(IntegrityError), transaction.atomic():
            label.save()


def test_every_change_renews_the_stamp() -> None:
    concept = make_concept()
    staff = make_staff()
    changes = [
        lambda: concept.labels.filter(language="nl").update(text="kinderhuwelijk"),
        lambda: concept.labels.get(language="nl").delete(),
        lambda: concept.labels.filter(language="ar").delete(),
        lambda: ConceptLabel.objects.bulk_create(
            [ConceptLabel(concept=concept, language="fr", text="mariage", key="mariage")]
        ),
        lambda: change_concept(acting_user=staff, concept=concept, labels={"es": ["boda"]}),
        lambda: delete_concept(acting_user=staff, concept=concept),
    ]
    for change in changes:
        before = ThesaurusStamp.current()
        change()
        assert before != ThesaurusStamp.current()


# Screens ---------------------------------------------------------------------------------------
def test_reviewers_have_the_screens_and_editors_do_not() -> None:
    concept = make_concept()
    paths = [url("index"), url("add"), url("edit", concept.pk), url("delete", concept.pk)]
    for path in (*paths, url("history", concept.pk)):
        assert client_of(make_staff()).get(path).status_code == 200
        assert client_of(make_editor()).get(path).status_code == 302
        assert Client().get(path).status_code == 302


def test_a_concept_is_entered_changed_and_deleted() -> None:
    client = client_of(make_staff())
    data = form(others_en="sexual extortion\n\nonline blackmail ", label_ar="ابتزاز جنسي")
    assert client.post(url("add"), data).status_code == 302
    concept = Concept.objects.get()
    assert concept.code == "sextortion"
    assert concept.labels_by_language() == {
        "en": ["sextortion", "sexual extortion", "online blackmail"],
        "ar": ["ابتزاز جنسي"],
    }
    page = client.get(url("edit", concept.pk)).content.decode()
    assert 'name="code"' not in page
    assert "online blackmail" in page
    data |= {"code": "other", "others_en": "sexual extortion", "note": "By threats"}
    assert client.post(url("edit", concept.pk), data).status_code == 302
    concept.refresh_from_db()
    assert (concept.code, concept.note) == ("sextortion", "By threats")
    assert concept.labels_by_language()["en"] == ["sextortion", "sexual extortion"]
    assert client.post(url("delete", concept.pk)).status_code == 302
    assert not Concept.objects.exists()
    assert not ConceptLabel.objects.exists()
    verbs = list(AuditEntry.objects.filter(verb__startswith="concept.").values_list("verb"))
    assert verbs == [("concept.added",), ("concept.changed",), ("concept.deleted",)]


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"label_en": ""}, "Give the concept a label"),
        ({"code": ""}, "required"),
        ({"code": "not a code"}, "Use small letters a–z, digits and dashes"),
        ({"code": "Child_Marriage"}, "Use small letters a–z, digits and dashes"),
        ({"code": "x" * 61}, "at most 60 characters"),
        ({"code": "child-marriage"}, "already exists"),
        ({"label_nl": "", "others_nl": "afpersing"}, "Give the preferred label here"),
        ({"others_en": "Sextortion!"}, "stands here twice"),
        ({"label_en": "of the"}, "needs a word that says something"),
        ({"label_en": "x" * 300}, "at most 160 characters"),
        ({"others_en": "x" * 161}, "at most 160 characters"),
        ({"others_en": "x\n" * 6000}, "at most 7000 characters"),
        ({"label_en": "nul\0byte"}, "Null characters"),
        ({"broader": "999999"}, "Select a valid choice"),
        ({"broader": "x"}, "Select a valid choice"),
        ({"note": "n" * 301}, "at most 300 characters"),
    ],
)
def test_bad_input_is_explained_beside_its_field(fields: dict[str, str], says: str) -> None:
    make_concept()
    answer = client_of(make_staff()).post(url("add"), form(**fields))
    assert answer.status_code == 200
    assert says in answer.content.decode()
    assert Concept.objects.count() == 1


def test_a_circle_is_refused_at_the_screen() -> None:
    marriage = make_concept()
    violence = make_concept("violence", en=["violence"])
    change_concept(acting_user=make_staff(), concept=marriage, labels={}, broader=violence)
    data = form(label_en="violence", broader=str(marriage.pk))
    answer = client_of(make_staff()).post(url("edit", violence.pk), data)
    assert answer.status_code == 200
    assert "cannot be broader than itself" in answer.content.decode()


def test_the_list_is_searched_by_any_label() -> None:
    make_concept()
    make_concept("violence", en=["violence"], es=["violencia"])
    client = client_of(make_staff())
    for words, found in (
        ("زَواج", "child-marriage"),
        ("KINDhuw", "child-marriage"),
        ("violencía", "violence"),
        ("violence", "violence"),
    ):
        page = client.get(url("index_results"), {"q": words}).content.decode()
        listed = {code for code in ("child-marriage", "violence") if code in page}
        assert found in listed, words
        assert len(listed) == 1, words
    for words in ("x" * 500, "%", "…"):
        assert client.get(url("index"), {"q": words}).status_code == 200


def test_the_list_leads_to_the_screen_of_a_concept() -> None:
    concept = make_concept()
    listed = client_of(make_staff()).get(url("index")).content.decode()
    assert url("edit", concept.pk) in listed
