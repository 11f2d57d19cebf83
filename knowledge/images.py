"""What happens to photos on their way to the reader.

Invariant: no size of an image that a reader gets carries its camera's notes, which may hold the
place where the photo was taken.
"""

from typing import Any

from willow.plugins.pillow import PillowImage  # type: ignore[import-untyped]


def _no_camera_notes(self: Any) -> None:
    return None


def forget_where_photos_were_taken() -> None:
    """Let Willow write no EXIF data into the sizes it makes; it has no setting for that.

    The turn of the camera is not lost: Wagtail turns the picture itself before this.
    """
    PillowImage.get_exif_data = _no_camera_notes
