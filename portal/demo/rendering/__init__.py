"""Turning blocks into files: one module per format, each with `render(frame, blocks) -> bytes`.

Invariant: the same input gives the same bytes; times inside the files are the document's own date.
"""

from __future__ import annotations

import datetime
import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass

INK = "1A2226"
QUIET = "434D54"
ACCENT = "0B4F63"
RULE = "D8D4C8"
SHADE = "F0EEE6"

NOTICE: Mapping[str, str] = {
    "en": "Demonstration document. Every organisation, person, place and figure in it is invented.",
    "nl": "Demonstratiedocument. Alle organisaties, personen, plaatsen en cijfers zijn verzonnen.",
    "fr": "Document de démonstration. Organisations, personnes, lieux et chiffres sont inventés.",
    "es": "Documento de demostración. Organizaciones, personas, lugares y cifras son inventados.",
    "ar": "وثيقة تجريبية. جميع المنظمات والأشخاص والأماكن والأرقام الواردة فيها من نسج الخيال.",
}
MONTHS: Mapping[str, tuple[str, ...]] = {
    "en": ("January", "February", "March", "April", "May", "June", "July", "August", "September",
           "October", "November", "December"),
    "nl": ("januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september",
           "oktober", "november", "december"),
    "fr": ("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre",
           "octobre", "novembre", "décembre"),
    "es": ("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre",
           "octubre", "noviembre", "diciembre"),
    "ar": ("يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو", "يوليو", "أغسطس", "سبتمبر",
           "أكتوبر", "نوفمبر", "ديسمبر"),
}  # fmt: skip


@dataclass(frozen=True)
class Frame:
    """What stands around the text: the title block, the footer, the metadata."""

    title: str
    language: str
    organisation: str
    date: datetime.date

    @property
    def right_to_left(self) -> bool:
        """Whether the document reads from right to left."""
        return self.language == "ar"

    @property
    def day(self) -> str:
        """The date in words, in the document's language."""
        month = MONTHS[self.language][self.date.month - 1]
        joint = " de " if self.language == "es" else " "
        return f"{self.date.day}{joint}{month}{joint}{self.date.year}"

    @property
    def notice(self) -> str:
        """The line that says that this is a demonstration."""
        return NOTICE[self.language]

    @property
    def instant(self) -> datetime.datetime:
        """The time that the file's own metadata give: noon of its day, without a zone."""
        return datetime.datetime(self.date.year, self.date.month, self.date.day, 12)  # noqa: DTZ001


def steady_zip(data: bytes) -> bytes:
    """The same archive with every entry's time fixed: office files are archives with clocks."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as copy,
    ):
        for entry in source.infolist():
            steady = zipfile.ZipInfo(entry.filename, date_time=(1980, 1, 1, 0, 0, 0))
            steady.compress_type = zipfile.ZIP_DEFLATED
            steady.external_attr = 0o600 << 16
            copy.writestr(steady, source.read(entry.filename))
    return target.getvalue()
