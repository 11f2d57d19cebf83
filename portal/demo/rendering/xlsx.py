"""Workbooks, laid out with XlsxWriter: one sheet per top heading, formulas with their values.

A cell that begins with "=" is a formula. Its references count from the table's own header (row 1),
and are shifted to where the table stands. Values are computed here and stored beside the formula,
so that a reader who does not calculate (ours, while extracting text) sees the numbers.
"""

from __future__ import annotations

import ast
import io
import operator
import re
from collections.abc import Callable

import xlsxwriter
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from portal.demo.document_markup import (
    Block,
    Heading,
    ListBlock,
    Paragraph,
    Quotation,
    Table,
    plain,
    sections,
)
from portal.demo.rendering import ACCENT, QUIET, RULE, SHADE, Frame, steady_zip

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?%?")
_CELL = re.compile(r"([A-Z])(\d+)")
_SHARE = re.compile(r"=[A-Z]\d+/[A-Z]\d+")
_RANGE = re.compile(r"([A-Z]\d+):([A-Z]\d+)")
_OPERATORS: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


def render(frame: Frame, blocks: tuple[Block, ...]) -> bytes:
    """The document as a workbook; the title block opens its first sheet."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        book.set_properties(
            {
                "title": frame.title,
                "author": frame.organisation,
                "comments": frame.notice,
                "created": frame.instant,
            }
        )
        writer = _Writer(book)
        for number, (name, content) in enumerate(sections(blocks)):
            writer.sheet(name[:31], frame if number == 0 else None, content)
    return steady_zip(target.getvalue())


class _Writer:
    """The formats of one workbook, and the writing of its sheets."""

    def __init__(self, book: Workbook) -> None:
        self.book = book
        wrap = {"text_wrap": True, "valign": "top", "border": 1, "border_color": f"#{RULE}"}
        self.title = book.add_format({"bold": True, "font_size": 16, "font_color": f"#{ACCENT}"})
        self.quiet = book.add_format({"font_color": f"#{QUIET}", "valign": "top"})
        self.strong = book.add_format({"bold": True, "font_size": 12})
        self.head = book.add_format(wrap | {"bold": True, "bg_color": f"#{SHADE}"})
        self.text = book.add_format(wrap)
        self.number = book.add_format(wrap | {"num_format": "#,##0.##"})
        self.share = book.add_format(wrap | {"num_format": "0%"})

    def sheet(self, name: str, frame: Frame | None, content: list[Block]) -> None:
        """Write one sheet from top to bottom."""
        sheet = self.book.add_worksheet(name)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.set_column(0, 0, 34)
        sheet.set_column(1, 7, 18)
        row = 0
        if frame is not None:
            for text, style in (
                (frame.title, self.title),
                (f"{frame.organisation} · {frame.day}", self.quiet),
                (frame.notice, self.quiet),
            ):
                sheet.write_string(row, 0, text, style)
                row += 1
            row += 1
        for block in content:
            row = self._block(sheet, row, block)

    def _block(self, sheet: Worksheet, row: int, block: Block) -> int:
        match block:
            case Table():
                return self._table(sheet, row, block) + 1
            case Heading(text=text):
                lines, style = [text], self.strong
            case ListBlock(items=items):
                lines, style = [f"• {item}" for item in items], self.quiet
            case Paragraph(text=text) | Quotation(text=text):
                lines, style = [text], self.quiet
            case _:
                return row
        for line in lines:
            sheet.write_string(row, 0, plain(line), style)
            row += 1
        return row

    def _table(self, sheet: Worksheet, top: int, table: Table) -> int:
        for column, text in enumerate(table.header):
            sheet.write_string(top, column, plain(text), self.head)
        values = Values(table)
        for number, cells in enumerate(table.rows, start=1):
            for column, text in enumerate(cells):
                where = (top + number, column)
                if text.startswith("="):
                    value = values.cell(column, number + 1)
                    share = _SHARE.fullmatch(text) is not None
                    style = self.share if share else self.number
                    sheet.write_formula(*where, _shifted(text, top), style, round(value, 4))
                elif _NUMBER.fullmatch(text):
                    style = self.share if text.endswith("%") else self.number
                    sheet.write_number(*where, _number(text), style)
                else:
                    sheet.write_string(*where, plain(text), self.text)
        return top + len(table.rows) + 1


class Values:
    """The numbers of a table, with its formulas computed."""

    def __init__(self, table: Table) -> None:
        self.table = table

    def cell(self, column: int, row: int) -> float:
        """The value of a cell; row 1 is the header. Texts count as zero, as in a sum."""
        text = (self.table.header, *self.table.rows)[row - 1][column]
        if text.startswith("="):
            source = _RANGE.sub(r'"\1:\2"', text[1:])
            return self._value(ast.parse(source, mode="eval").body)
        return _number(text) if _NUMBER.fullmatch(text) else 0.0

    def _named(self, name: str) -> float:
        found = _CELL.fullmatch(name)
        if found is None:
            raise ValueError(f"a formula names cells such as B2, not {name}")
        return self.cell(ord(found[1]) - ord("A"), int(found[2]))

    def _range(self, text: str) -> list[float]:
        first, last = (_CELL.fullmatch(name) for name in text.split(":"))
        if first is None or last is None:
            raise ValueError(f"a range is written B2:B9, not {text}")
        return [
            self._named(f"{chr(column)}{row}")
            for column in range(ord(first[1]), ord(last[1]) + 1)
            for row in range(int(first[2]), int(last[2]) + 1)
        ]

    def _value(self, node: ast.expr) -> float:
        match node:
            case ast.BinOp(left=left, op=sign, right=right) if type(sign) in _OPERATORS:
                return _OPERATORS[type(sign)](self._value(left), self._value(right))
            case ast.Name(id=name):
                return self._named(name)
            case ast.Constant(value=int() | float() as number):
                return float(number)
            case ast.Call(func=ast.Name(id="SUM"), args=[ast.Constant(value=str() as area)]):
                return sum(self._range(area))
            case ast.Call(func=ast.Name(id="AVERAGE"), args=[ast.Constant(value=str() as area)]):
                numbers = self._range(area)
                return sum(numbers) / len(numbers)
        raise ValueError("a formula has cells, numbers, + - * /, SUM and AVERAGE")


def _number(text: str) -> float:
    return float(text.removesuffix("%")) / 100 if text.endswith("%") else float(text)


def _shifted(formula: str, top: int) -> str:
    return _CELL.sub(lambda found: f"{found[1]}{int(found[2]) + top}", formula)
