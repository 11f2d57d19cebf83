"""Pictures lose what cameras write into them, and not one pixel; broken ones are refused.

The oracles are Pillow, which reads what stayed, and a search for the telltale bytes.
"""

import io
import random
import time
import tracemalloc
from collections.abc import Callable

import pytest
from PIL import Image, ImageOps

from coalitions.documents.stripping import Damaged, strip
from tests.documents import files, pictures

KINDS: dict[str, tuple[str, Callable[..., bytes], dict[str, object]]] = {
    "jpeg": ("image/jpeg", pictures.jpeg, {}),
    "progressive": ("image/jpeg", pictures.jpeg, {"progressive": True, "restart_marker_rows": 1}),
    "png": ("image/png", pictures.png, {}),
    "palette": ("image/png", pictures.png, {"mode": "L", "bits": 4}),
    "moving-png": (
        "image/png",
        pictures.png,
        {"save_all": True, "append_images": [pictures.image("RGBA").rotate(90)]},
    ),
    "webp": ("image/webp", pictures.webp, {}),
    "lossless": ("image/webp", pictures.webp, {"lossless": True, "exact": True}),
    "moving": (
        "image/webp",
        pictures.webp,
        {"save_all": True, "append_images": [pictures.image("RGBA").rotate(90)], "lossless": True},
    ),
}
every_kind = pytest.mark.parametrize("kind", KINDS)


def stripped(media_type: str, data: bytes) -> bytes:
    target = io.BytesIO()
    strip(media_type, io.BytesIO(data), target)
    return target.getvalue()


def made(kind: str, orientation: int = 1) -> tuple[str, bytes]:
    media_type, make, options = KINDS[kind]
    return media_type, make(orientation, **options)


def frames_of(data: bytes) -> list[tuple[object, ...]]:
    with Image.open(io.BytesIO(data)) as image:
        frames: list[tuple[object, ...]] = []
        for number in range(getattr(image, "n_frames", 1)):
            image.seek(number)
            frames.append((image.mode, image.size, image.info.get("duration"), image.tobytes()))
        return frames


@every_kind
def test_nothing_telltale_stays_and_no_pixel_changes(kind: str) -> None:
    media_type, data = made(kind)
    assert b"Telltale Camera" in data
    left = stripped(media_type, data)
    for secret in pictures.SECRETS:
        assert secret not in left
    assert frames_of(left) == frames_of(data)
    with Image.open(io.BytesIO(left)) as image:
        image.load()
        assert not dict(image.getexif())
        assert image.info["icc_profile"] == pictures.profile()
        assert not {"exif", "xmp", "comment", "photoshop", "Author", "XML:com.adobe.xmp"} & set(
            image.info
        )
    assert stripped(media_type, left) == left


@every_kind
@pytest.mark.parametrize("orientation", [3, 6, 8])
def test_a_turned_picture_stays_turned(kind: str, orientation: int) -> None:
    media_type, data = made(kind, orientation)
    left = stripped(media_type, data)
    with Image.open(io.BytesIO(left)) as image, Image.open(io.BytesIO(data)) as before:
        assert dict(image.getexif()) == {0x0112: orientation}
        assert ImageOps.exif_transpose(image).tobytes() == ImageOps.exif_transpose(before).tobytes()
    assert b"Telltale" not in left
    assert stripped(media_type, left) == left


def test_thumbnails_of_both_kinds_go() -> None:
    out = io.BytesIO()
    pictures.image().save(out, "JPEG")
    whole = out.getvalue()
    jfif = b"JFIF\0\x01\x01\0\0\x01\0\x01\x02\x02" + b"\x07" * 12
    data = whole[:2] + pictures.segment(0xE0, jfif) + pictures.segment(0xE0, b"JFXX\0\x10telltale")
    data += whole[2 + 18 :]
    left = stripped("image/jpeg", data)
    assert b"\x07" * 12 not in left
    assert b"telltale" not in left
    assert frames_of(left) == frames_of(data)


def test_colours_that_were_turned_round_stay_right() -> None:
    out = io.BytesIO()
    pictures.image().convert("CMYK").save(out, "JPEG")
    assert b"Adobe" in out.getvalue()
    assert frames_of(stripped("image/jpeg", out.getvalue())) == frames_of(out.getvalue())


@every_kind
def test_a_file_cut_anywhere_is_refused_or_whole(kind: str) -> None:
    media_type, data = made(kind)
    whole = stripped(media_type, data)
    for length in {*range(200), *range(200, len(data), max(1, len(data) // 150))}:
        try:
            left = stripped(media_type, data[:length])
        except Damaged:
            continue
        assert left == whole


@every_kind
def test_damage_never_lets_a_secret_through(kind: str) -> None:
    media_type, data = made(kind)
    chance = random.Random(5)
    for _ in range(400):
        broken = bytearray(data)
        for _ in range(chance.randint(1, 4)):
            broken[chance.randrange(min(len(broken), 400))] = chance.randrange(256)
        try:
            left = stripped(media_type, bytes(broken))
        except Damaged:
            continue
        # A length that swallows the camera's words makes them pixels; no reader finds them then.
        assert b"Telltale" not in left or not words_in(left)


def words_in(data: bytes) -> dict[int, object]:
    try:
        with Image.open(io.BytesIO(data)) as image:
            image.load()
            return dict(image.getexif())
    except Exception:
        return {}


@pytest.mark.parametrize(
    ("media_type", "data"),
    [
        ("image/jpeg", b"\xff\xd8\xff" + b"\xff" * 300_000),
        ("image/jpeg", b"\xff\xd8" + b"\xff\xfe\0\2" * 300_000),
        ("image/jpeg", b"\xff\xd8\xff\xe1\0\1"),
        ("image/jpeg", b"\xff\xd8\xff\xd9"),
        ("image/jpeg", b"\xff\xd8\xff\x02\0\2"),
        ("image/png", b"\x89PNG\r\n\x1a\n" + b"\xff\xff\xff\xffIHDR"),
        ("image/png", files.png()[:33] + pictures.png_chunk(b"tEXt", b"") * 250_000),
        ("image/png", files.png()[:33] + pictures.png_chunk(b"BADc", b"x")),
        ("image/png", files.png()[:33] + pictures.png_chunk(b"IEND", b"")),
        ("image/webp", b"RIFF\xff\xff\xff\xffWEBPVP8 "),
        ("image/webp", b"RIFF\x04\0\0\0WEBP"),
        ("image/webp", b"RIFF\x10\0\0\0WEBPVP8 \xff\xff\xff\xffabcd"),
    ],
)
def test_hostile_files_end_soon(media_type: str, data: bytes) -> None:
    started = time.monotonic()
    with pytest.raises(Damaged):
        stripped(media_type, data)
    assert time.monotonic() - started < 3


def test_a_large_picture_takes_little_memory() -> None:
    whole = pictures.jpeg()
    small = stripped("image/jpeg", whole)
    data = small[:-2] + b"\x12\x00\xff\x00" * 8_000_000 + small[-2:]
    source = io.BytesIO(data)

    class Sink(io.RawIOBase):
        written = 0

        def write(self, data: object) -> int:
            self.written += len(data)  # type: ignore[arg-type]
            return len(data)  # type: ignore[arg-type]

    sink = Sink()
    tracemalloc.start()
    try:
        strip("image/jpeg", source, sink)  # type: ignore[arg-type]
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert sink.written == len(data)
    assert peak < 4 * 1024 * 1024
