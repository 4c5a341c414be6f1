"""The fold of the log: what is to be seen after these events, whatever their interleaving."""

from typing import Any

import pytest
from playwright.sync_api import Page

pytestmark = pytest.mark.browser

FOLD = """async ([events, at]) => {
  const { Drawing } = await import("/static/js/board/drawing.js");
  const drawing = new Drawing();
  for (const event of events) drawing.apply(event);
  const time = at ?? Infinity;
  return {
    seen: drawing.visible(time).map((stroke) => [stroke.id, stroke.countAt(time)]),
    undoable: drawing.undoable(),
    redoable: drawing.redoable(),
  };
}"""


def fold(page: Page, *events: list[Any], at: int | None = None) -> Any:
    return page.evaluate(FOLD, [events, at])


def seen(page: Page, *events: list[Any], at: int | None = None) -> list[str]:
    return [id_ for id_, _ in fold(page, *events, at=at)["seen"]]


def ink(t: int, stroke: str, count: int = 3, end: bool = True) -> list[Any]:
    """A stroke of so many points, 10 ms apart."""
    points = [100, 100, 128, 0] + [10, 5, 0, 10] * (count - 1)
    last = {"end": True} if end else {}
    return [t, "ink", {"stroke": stroke, "pen": ["ink", 50], "points": points, **last}]


def op(t: int, code: str, id_: str) -> list[Any]:
    return [t, code, {"op": id_}]


def erase(t: int, id_: str, *strokes: str) -> list[Any]:
    return [t, "erase", {"op": id_, "strokes": list(strokes)}]


def test_strokes_stand_in_the_order_of_their_beginning(bare_page: Page) -> None:
    assert seen(bare_page, ink(300, "b"), ink(100, "c"), ink(300, "a")) == ["c", "a", "b"]


def test_batches_of_one_stroke_add_up(bare_page: Page) -> None:
    first, second = ink(0, "a", 4, end=False), ink(50, "a", 2)

    assert fold(bare_page, first, second)["seen"] == [["a", 6]]


def test_events_may_carry_a_sequence_number_or_be_objects(bare_page: Page) -> None:
    t, code, data = ink(0, "a")

    numbered = seen(bare_page, [17, t, code, data])
    named = bare_page.evaluate(FOLD, [[{"t": t, "code": code, "data": data}], None])["seen"]

    assert numbered == ["a"]
    assert named == [["a", 3]]


def test_other_codes_are_passed_over(bare_page: Page) -> None:
    others = [[0, "start", {}], [5, "line", {"row": "r", "at": 1, "text": "x"}], [6, "mark", {}]]

    assert seen(bare_page, *others, ink(10, "a")) == ["a"]


def test_a_dropped_stroke_never_was(bare_page: Page) -> None:
    events = [ink(0, "a"), ink(100, "palm"), [180, "drop", {"stroke": "palm"}]]

    assert seen(bare_page, *events) == ["a"]
    assert seen(bare_page, *events, at=150) == ["a"]
    assert fold(bare_page, *events)["undoable"] == "a"


def test_undo_and_redo_of_strokes(bare_page: Page) -> None:
    a, b = ink(0, "a"), ink(100, "b")

    undone = fold(bare_page, a, b, op(200, "undo", "b"))
    redone = fold(bare_page, a, b, op(200, "undo", "b"), op(210, "redo", "b"))

    assert (undone["seen"], undone["undoable"], undone["redoable"]) == ([["a", 3]], "a", "b")
    assert (len(redone["seen"]), redone["undoable"], redone["redoable"]) == (2, "b", None)


def test_redo_goes_back_in_the_order_of_undoing(bare_page: Page) -> None:
    events = [ink(0, "a"), ink(10, "b"), ink(20, "c"), op(30, "undo", "c"), op(31, "undo", "b")]

    assert fold(bare_page, *events)["redoable"] == "b"
    assert fold(bare_page, *events, op(32, "redo", "b"))["redoable"] == "c"
    assert fold(bare_page, *events, op(32, "redo", "b"))["undoable"] == "b"


