"""Files that say who made them, in every place that their formats have for it."""

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pikepdf

from tests.documents import files, pictures

PERSON = "Amina Telltale"
MARK = b"Telltale"
XMP = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF '
    b'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" '
    b'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:pdfx="http://ns.adobe.com/pdfx/1.3/" '
    b'pdfx:Company="Telltale Company"><dc:creator><rdf:Seq><rdf:li>Amina Telltale</rdf:li>'
    b"</rdf:Seq></dc:creator></rdf:Description></rdf:RDF></x:xmpmeta>"
)


def pdf(*, signed: bool = False, saved_twice: bool = False, password: str = "") -> bytes:
    """Information, XMP, a comment, data of a program, and a photograph of a camera."""
    with pikepdf.open(io.BytesIO(files.pdf("Lights of the harbour"))) as made:
        made.docinfo["/Author"] = PERSON
        made.docinfo["/Title"] = "Lights"
        made.docinfo["/Company"] = "Telltale Company"
        made.docinfo["/SourceModified"] = "D:2026 Telltale"
        made.Root.Metadata = made.make_stream(XMP, Type=pikepdf.Name.Metadata)
        page = made.pages[0]
        page.obj.PieceInfo = pikepdf.Dictionary(Telltale=pikepdf.Dictionary(Private="Telltale"))
        remark: Any = {"Type": pikepdf.Name.Annot, "Subtype": pikepdf.Name.Text, "T": PERSON}
        page.obj.Annots = pikepdf.Array(
            [pikepdf.Dictionary(Rect=[10, 10, 20, 20], Contents="Look here", **remark)]
        )
        photograph = made.make_stream(pictures.jpeg(), Filter=pikepdf.Name.DCTDecode)
        for key, value in {"Width": 40, "Height": 24, "BitsPerComponent": 8}.items():
            photograph[f"/{key}"] = value
        photograph.Type, photograph.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
        photograph.ColorSpace = pikepdf.Name.DeviceRGB
        page.add_resource(photograph, pikepdf.Name.XObject, pikepdf.Name.Photo)
        if signed:
            made.Root.AcroForm = pikepdf.Dictionary(
                SigFlags=3,
                Fields=[
                    made.make_indirect(
                        pikepdf.Dictionary(
                            FT=pikepdf.Name.Sig,
                            T="Signature1",
                            V=pikepdf.Dictionary(Type=pikepdf.Name.Sig, ByteRange=[0, 1, 2, 3]),
                        )
                    )
                ],
            )
        out = io.BytesIO()
        lock = pikepdf.Encryption(owner="secret", user=password) if password else None
        made.save(out, encryption=lock or False)
    return saved_again(out.getvalue()) if saved_twice else out.getvalue()


def saved_again(data: bytes) -> bytes:
    """As programs save that only write behind a file what is new: here, another author."""
    start = data.rindex(b"startxref") + 9
    before = int(data[start:].split()[0])
    with pikepdf.open(io.BytesIO(data)) as made:
        root, size = made.Root.objgen[0], made.trailer.Size
    place = len(data) + 1
    thing = f"\n{size} 0 obj\n<< /Author (Somebody Telltale Else) >>\nendobj\n".encode()
    table = len(data) + len(thing)
    rows = f"xref\n{size} 1\n{place:010} 00000 n \n".encode()
    end = f"trailer\n<< /Size {int(size) + 1} /Root {root} 0 R /Info {size} 0 R /Prev {before} >>\n"
    return data + thing + rows + end.encode() + f"startxref\n{table}\n%%EOF\n".encode()


def docx() -> bytes:
    """Properties of three kinds, a comment, tracked changes, people, a photograph."""
    from docx import Document

    document = Document()
    paragraph = document.add_paragraph("Lights of the harbour")
    document.add_comment(paragraph.runs, "Look here", author=PERSON, initials="AT")
    document.add_picture(io.BytesIO(pictures.png()))
    document.core_properties.author = PERSON
    document.core_properties.last_modified_by = "Last Telltale"
    out = io.BytesIO()
    document.save(out)
    w = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    w15 = "http://schemas.microsoft.com/office/word/2012/wordml"
    change = f'<w:ins w:id="9" w:author="{PERSON}"><w:r><w:t>And more.</w:t></w:r></w:ins></w:p>'
    return changed(
        out.getvalue(),
        {
            "docProps/app.xml": lambda text: text.replace(
                "</Properties>", "<Manager>Boss Telltale</Manager></Properties>"
            ),
            "word/document.xml": lambda text: text.replace("</w:p>", change, 1),
        },
        {
            "docProps/custom.xml": custom(),
            "word/people.xml": (
                f'<w15:people xmlns:w15="{w15}" xmlns:w="{w}"><w15:person w15:author="{PERSON}">'
                '<w15:presenceInfo w15:providerId="AD" w15:userId="S::amina@Telltale::1"/>'
                "</w15:person></w15:people>"
            ).encode("utf-16"),
            "word/_rels/settings.xml.rels": (
                b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
                b'relationships"><Relationship Id="r1" TargetMode="External" Type="http://schemas.'
                b'openxmlformats.org/officeDocument/2006/relationships/attachedTemplate" '
                b'Target="file:///C:/Users/Telltale/own.dotm"/></Relationships>'
            ),
        },
    )


