"""Tables that a spreadsheet opens as they are meant."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.practice.sheets import BYTE_ORDER_MARK, Cell, harmless, sheet_duration, write_sheet


def read(text: str) -> list[list[str]]:
    """As a program reads it that follows RFC 4180."""
    return list(csv.reader(io.StringIO(text.removeprefix(BYTE_ORDER_MARK), newline="")))


def test_a_table_by_hand() -> None:
    rows: list[list[Cell]] = [
        ["a1", None, True, 0, 'He said "go", then\nwent'],
        ["ŷ", "-3", False, -3, "x = 1"],
    ]

    text = "".join(write_sheet(["id", "b", "c", "d", "note"], rows))

    assert text == (
        '\ufeffid,b,c,d,note\r\na1,,yes,0,"He said ""go"", then\nwent"\r\nŷ,\'-3,no,-3,x = 1\r\n'
    )


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "  =1",
        "\u00a0=1",
        "=cmd|' /C calc'!A0",
        "＝1",
        "－1",
        "\x00=1",
    ],
)
def test_what_would_be_a_formula_is_text(text: str) -> None:
    assert harmless(text) == "'" + text.replace("\x00", "")


@pytest.mark.parametrize("text", ["", "x = 1", "1-2", "a@b", "'", "ŷ", "(−1)"])
def test_what_is_no_formula_stays(text: str) -> None:
    assert harmless(text) == text


cells = st.one_of(
    st.none(), st.booleans(), st.integers(), st.text(st.characters(exclude_categories=["Cs"]))
)


@given(st.lists(st.lists(cells, min_size=2, max_size=2), max_size=4))
def test_rows_and_columns_stay_what_they_are(rows: list[list[str | int | bool | None]]) -> None:
    found = read("".join(write_sheet(["a", "b"], rows)))

    assert found[0] == ["a", "b"]
    assert [len(row) for row in found] == [2] * (len(rows) + 1)
    for row, cells_of_row in zip(rows, found[1:], strict=True):
        for value, cell in zip(row, cells_of_row, strict=True):
            if isinstance(value, str):
                assert cell.removeprefix("'") in (
                    value.replace("\x00", ""),
                    value.replace("\x00", "").removeprefix("'"),
                )
                assert not cell.lstrip().startswith(("=", "+", "-", "@"))


@pytest.mark.parametrize(
    ("ms", "shown"), [(None, None), (0, "0:00:00"), (252_999, "0:04:12"), (3_600_000, "1:00:00")]
)
def test_a_duration_is_hours_minutes_and_seconds(ms: int | None, shown: str | None) -> None:
    assert sheet_duration(ms) == shown