def test_something_new_ends_the_redoing(bare_page: Page) -> None:
    state = fold(bare_page, ink(0, "a"), op(50, "undo", "a"), ink(60, "b"))

    assert (state["undoable"], state["redoable"]) == ("b", None)


def test_an_erasing_is_undone_as_one(bare_page: Page) -> None:
    strokes = [ink(i, name) for i, name in enumerate("abcd")]
    erasing = [erase(100, "e", "a", "b"), erase(120, "e", "d")]

    assert seen(bare_page, *strokes, *erasing) == ["c"]
    assert fold(bare_page, *strokes, *erasing)["undoable"] == "e"
    assert seen(bare_page, *strokes, *erasing, op(130, "undo", "e")) == ["a", "b", "c", "d"]


def test_a_stroke_erased_twice_stays_away_until_both_are_undone(bare_page: Page) -> None:
    events = [ink(0, "a"), erase(10, "e", "a"), erase(11, "f", "a"), op(20, "undo", "e")]

    assert seen(bare_page, *events) == []
    assert seen(bare_page, *events, op(21, "undo", "f")) == ["a"]


def test_the_drawing_at_a_time(bare_page: Page) -> None:
    events = [
        ink(0, "a", 5),
        ink(100, "b", 5),
        erase(200, "e", "a"),
        op(300, "undo", "e"),
        op(400, "undo", "b"),
    ]

    assert fold(bare_page, *events, at=20)["seen"] == [["a", 3]]
    assert fold(bare_page, *events, at=99)["seen"] == [["a", 5]]
    assert fold(bare_page, *events, at=119)["seen"] == [["a", 5], ["b", 2]]
    assert seen(bare_page, *events, at=250) == ["b"]
    assert seen(bare_page, *events, at=350) == ["a", "b"]
    assert seen(bare_page, *events) == ["a"]


def test_any_interleaving_of_two_writers_gives_the_same_drawing(bare_page: Page) -> None:
    different = bare_page.evaluate("""async () => {
      const { Drawing } = await import("/static/js/board/drawing.js");
      const random = (most) => Math.floor(Math.random() * most);

      // A writer's log: strokes in batches, and ops on what either of the two has done.
      function write(name, times) {
        const log = [];
        for (let i = 0; log.length < 30; i++) {
          const t = times();
          const any = `${"ab"[random(2)]}${random(12)}`;
          const pen = ["ink", 50];
          const points = [random(999), 5, 128, 0, 1, 1, 0, 0];
          const id = `${name}${i}`;
          const what = random(8);
          if (what < 4) {
            log.push([t, "ink", { stroke: id, pen, points }]);
            log.push([times(), "ink", { stroke: id, points, end: true }]);
          } else if (what === 4) log.push([t, "drop", { stroke: `${name}${random(12)}` }]);
          else if (what === 5) log.push([t, "erase", { op: id, strokes: [any, `${name}0`] }]);
          else log.push([t, what === 6 ? "undo" : "redo", { op: any }]);
        }
        return log;
      }

      function mix(a, b) {
        const [left, right, mixed] = [[...a], [...b], []];
        while (left.length || right.length) {
          const from = !right.length || (left.length && random(2)) ? left : right;
          mixed.push(from.shift());
        }
        return mixed;
      }

      function fold(log, at) {
        const drawing = new Drawing();
        log.forEach((event) => drawing.apply(event));
        return JSON.stringify(drawing.visible(at).map(({ id, points }) => [id, points]));
      }

      let different = 0;
      for (let round = 0; round < 200; round++) {
        let now = 0;
        const times = () => (now += 1 + random(5));
        const [a, b] = [write("a", times), write("b", times)];
        const at = random(2) ? Infinity : random(now);
        const drawings = new Set(Array.from({ length: 5 }, () => fold(mix(a, b), at)));
        if (drawings.size > 1) different++;
      }
      return different;
    }""")

    assert different == 0