def custom() -> bytes:
    """Properties that somebody wrote by hand."""
    office = "http://schemas.openxmlformats.org/officeDocument/2006/"
    return (
        f'<Properties xmlns="{office}custom-properties" xmlns:vt="{office}docPropsVTypes">'
        '<property fmtid="{D5CDD505-2E9C-101B-9397-08002B2CF9AE}" pid="2" name="Checked by">'
        "<vt:lpwstr>Checker Telltale</vt:lpwstr></property></Properties>"
    ).encode()


def pptx() -> bytes:
    """Properties, and those who commented, as old and new programs write them."""
    p = "http://schemas.openxmlformats.org/presentationml/2006/main"
    p188 = "http://schemas.microsoft.com/office/powerpoint/2018/8/main"
    from pptx import Presentation

    show = Presentation(io.BytesIO(files.pptx("Lights of the harbour")))
    show.core_properties.author = PERSON
    out = io.BytesIO()
    show.save(out)
    return changed(
        out.getvalue(),
        {},
        {
            "ppt/commentAuthors.xml": (
                f'<p:cmAuthorLst xmlns:p="{p}"><p:cmAuthor id="0" name="{PERSON}" initials="AT" '
                'lastIdx="1" clrIdx="0"/></p:cmAuthorLst>'
            ).encode(),
            "ppt/authors.xml": (
                f'<p188:authorLst xmlns:p188="{p188}"><p188:author id="{{1}}" name="{PERSON}" '
                'initials="AT" userId="S::amina@Telltale::1" providerId="AD"/></p188:authorLst>'
            ).encode(),
        },
    )


def xlsx() -> bytes:
    """Properties, comments of old and new, and where on somebody's disk the file lay."""
    from openpyxl import Workbook
    from openpyxl.comments import Comment

    book = Workbook()
    book.active["A1"] = "Lights of the harbour"
    book.active["A1"].comment = Comment("Look here", PERSON)
    book.properties.creator = PERSON
    book.properties.lastModifiedBy = "Last Telltale"
    out = io.BytesIO()
    book.save(out)
    x15 = "http://schemas.microsoft.com/office/spreadsheetml/2010/11/ac"
    path = f'<x15ac:absPath xmlns:x15ac="{x15}" url="C:\\Users\\Telltale\\"/></workbook>'
    persons = "http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"
    return changed(
        out.getvalue(),
        {"xl/workbook.xml": lambda text: text.replace("</workbook>", path)},
        {
            "xl/persons/person.xml": (
                f'<personList xmlns="{persons}"><person displayName="{PERSON}" id="{{1}}" '
                'userId="S::amina@Telltale::1" providerId="AD"/></personList>'
            ).encode(),
        },
    )


def odt() -> bytes:
    """Properties, a comment and a tracked change."""
    names = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'
    body = (
        f"<office:text {names}><text:tracked-changes><text:changed-region><text:insertion>"
        f"<office:change-info><dc:creator>{PERSON}</dc:creator></office:change-info>"
        "</text:insertion></text:changed-region></text:tracked-changes><text:p>Lights of the "
        f"harbour<office:annotation><dc:creator>{PERSON}</dc:creator><text:p>Look here</text:p>"
        "</office:annotation></text:p></office:text>"
    )
    meta = "urn:oasis:names:tc:opendocument:xmlns:meta:1.0"
    office = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
    return changed(
        files.odf("text", body),
        {},
        {
            "meta.xml": (
                f'<office:document-meta xmlns:office="{office}" xmlns:meta="{meta}" {names}>'
                f"<office:meta><meta:initial-creator>{PERSON}</meta:initial-creator>"
                "<dc:creator>Last Telltale</dc:creator><meta:printed-by>Telltale</meta:printed-by>"
                '<meta:generator>LibreOffice</meta:generator><meta:user-defined meta:name="By">'
                "Checker Telltale</meta:user-defined></office:meta></office:document-meta>"
            ).encode()
        },
    )


def changed(data: bytes, changes: dict[str, Callable[[str], str]], more: dict[str, bytes]) -> bytes:
    """Return the archive with parts changed and added, and remarks of who packed it."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        new.comment = b"packed by Telltale"
        for entry in old.infolist():
            if entry.filename in more:
                continue
            content = old.read(entry)
            change = changes.get(entry.filename)
            new.writestr(
                entry, change(content.decode()).encode() if change is not None else content
            )
        for name, content in more.items():
            info = zipfile.ZipInfo(name)
            info.comment = b"Telltale"
            new.writestr(info, content)
    return out.getvalue()


MADE: dict[str, Callable[[], bytes]] = {
    "a.pdf": pdf,
    "a.docx": docx,
    "a.pptx": pptx,
    "a.xlsx": xlsx,
    "a.odt": odt,
}


def everything_in(data: bytes) -> bytes:
    """Return all bytes of a file with what is packed in it unpacked, also as UTF-8."""
    found = [data]
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            found.append(archive.comment)
            for entry in archive.infolist():
                content = archive.read(entry)
                found += [content, content.replace(b"\0", b""), entry.comment, entry.extra]
    elif data.startswith(b"%PDF"):
        with pikepdf.open(io.BytesIO(data)) as pdf_file:
            for thing in pdf_file.objects:
                found.append(repr(thing).encode())
                if isinstance(thing, pikepdf.Stream):
                    found.append(thing.read_raw_bytes())
    return b"\n".join(found)
