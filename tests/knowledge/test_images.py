"""Image files: who gets the bytes, and what the bytes carry."""

import io

import pytest
from django.core.files.images import ImageFile
from django.test import Client
from PIL import Image as Pixels

from knowledge.models import ArticlePage, ImageUse, KnowledgeImage
from knowledge.services import set_article_audience
from tests.knowledge.makers import make_article, make_editor, make_staff
from tests.worlds import make_organisation, make_person


def jpeg(camera_notes: bool = False) -> io.BytesIO:
    out = io.BytesIO()
    notes = Pixels.Exif()
    if camera_notes:
        notes[0x010E] = "SECRET PLACE 52.37N"
    Pixels.new("RGB", (900, 600), "teal").save(out, "JPEG", exif=notes)
    out.seek(0)
    return out


@pytest.fixture
def image(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return KnowledgeImage.objects.create(
        title="Shelter of Maria",
        file=ImageFile(jpeg(True), name="maria.jpg"),
        alternative_text="A house",
    )


def showing(image, level="network", **fields) -> ArticlePage:
    value = {
        "image": {"image": image.pk, "decorative": False, "alt_text": "A house"},
        "caption": "C",
    }
    article = make_article(None if level is None else level, **fields)
    article.body = [
        ("image", ArticlePage.body.field.stream_block.child_blocks["image"].to_python(value))
    ]
    article.save()
    return article


def status(path: str, user=None) -> int:
    client = Client()
    if user is not None:
        client.force_login(user)
    return client.get(path, follow=True).status_code


def test_a_size_is_shown_to_whoever_sees_an_article_with_it(image):
    article = showing(image)
    size = image.get_rendition("width-320")
    assert size.url.startswith("/media/knowledge/images/")
    member = make_person(make_organisation())
    assert status(size.url, member) == 200
    assert status(size.url) == status("/media/knowledge/images/none.jpg") == 404
    set_article_audience(acting_user=make_staff(), article=article, level="public")
    assert status(size.url) == 200
    article.unpublish()
    assert status(size.url) == status(size.url, member) == 404


def test_an_image_of_a_draft_of_another_language_or_of_none_is_not_shown(image):
    size = image.get_rendition("width-320")
    assert status(size.url, make_person(make_organisation())) == 404
    source = make_article("public")
    draft = showing(image, None, language="fr", translation_of=source, live=False)
    assert status(size.url) == 404
    ArticlePage.objects.get(pk=draft.pk).save_revision().publish()
    assert status(size.url) == 200


def test_a_draft_over_a_public_article_shows_nothing_new(image):
    article = make_article("public")
    article.body = showing(image, "network").body
    article.save_revision()
    assert status(image.get_rendition("width-320").url) == 404


def test_taking_the_image_out_takes_the_file_away(image):
    article = showing(image, "public")
    size = image.get_rendition("width-320")
    assert status(size.url) == 200
    article.body = []
    article.save_revision().publish()
    assert status(size.url) == 404
    assert not ImageUse.objects.exists()


def test_originals_are_for_people_who_keep_images(image):
    showing(image, "public")
    original = image.file.url
    assert "maria" not in original.lower()
    for user in (None, make_person(make_organisation(), "administrator")):
        assert status(original, user) == 404
    for user in (make_editor(), make_staff()):
        assert status(original, user) == 200
    assert status("/media/original_images/" + image.file.name.split("/")[-1]) == 404
    assert status("/media/" + image.file.name, make_editor()) == 404


def test_people_who_keep_images_see_sizes_in_the_admin(image):
    size = image.get_rendition("max-165x165")
    assert status(size.url) == 404
    assert status(size.url, make_editor()) == 200


def test_sizes_carry_no_camera_notes(image):
    for spec in ("width-320", "width-320|format-webp", "width-320|format-avif", "original"):
        with image.get_rendition(spec).file.open("rb") as opened:
            assert b"SECRET PLACE" not in opened.read(), spec


def test_the_answer_is_an_image_and_is_kept_by_nobody(image):
    showing(image, "public")
    response = Client().get(image.get_rendition("width-320|format-webp").url)
    assert response["Content-Type"] == "image/webp"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize(
    "name", ["../settings.py", "images/../../x", "x" * 300, "%00", "images/", "a.svg"]
)
def test_strange_names_are_missing(name):
    assert status(f"/media/knowledge/{name}") in (400, 404)


def test_the_page_shows_a_picture_with_its_size_and_no_file_name(image):
    article = showing(image, "public")
    page = Client().get(f"/en/knowledge/{article.slug}/").content.decode()
    assert "<picture>" in page
    assert 'type="image/avif"' in page
    assert 'loading="lazy"' in page
    assert 'alt="A house"' in page
    assert 'width="640"' in page
    assert "maria" not in page.lower()
