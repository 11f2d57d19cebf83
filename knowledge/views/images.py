"""The one place that answers with an image's bytes.

Invariant: a size is given to whoever may see an article that shows the image, and to people of the
admin with a right over images; an original, which may carry its camera's notes, to the latter
alone. Everybody else gets the missing page, whether the file exists or not.
"""

from pathlib import PurePath
from typing import Any

from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe
from wagtail.permissions import policy_registry

from knowledge.models import KnowledgeImage, KnowledgeRendition

_TYPES = {
    ".avif": "image/avif",
    ".gif": "image/gif",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
}
_RIGHTS = ("add", "change", "choose")


@require_safe
def image(request: HttpRequest, name: str) -> HttpResponseBase:
    """Answer with the file called `name` in storage."""
    stored = _file_for(request, name)
    media_type = _TYPES.get(PurePath(name).suffix.lower())
    if stored is None or media_type is None:
        raise Http404
    try:
        opened = stored.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(opened, content_type=media_type)
    # A copy in a browser or between may not outlive the audience; ours is the only answer.
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def _file_for(request: HttpRequest, name: str) -> FieldFile | None:
    sizes = KnowledgeRendition.objects.filter(file=name)
    shown = sizes.visible_to(request.viewer).first()  # type: ignore[attr-defined]
    if shown is not None:
        return _of(shown)
    if not _keeps_images(request.user):
        return None
    found = sizes.first() or KnowledgeImage.objects.filter(file=name).first()
    return _of(found) if found is not None else None


def _of(row: Any) -> FieldFile:
    stored: FieldFile = row.file
    return stored


def _keeps_images(user: Any) -> bool:
    if not user.is_authenticated or not user.has_perm("wagtailadmin.access_admin"):
        return False
    policy = policy_registry.get_by_type(KnowledgeImage)
    return bool(policy.user_has_any_permission(user, _RIGHTS))
