"""Pictures: made smaller, without what the camera wrote into them."""

import warnings
from pathlib import Path

from PIL import Image, ImageOps

from coalitions.documents.reading.limits import MAX_PIXELS, Unreadable

Image.MAX_IMAGE_PIXELS = MAX_PIXELS
warnings.simplefilter("error", Image.DecompressionBombWarning)


def picture(source: Path, result: Path, page: int, width: int) -> None:
    """Write the picture to `result`, `width` pixels wide at most."""
    if page != 1:
        raise Unreadable("no-page")
    try:
        with Image.open(source, formats=("JPEG", "PNG", "WEBP")) as image:
            image.draft("RGB", (width, 3 * width))
            upright = ImageOps.exif_transpose(image)
            upright.thumbnail((width, 3 * width))
            save(upright, result)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Unreadable("too-large") from error


def save(image: Image.Image, result: Path) -> None:
    """Write `image` on white as a PNG that holds nothing but its pixels."""
    if image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info:
        coloured = image.convert("RGBA")
        flat = Image.new("RGB", coloured.size, "white")
        flat.paste(coloured, mask=coloured.getchannel("A"))
    else:
        flat = image.convert("L" if image.mode in {"1", "L"} else "RGB")
    flat.info.clear()
    flat.save(result, format="PNG", compress_level=6)
