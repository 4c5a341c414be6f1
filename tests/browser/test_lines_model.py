"""The pure parts of the typed lines: the fold of events, places, paste, prose, the caret."""

import random
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from app.practice.events import Event
from app.practice.lines import final_lines

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def page(chromium: Browser, bare_origin: str) -> Iterator[Page]:
    """One page for all: nothing here leaves anything behind."""
    page = chromium.new_page()
    page.goto(bare_origin)
    yield page
    page.close()


def fold(page: Page, datas: list[dict[str, Any]]) -> list[dict[str, Any]]:
    lines: list[dict[str, Any]] = page.evaluate(
        """async (datas) => {
          const { Rows } = await import("/static/js/lines/rows.js");
          const rows = new Rows();
          rows.apply(datas.map((data, index) => [index, index, "line", data]));
          return rows.list().map(({ id, at, text }) => ({ id, at, text }));
        }""",
        datas,
    )
    return lines


def test_browser_and_server_read_the_same_lines_out_of_a_log(page: Page) -> None:
    dice = random.Random(1)
    for _ in range(30):
        datas = [any_edit(dice) for _ in range(dice.randint(0, 40))]
        events = [Event(t, "line", data) for t, data in enumerate(datas)]

        there = [(line["id"], line["text"]) for line in fold(page, datas)]

        assert [(line.row, line.text) for line in final_lines(events)] == there


def any_edit(dice: random.Random) -> dict[str, Any]:
    row = dice.choice(["a", "b", "c-1", "c-10", "d"])
    if dice.random() < 0.25:
        return {"row": row, "gone": True}
    at = dice.choice([1, 1.5, -2, 2, 2.0, 2**53, 2**53 + 1])
    return {"row": row, "at": at, "text": dice.choice(["", "x", r"\hat{w}"])}


def test_rows_stand_by_place_then_by_id(page: Page) -> None:
    lines = fold(
        page,
        [
            {"row": "c", "at": 2, "text": "third"},
            {"row": "b", "at": 1, "text": "second"},
            {"row": "a", "at": 1, "text": "first"},
        ],
    )

    assert [line["text"] for line in lines] == ["first", "second", "third"]


def test_the_later_event_of_a_row_wins(page: Page) -> None:
    edited = [{"row": "a", "at": 1, "text": "x"}, {"row": "a", "at": 3, "text": "y"}]

    assert fold(page, edited) == [{"id": "a", "at": 3, "text": "y"}]
    assert fold(page, [*edited, {"row": "a", "gone": True}]) == []
    assert fold(page, [{"row": "a", "gone": True}, *edited]) == [{"id": "a", "at": 3, "text": "y"}]


def test_other_codes_are_nothing_to_the_lines(page: Page) -> None:
    count = page.evaluate(
        """async () => {
          const { Rows } = await import("/static/js/lines/rows.js");
          const rows = new Rows();
          rows.apply([[1, 0, "start", {}], [2, 5, "ink", { stroke: "a", points: [] }]]);
          return rows.list().length;
        }"""
    )

    assert count == 0


def test_a_thousand_rows_fit_between_two(page: Page) -> None:
    """Halving runs out of numbers after some fifty rows; then the rows below move."""
    texts, moved = page.evaluate(
        """async () => {
          const { Rows } = await import("/static/js/lines/rows.js");
          const rows = new Rows();
          rows.put({ row: "first", at: 1, text: "first" });
          rows.put({ row: "last", at: 2, text: "last" });
          let moves = 0;
          for (let n = 0; n < 1000; n += 1) {
            const { at, moved } = rows.below("first");
            for (const { id, at, text } of moved) rows.put({ row: id, at, text });
            rows.put({ row: `r${n}`, at, text: String(n) });
            moves += moved.length > 0;
          }
          return [rows.list().map(({ text }) => text), moves];
        }"""
    )

    assert texts == ["first", *[str(n) for n in reversed(range(1000))], "last"]
    assert 0 < moved < 100


def test_ids_are_of_the_logs_kind_and_all_different(page: Page) -> None:
    ids = page.evaluate(
        """async () => {
          const { rowIds } = await import("/static/js/lines/rows.js");
          return [rowIds(), rowIds()].flatMap((next) => Array.from({ length: 500 }, next));
        }"""
    )

    assert len(set(ids)) == 1000
    assert page.evaluate("ids => ids.every(id => /^[a-z0-9][a-z0-9-]{0,23}$/.test(id))", ids)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("a = b\n\n  c = d  \r\n", ["a = b", "c = d"]),
        ("$$\na = b\n$$", ["a = b"]),
        ("$$a = b$$\n\\[ c \\]", ["a = b", "c"]),
        (
            "\\begin{align*}\n a &= b \\\\\n &= c \\nonumber \\\\[2pt]\n &= d \\& e\n\\end{align*}",
            ["a = b", "= c", "= d \\& e"],
        ),
        (
            "\\begin{aligned} a &= \\begin{pmatrix} 1 & 2 \\end{pmatrix} \\\\\nb \\end{aligned}",
            ["a &= \\begin{pmatrix} 1 & 2 \\end{pmatrix}", "b"],
        ),
        ("f(x) = \\begin{cases} 1 & x \\\\ 0 \\end{cases}\ny \\\\", None),
        ("\n \n", []),
    ],
)
def test_pasted_lines(page: Page, text: str, lines: list[str] | None) -> None:
    pasted = page.evaluate(
        'async (text) => (await import("/static/js/lines/paste.js")).pastedLines(text)', text
    )

    assert pasted == (text.split("\n") if lines is None else lines)


def test_a_paste_without_end_is_cut(page: Page) -> None:
    pasted = page.evaluate(
        'async () => (await import("/static/js/lines/paste.js")).pastedLines("x\\n".repeat(9999))'
    )

    assert len(pasted) == 100


@pytest.mark.parametrize(
    ("text", "prose"),
    [
        ("Setting the gradient to zero", True),
        ("so w is small, hence", True),
        ("because X_1 has full rank", True),
        ("since $X^\\top X$ is invertible", True),
        ("x = y", False),
        ("ab cd", False),
        ("w_{new} = w_{old}", False),
        ("\\text{for all } x", False),
        ("det AB", False),
    ],
)
def test_words_are_told_from_formulas(page: Page, text: str, prose: bool) -> None:
    assert prose is page.evaluate(
        'async (text) => (await import("/static/js/lines/formula.js")).isProse(text)', text
    )


@pytest.mark.parametrize(
    ("before", "after", "caret", "moved"),
    [
        ("abc", "abXc", 1, 1),
        ("abc", "Xabc", 1, 2),
        ("abc", "abcX", 3, 3),
        ("abcdef", "aXf", 3, 2),
        ("aaa", "aa", 3, 2),
        ("abc", "", 2, 0),
    ],
)
def test_the_caret_stays_with_its_neighbours(
    page: Page, before: str, after: str, caret: int, moved: int
) -> None:
    assert moved == page.evaluate(
        """async ([before, after, caret]) =>
          (await import("/static/js/lines/caret.js")).shiftCaret(before, after, caret)""",
        [before, after, caret],
    )
