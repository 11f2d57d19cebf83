"""Names in what lies within files: embedded files, photographs of every kind, rarer parts."""

import io
import struct
import zipfile
import zlib
from pathlib import Path

import pikepdf
import pytest

from coalitions.documents.reading import traces
from coalitions.documents.reading.limits import Unreadable
from tests.documents import files, pictures, telling
from tests.documents.test_traces import codes, found_in, removed, with_part

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
TIFF = b"II*\0" + bytes(60)
HEIC = b"\0\0\0\x18ftypheic" + bytes(60)


def inside(data: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name)


def within(data: bytes, name: str = "word/embeddings/table.xlsx") -> bytes:
    """Return a Word file with this in it; the thumbnail of its maker says something itself."""
    return telling.changed(files.docx("Lights"), {}, {"docProps/thumbnail.jpeg": b"", name: data})


@pytest.mark.parametrize("name", ["word/embeddings/table.xlsx", "Object 1"])
def test_names_in_an_embedded_file_are_found_and_taken_out(tmp_path: Path, name: str) -> None:
    data = within(telling.xlsx(), name)
    told = codes(found_in(tmp_path, "a.docx", data))
    assert telling.PERSON in told["author"] & told["commenter"]
    left = removed(tmp_path, "a.docx", data)
    assert telling.MARK not in telling.everything_in(inside(left, name))
    assert not codes(found_in(tmp_path, "a.docx", left)).keys() - traces.NAMELESS
    assert removed(tmp_path, "a.docx", left) == left


def test_an_embedded_table_still_opens(tmp_path: Path) -> None:
    from openpyxl import load_workbook

    left = removed(tmp_path, "a.docx", within(telling.xlsx()))
    book = load_workbook(io.BytesIO(inside(left, "word/embeddings/table.xlsx")))
    assert book.active["A1"].value == "Lights of the harbour"


@pytest.mark.parametrize(
    "data", [within(telling.xlsx()), telling.xlsx()[:3000], files.office_bomb()]
)
def test_embedded_files_that_are_not_looked_into_keep_their_names(
    tmp_path: Path, data: bytes
) -> None:
    whole = within(data, "word/embeddings/a.docx")
    assert "unread" in codes(found_in(tmp_path, "a.docx", whole))
    with pytest.raises(Unreadable) as refused:
        removed(tmp_path, "a.docx", whole)
    assert refused.value.reason == "traces-stay"


def test_a_signed_file_that_is_embedded_stays_signed(tmp_path: Path) -> None:
    data = within(with_part("_xmlsignatures/s.xml", b"<s/>"))
    assert found_in(tmp_path, "a.docx", data)["signed"]


def test_objects_of_other_programs_are_attachments(tmp_path: Path) -> None:
    data = within(OLE, "word/embeddings/oleObject1.bin")
    assert "attachments" in codes(found_in(tmp_path, "a.docx", data))
    left = removed(tmp_path, "a.docx", data)
    assert inside(left, "word/embeddings/oleObject1.bin") == OLE


SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RARER = {
    "xl/pivotCache/pivotCacheDefinition1.xml": (
        f'<pivotCacheDefinition xmlns="{SHEET}" refreshedBy="{telling.PERSON}"/>'
    ),
    "customXml/item1.xml": (
        '<p:properties xmlns:p="http://schemas.microsoft.com/office/2006/metadata/properties">'
        f"<SharedWithUsers><UserInfo><DisplayName>{telling.PERSON}</DisplayName><AccountId>12"
        "</AccountId></UserInfo></SharedWithUsers></p:properties>"
    ),
    "xl/revisions/userNames.xml": (
        f'<users xmlns="{SHEET}"><userInfo guid="1" name="{telling.PERSON}" id="-1"/></users>'
    ),
    "xl/worksheets/sheet9.xml": (
        f'<worksheet xmlns="{SHEET}"><scenarios><scenario name="Best" user="{telling.PERSON}" '
        f'comment="Created by {telling.PERSON} on 1/2/2026"/></scenarios></worksheet>'
    ),
}


@pytest.mark.parametrize("part", RARER)
def test_rarer_parts_of_sheets(tmp_path: Path, part: str) -> None:
    data = telling.changed(files.xlsx(), {}, {part: RARER[part].encode()})
    assert telling.PERSON in str(found_in(tmp_path, "a.xlsx", data))
    left = inside(removed(tmp_path, "a.xlsx", data), part)
    assert telling.MARK not in left
    assert b">12<" not in left


def test_the_template_of_an_opendocument(tmp_path: Path) -> None:
    data = telling.changed(
        telling.odt(),
        {
            "meta.xml": lambda text: text.replace(
                "</office:meta>",
                '<meta:template xmlns:xlink="http://www.w3.org/1999/xlink" '
                'xlink:href="file:///home/telltale/own.ott" xlink:title="Of Telltale"/>'
                "</office:meta>",
            )
        },
        {},
    )
    told = codes(found_in(tmp_path, "a.odt", data))
    assert told["path"] == {"file:///home/telltale/own.ott", "Of Telltale"}
    assert b"elltale" not in inside(removed(tmp_path, "a.odt", data), "meta.xml")


