"""What a PDF says about people: its information, its XMP, who commented, pictures of cameras.

pikepdf (qpdf) writes the whole file anew from what is still referred to, so that what an
incremental save left in the file before is gone as well.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pikepdf
from lxml import etree

from coalitions.documents.reading.archives import xml_parser
from coalitions.documents.reading.limits import Unreadable
from coalitions.documents.reading.traces import Found, has_camera_data, picture_without

# What stays of the information: what the file is about and when it was made.
_ABOUT: Final = frozenset({"/Title", "/Subject", "/Keywords", "/CreationDate", "/ModDate"})
_MORE_ABOUT: Final = frozenset({"/Trapped", "/PTEX.Fullbanner"})
_PROGRAMS: Final = frozenset({"/Creator", "/Producer"})
_CODES: Final = {
    "/Author": "author",
    "/Company": "company",
    "/Manager": "manager",
    "/LastModifiedBy": "editor",
}
_XMP_CODES: Final = {
    "creator": "author",
    "Author": "author",
    "contributor": "author",
    "publisher": "company",
    "LastModifiedBy": "editor",
    "Company": "company",
    "Manager": "manager",
    "CreatorTool": "program",
    "Producer": "program",
}
_JPEG: Final = (pikepdf.Name.DCTDecode, pikepdf.Name.DCT)
_DEEPEST: Final = 12


def _opened(source: Path) -> pikepdf.Pdf:
    try:
        pdf = pikepdf.open(source, suppress_warnings=True)
    except pikepdf.PasswordError as error:
        raise Unreadable("encrypted") from error
    except pikepdf.PdfError as error:
        raise Unreadable("broken") from error
    if pdf.is_encrypted:  # its owner allowed reading, but no change
        raise Unreadable("encrypted")
    return pdf


def find_in(source: Path, found: Found) -> None:
    """Note what the PDF says."""
    with _opened(source) as pdf:
        for key, value in _information(pdf):
            if key in _PROGRAMS:
                found.add("program", value)
            elif key in _CODES:
                found.add(_CODES[key], value)
            elif key not in _ABOUT | _MORE_ABOUT:
                found.add("custom", f"{key[1:]}: {value}")
        cameras = private = attached = 0
        for thing in _all(pdf):
            if "/Metadata" in thing:
                _add_xmp(thing.get("/Metadata"), found)
            private += "/PieceInfo" in thing
            attached += thing.get("/Type") == pikepdf.Name.Filespec and "/EF" in thing
            found.signed = found.signed or "/ByteRange" in thing
            if _is_remark(thing):
                found.add("commenter", _text(thing.get("/T")))
            if _is_photograph(thing):
                photograph = _photograph(thing)
                cameras += photograph is None or has_camera_data(photograph)
        found.count("camera", cameras)
        found.count("private", private)
        found.count("attachments", attached)


def remove_from(source: Path, target: Path) -> None:
    """Write the PDF without it."""
    with _opened(source) as pdf:
        if "/Info" in pdf.trailer:
            for key in list(pdf.trailer.Info.keys()):
                if key not in _ABOUT:
                    del pdf.trailer.Info[key]
        for thing in _all(pdf):
            for key in ("/Metadata", "/PieceInfo"):
                if key in thing:
                    del thing[key]
            if _is_remark(thing) and "/T" in thing:
                del thing["/T"]
            if _is_photograph(thing):
                _clean(thing)
        pdf.remove_unreferenced_resources()
        pdf.save(target, deterministic_id=True, fix_metadata_version=False)


def _information(pdf: pikepdf.Pdf) -> Iterator[tuple[str, str]]:
    if "/Info" in pdf.trailer and isinstance(pdf.trailer.Info, pikepdf.Dictionary):
        for key, value in pdf.trailer.Info.items():
            yield key, _text(value)


def _text(value: Any) -> str:
    return str(value) if isinstance(value, pikepdf.String | pikepdf.Name) else ""


def _all(pdf: pikepdf.Pdf) -> Iterator[Any]:
    """Yield every dictionary and stream, also those that lie in others."""
    for thing in pdf.objects:
        yield from _within(thing, 0)


def _within(thing: Any, depth: int) -> Iterator[Any]:
    if isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
        yield thing
        children = [value for _key, value in thing.items()]
    elif isinstance(thing, pikepdf.Array):
        children = list(thing)
    else:
        return
    if depth > _DEEPEST:
        raise Unreadable("hostile")
    for child in children:
        if isinstance(child, pikepdf.Object) and not child.is_indirect:
            yield from _within(child, depth + 1)


def _is_remark(thing: Any) -> bool:
    """Whether this is an annotation whose /T says who made it; of a form's field it is the name."""
    if "/Subtype" not in thing or "/Rect" not in thing or "/T" not in thing:
        return False
    return bool(thing.get("/Subtype") != pikepdf.Name.Widget)


def _listed(value: Any) -> list[Any]:
    """Return what stands in a stream for one filter or for several as a list."""
    if isinstance(value, pikepdf.Array):
        return list(value)
    return [] if value is None else [value]


def _is_photograph(thing: Any) -> bool:
    if not isinstance(thing, pikepdf.Stream):
        return False
    return any(kind in _JPEG for kind in _listed(thing.get("/Filter")))


def _photograph(thing: Any) -> bytes | None:
    """Return the JPEG, unpacked where it is packed once more; None where that cannot be done."""
    *packed, last = _listed(thing.get("/Filter"))
    if last not in _JPEG:
        return None
    raw = bytes(thing.read_raw_bytes())
    if not packed:
        return raw
    if any(parms is not None for parms in _listed(thing.get("/DecodeParms"))[:-1]):
        return None
    try:
        # In a file of its own: nothing is to be added to the one that is being walked through.
        with pikepdf.new() as aside:
            stream = aside.make_stream(raw, Filter=pikepdf.Array(packed))
            return bytes(stream.read_bytes(pikepdf.StreamDecodeLevel.generalized))
    except pikepdf.PdfError:
        return None


def _clean(thing: Any) -> None:
    """Take out of a photograph what its camera wrote; how its colours are meant stays."""
    photograph = _photograph(thing)
    cleaned = None if photograph is None else picture_without(photograph)
    if cleaned is None:
        return
    parms = _listed(thing.get("/DecodeParms"))[-1:]
    thing.write(
        cleaned,
        filter=pikepdf.Name.DCTDecode,
        decode_parms=parms[0] if parms else None,
    )


def _add_xmp(stream: Any, found: Found) -> None:
    """Note who is named in XMP; in what cannot be read, only that it is there."""
    if not isinstance(stream, pikepdf.Stream):
        return
    try:
        root = etree.fromstring(stream.read_bytes(), xml_parser())
    except (etree.XMLSyntaxError, ValueError, pikepdf.PdfError):
        found.count("unread", 1)
        return
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue
        code = _XMP_CODES.get(element.tag.rsplit("}", 1)[-1])
        if code:
            found.add(code, " ".join(element.itertext()))
        for name, value in element.attrib.items():
            code = _XMP_CODES.get(str(name).rsplit("}", 1)[-1])
            if code:
                found.add(code, str(value))
