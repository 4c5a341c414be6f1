"""Tables for spreadsheets: CSV after RFC 4180, with what the programs need to open it rightly."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime

Cell = str | int | bool | None

# Without it Excel takes UTF-8 for the encoding of the machine.
BYTE_ORDER_MARK = "\ufeff"
# With one of these a cell is a formula, which runs when the file is opened.
_FORMULA_MARKS = tuple("=+-@＝＋－＠")


def write_sheet(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """The lines of the file with their line ends."""
    yield BYTE_ORDER_MARK + _line(columns)
    for row in rows:
        yield _line(row)


def _line(row: Sequence[Cell]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow([_cell(value) for value in row])
    return line.getvalue()


def _cell(value: Cell) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case int():
            return str(value)
        case str():
            return harmless(value)


def harmless(text: str) -> str:
    """Text that no spreadsheet takes for a formula: an apostrophe stands before one that could be.

    >>> harmless("=1+1"), harmless("\\t-x"), harmless("x = 1")
    ("'=1+1", "'\\t-x", 'x = 1')
    """
    text = text.replace("\x00", "")
    is_formula = text.lstrip().startswith(_FORMULA_MARKS) or text.startswith(("\t", "\r", "\n"))
    return f"'{text}" if is_formula else text


def sheet_moment(ms: int) -> str:
    """A moment in UTC as spreadsheets read one.

    >>> sheet_moment(0)
    '1970-01-01 00:00:00'
    """
    return datetime.fromtimestamp(ms / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S")


def sheet_duration(ms: int | None) -> str | None:
    """A duration as spreadsheets read one in every language, to the second.

    >>> sheet_duration(61_999)
    '0:01:01'
    """
    if ms is None:
        return None
    minutes, seconds = divmod(ms // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}"
