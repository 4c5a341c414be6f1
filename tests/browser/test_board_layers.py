"""The host's layer beside the candidate's: what is done on one never touches the other."""

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.board_page import BoardPage, board_markup, line
from tests.browser.test_board_drawing import ink, op

pytestmark = pytest.mark.browser

FOLD = """async ([events, layer]) => {
  const { Drawing } = await import("/static/js/board/drawing.js");
  const drawing = new Drawing(layer);
  for (const event of events) drawing.apply(event);
  return {
    seen: drawing.visible().map((stroke) => [stroke.by, stroke.id]),
    own: drawing.own().map((stroke) => stroke.id),
    undoable: drawing.undoable(),
    redoable: drawing.redoable(),
  };
}"""


def fold(page: Page, *events: list[Any], layer: str = "") -> Any:
    return page.evaluate(FOLD, [events, layer])


def by_host(event: list[Any]) -> list[Any]:
    t, code, data = event
    return [t, code, {**data, "by": "host"}]


def erase(t: int, id_: str, *strokes: str) -> list[Any]:
    return [t, "erase", {"op": id_, "strokes": list(strokes)}]


def test_strokes_of_the_same_name_are_two(bare_page: Page) -> None:
    both = fold(bare_page, ink(0, "a"), by_host(ink(100, "a")))

    assert both["seen"] == [["", "a"], ["host", "a"]]


def test_what_a_host_undoes_and_erases_is_the_hosts(bare_page: Page) -> None:
    events = [ink(0, "a"), by_host(ink(100, "a")), ink(200, "e")]

    for done in (erase(300, "e", "a", "b"), op(300, "undo", "a"), [300, "drop", {"stroke": "a"}]):
        assert fold(bare_page, *events, by_host(done))["seen"] == [["", "a"], ["", "e"]]
        assert ["host", "a"] in fold(bare_page, *events, done)["seen"]


def test_each_layer_has_its_own_undo_and_redo(bare_page: Page) -> None:
    events = [ink(0, "mine"), by_host(ink(100, "b")), by_host(ink(200, "c"))]
    undone = [*events, by_host(op(300, "undo", "c"))]

    candidates, hosts = fold(bare_page, *undone), fold(bare_page, *undone, layer="host")

    assert (candidates["own"], candidates["undoable"], candidates["redoable"]) == (
        ["mine"],
        "mine",
        None,
    )
    assert (hosts["own"], hosts["undoable"], hosts["redoable"]) == (["b"], "b", "c")
    # Something new of the candidate does not end the host's redoing.
    assert fold(bare_page, *undone, ink(400, "new"), layer="host")["redoable"] == "c"


def test_a_board_of_the_host_writes_on_the_hosts_layer_alone(bare_page: Page) -> None:
    board = BoardPage(bare_page, layer="host")
    bare_page.evaluate(
        "board.apply([[1, 5, 'ink', {stroke: 'theirs', pen: ['ink', 50], end: true,"
        " points: [4000, 4000, 128, 0, 4000, 0, 0, 10]}]])"
    )
    board.mouse(*line((100, 100), (300, 100)))

    # Who drew it is for the server to say.
    assert all("by" not in data for _, _, data in board.log())
    seen = bare_page.evaluate("board.state.strokes"), canvas_name(bare_page)
    assert seen == (1, "Board with 2 strokes, 1 by the host")

    bare_page.evaluate("board.clear()")
    assert canvas_name(bare_page) == "Board with 1 stroke"
    assert [len(data["strokes"]) for _, _, data in board.log("erase")] == [1]
    bare_page.evaluate("board.undo()")
    assert canvas_name(bare_page) == "Board with 2 strokes, 1 by the host"


def test_the_eraser_passes_over_the_other_layer(bare_page: Page) -> None:
    board = BoardPage(bare_page)
    board.mouse(*line((100, 100), (300, 100)))
    bare_page.evaluate(
        """board.apply([[1, 5, "ink", {stroke: "h", by: "host", pen: ["ink", 50], end: true,
             points: [1600, 0, 128, 0, 0, 16000, 0, 10]}]])"""
    )
    bare_page.evaluate("board.setTool('eraser')")
    board.mouse(*line((50, 100), (350, 100)))

    assert canvas_name(bare_page) == "Board with 1 stroke, 1 by the host"
    assert len(board.log("erase")) == 1


def test_a_hosts_stroke_is_told_apart_by_colour_and_by_a_halo(bare_page: Page) -> None:
    board = BoardPage(bare_page, readOnly=True)
    for y, by in ((3000, {}), (9000, {"by": "host"})):
        data = {"stroke": "s", "pen": ["ink", 50], "end": True, **by}
        points = [2000, y, 128, 0, 8000, 0, 0, 10]
        bare_page.evaluate(
            "event => board.apply([event])", [1, 5, "ink", {**data, "points": points}]
        )
    board.paint()

    mine, hosts = (shades(bare_page, y) for y in (3000, 9000))

    assert mine["full"] != hosts["full"]
    # A pixel or two at the edge are faint anyway.
    assert mine["faint"] <= 2
    assert hosts["faint"] > 4


def test_a_replay_shows_both_layers(bare_page: Page) -> None:
    bare_page.set_content(board_markup())
    name = bare_page.evaluate(
        """async (events) => {
          const { createReplayBoard } = await import("/static/js/board/replay.js");
          const replay = createReplayBoard(document.querySelector(".board"), events);
          replay.seek(150);
          const half = document.querySelector(".board__baked").getAttribute("aria-label");
          replay.seek(Infinity);
          return [half, document.querySelector(".board__baked").getAttribute("aria-label")];
        }""",
        [ink(0, "a"), by_host(ink(100, "a")), ink(200, "b"), op(300, "undo", "a")],
    )

    assert name == ["Board with 2 strokes, 1 by the host", "Board with 2 strokes, 1 by the host"]


def canvas_name(page: Page) -> str | None:
    return page.locator(".board__baked").get_attribute("aria-label")


def shades(page: Page, y: int) -> Any:
    """Of the column of pixels through a horizontal stroke at y: its colour, how many are faint."""
    return page.evaluate(
        """(y) => {
          const canvas = document.querySelector(".board__baked");
          const k = canvas.width / 16000;
          const { data } = canvas.getContext("2d")
            .getImageData(Math.round(6000 * k), Math.round((y - 150) * k), 1, Math.round(300 * k));
          let [full, faint] = ["", 0];
          for (let i = 0; i < data.length; i += 4) {
            if (data[i + 3] > 230) full = [...data.slice(i, i + 3)].join();
            else if (data[i + 3] > 30 && data[i + 3] < 70) faint += 1;
          }
          return { full, faint };
        }""",
        y,
    )