def test_the_authors_of_cited_books_stay(tmp_path: Path) -> None:
    body = (
        '<office:text><text:p>As in <text:bibliography-mark text:identifier="K1" '
        'text:bibliography-type="book" text:author="Janusz Korczak" text:title="How to love">[K1]'
        "</text:bibliography-mark>.</text:p></office:text>"
    )
    data = files.odf("text", body)
    assert "Korczak" not in str(found_in(tmp_path, "a.odt", data))
    assert b'author="Janusz Korczak"' in inside(removed(tmp_path, "a.odt", data), "content.xml")


@pytest.mark.parametrize("name", ["word/media/image1.jfif", "word/media/image1", "Pictures/a.bin"])
def test_photographs_are_known_by_what_they_are(tmp_path: Path, name: str) -> None:
    data = within(pictures.jpeg(), name)
    assert "camera" in codes(found_in(tmp_path, "a.docx", data))
    left = removed(tmp_path, "a.docx", data)
    assert "camera" not in codes(found_in(tmp_path, "a.docx", left))
    assert b"Exif" not in inside(left, name)


def emf(text: str) -> bytes:
    """Return the header of an EMF that says who made it, and what it is called."""
    signs = text.encode("utf-16-le")
    head = struct.pack("<II32x4s16xII", 1, 100, b" EMF", len(text), 100)
    return head.ljust(100, b"\0") + signs


@pytest.mark.parametrize(
    "data", [TIFF, HEIC, emf("Draw\0Amina's plan\0\0"), b"GIF89a" + telling.XMP]
)
def test_pictures_that_cannot_be_cleaned_are_said_to_stay(tmp_path: Path, data: bytes) -> None:
    data = data.replace(b"adobe:ns:meta/", b"http://ns.adobe.com/xap/1.0/")
    whole = within(data, "word/media/image1.png")
    assert "camera" in codes(found_in(tmp_path, "a.docx", whole))
    with pytest.raises(Unreadable) as refused:
        removed(tmp_path, "a.docx", whole)
    assert refused.value.reason == "traces-stay"


@pytest.mark.parametrize("data", [emf("Draw\0\0"), emf(""), b"GIF89a", b"RIFF\1\0\0\0WAVEExif\0"])
def test_drawings_and_sounds_without_names_are_left_alone(tmp_path: Path, data: bytes) -> None:
    whole = within(data, "word/media/image1.emf")
    assert "camera" not in codes(found_in(tmp_path, "a.docx", whole))
    assert inside(removed(tmp_path, "a.docx", whole), "word/media/image1.emf") == data


def with_photograph(*filters: str, data: bytes, **more: object) -> bytes:
    with pikepdf.open(io.BytesIO(files.pdf("Lights"))) as made:
        kinds = pikepdf.Array([pikepdf.Name(f"/{name}") for name in filters])
        photograph = made.make_stream(data, Filter=kinds)
        for key, value in more.items():
            photograph[f"/{key}"] = value
        photograph.Type, photograph.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
        made.pages[0].add_resource(photograph, pikepdf.Name.XObject, pikepdf.Name.Photo)
        made.pages[0].contents_add(b"q 9 0 0 9 0 0 cm /Photo Do Q")
        out = io.BytesIO()
        made.save(out, stream_decode_level=pikepdf.StreamDecodeLevel.none)
    return out.getvalue()


@pytest.mark.parametrize("twice", [False, True])
def test_a_photograph_that_is_packed_once_more(tmp_path: Path, twice: bool) -> None:
    packed = zlib.compress(pictures.jpeg())
    filters = ["FlateDecode", "DCTDecode"]
    if twice:
        packed, filters = packed.hex().encode() + b">", ["ASCIIHexDecode", *filters]
    parms = pikepdf.Array([None] * (len(filters) - 1) + [pikepdf.Dictionary(ColorTransform=0)])
    data = with_photograph(*filters, data=packed, DecodeParms=parms)
    assert "camera" in codes(found_in(tmp_path, "a.pdf", data))
    left = removed(tmp_path, "a.pdf", data)
    assert "camera" not in codes(found_in(tmp_path, "a.pdf", left))
    with pikepdf.open(io.BytesIO(left)) as pdf:
        (photograph,) = pdf.pages[0].get_images().values()
        assert photograph.DecodeParms.ColorTransform == 0
        assert photograph.read_raw_bytes().startswith(b"\xff\xd8\xff")


@pytest.mark.parametrize("filters", [("FlateDecode", "DCTDecode"), ("DCTDecode", "FlateDecode")])
def test_a_photograph_that_cannot_be_unpacked_stays(
    tmp_path: Path, filters: tuple[str, ...]
) -> None:
    predictor = pikepdf.Array([pikepdf.Dictionary(Predictor=12), None])
    data = with_photograph(*filters, data=pictures.jpeg(), DecodeParms=predictor)
    assert "camera" in codes(found_in(tmp_path, "a.pdf", data))
    with pytest.raises(Unreadable) as refused:
        removed(tmp_path, "a.pdf", data)
    assert refused.value.reason == "traces-stay"
