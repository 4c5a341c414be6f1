"""The pure parts of the replay: moments, gaps, activity, markers, the player."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def page(chromium: Browser, bare_origin: str) -> Iterator[Page]:
    """One page for all: nothing here leaves anything behind."""
    page = chromium.new_page()
    page.goto(bare_origin)
    yield page
    page.close()


Event = list[Any]


def call(page: Page, module: str, name: str, *arguments: Any) -> Any:
    return page.evaluate(
        "async ([module, name, given]) => (await import(module))[name](...given)",
        [f"/static/js/{module}.js", name, list(arguments)],
    )


def ink(seq: int, t: int, *waits: int) -> Event:
    points = [100, 100, 128, 0]
    for wait in waits:
        points += [1, 1, 0, wait]
    return [seq, t, "ink", {"stroke": "s1", "points": points}]


def line(seq: int, t: int, text: str = "x", row: str = "r1", at: float = 1) -> Event:
    return [seq, t, "line", {"row": row, "at": at, "text": text}]


@pytest.mark.parametrize(
    ("text", "ms"),
    [
        ("1m12s", 72_000),
        ("72s", 72_000),
        ("72", 72_000),
        ("1:12", 72_000),
        ("2m", 120_000),
        ("0", 0),
        ("61:05", 3_665_000),
        ("", None),
        (None, None),
        ("m", None),
        ("1:5", None),
        ("1:75", None),
        ("-3", None),
        ("1m12sx", None),
        ("9" * 40, None),
    ],
)
def test_moments_are_read(page: Page, text: str | None, ms: int | None) -> None:
    assert call(page, "ui/moment", "parseMoment", text) == ms


def test_moments_are_written_for_addresses_clocks_and_ears(page: Page) -> None:
    def ways(t: int) -> list[str]:
        names = ("writeMoment", "clockText", "spokenTime")
        return [call(page, "ui/moment", name, t) for name in names]

    assert ways(72_900) == ["1m12s", "1:12", "1 minute 12 seconds"]
    assert ways(1000) == ["1s", "0:01", "1 second"]
    assert ways(0) == ["0s", "0:00", "0 seconds"]
    assert ways(120_000) == ["2m0s", "2:00", "2 minutes"]
    assert ways(3_665_000) == ["61m5s", "1:01:05", "61 minutes 5 seconds"]


def test_gaps_are_longer_than_three_seconds_and_begin_when_the_pen_rests(page: Page) -> None:
    events = [
        [1, 0, "start", {}],
        ink(2, 1000, *[500] * 6),
        line(3, 7250),
        [4, 14_000, "mark", {}],
        [5, 20_000, "end", {"why": "done"}],
    ]

    gaps = call(page, "replay/timeline", "idleGaps", events, 20_000)

    assert gaps == [
        {"from": 7250, "to": 13_500},
        {"from": 14_000, "to": 20_000},
    ]


def test_a_recording_without_events_is_one_gap(page: Page) -> None:
    assert call(page, "replay/timeline", "idleGaps", [], 9000) == [{"from": 0, "to": 9000}]


@pytest.mark.parametrize(
    ("time", "ms", "there"),
    [
        (0, 500, 500),
        (0, 1000, 1000),
        (0, 1001, 5001),
        (3000, 1, 5001),
        (900, 400, 5300),
        (900, 1200, 8100),
        (5000, 10, 5010),
    ],
)
def test_playing_leaves_gaps_out(page: Page, time: int, ms: int, there: int) -> None:
    gaps = [{"from": 1000, "to": 5000}, {"from": 6000, "to": 8000}]

    assert call(page, "replay/timeline", "advance", time, ms, gaps) == there


def test_no_event_is_left_out_whatever_the_recording(page: Page) -> None:
    """Played in small ticks with gaps skipped, every event's moment is passed with a lead."""
    missed = page.evaluate(
        """async () => {
          const { idleGaps } = await import("/static/js/replay/timeline.js");
          let state = 5;
          const random = () => (state = (state * 48271) % 2147483647) / 2147483647;
          for (let round = 0; round < 200; round += 1) {
            let t = 0;
            const events = Array.from({ length: 20 }, (_, seq) => {
              t += Math.floor(random() ** 4 * 20000);
              return [seq, t, "mark", {}];
            });
            const inside = ({ from, to }) => events.some(([, at]) => from < at && at < to + 1);
            if (idleGaps(events, t).some(inside)) return events;
          }
          return null;
        }"""
    )

    assert missed is None


def test_activity_is_the_share_of_each_stretch(page: Page) -> None:
    events = [ink(1, 500, 1000), line(2, 3000), line(3, 3250), [4, 3500, "mark", {}]]

    lanes = call(page, "replay/timeline", "activity", events, 4000, 4)

    assert lanes == {"ink": [0.5, 0.5, 0, 0], "typing": [0, 0, 0.25, 0.25]}


def test_work_is_either_of_both(page: Page) -> None:
    events = [ink(1, 500, 1000), line(2, 3000), line(3, 3250), [4, 3500, "mark", {}]]

    assert call(page, "replay/timeline", "work", events, 4000, 4) == [0.5, 0.5, 0.25, 0.25]


def test_activity_at_the_very_end_stays_in_the_last_stretch(page: Page) -> None:
    lanes = call(page, "replay/timeline", "activity", [ink(1, 900, 100), ink(2, 1000)], 1000, 2)

    assert lanes["ink"] == [0, 0.2]


def test_marks_become_markers_and_neighbours_are_found(page: Page) -> None:
    marks = call(
        page,
        "replay/timeline",
        "marksOf",
        [[3, 500, "mark", {}], line(4, 600), [9, 800, "mark", {}]],
    )

    assert [[mark["id"], mark["label"], mark["t"]] for mark in marks] == [
        ["mark-3", "Mark 1", 500],
        ["mark-9", "Mark 2", 800],
    ]
    places = [(0, 1), (500, 1), (800, 1), (800, -1), (500, -1)]
    found = [call(page, "replay/timeline", "neighbour", marks, *place) for place in places]
    assert [each and each["t"] for each in found] == [500, 800, None, 500, None]


def test_the_axis_shows_unused_time_but_not_at_the_cost_of_the_recording(page: Page) -> None:
    assert call(page, "replay/timeline", "axisEnd", 280_000, 300_000) == 300_000
    assert call(page, "replay/timeline", "axisEnd", 60_000, 300_000) == 60_000
    assert call(page, "replay/timeline", "axisEnd", 301_000, 300_000) == 301_000
    assert call(page, "replay/timeline", "axisEnd", 60_000, None) == 60_000
    assert call(page, "replay/timeline", "axisEnd", 0, None) == 1


def test_the_axis_has_round_labels(page: Page) -> None:
    assert call(page, "replay/timeline", "axisTicks", 300_000, 6) == [
        0, 60_000, 120_000, 180_000, 240_000, 300_000,
    ]  # fmt: skip
    assert call(page, "replay/timeline", "axisTicks", 12_000, 5) == [0, 5000, 10_000]
    assert len(call(page, "replay/timeline", "axisTicks", 9 * 3_600_000, 4)) <= 5


def play(page: Page, *steps: list[Any], gaps: list[Any] | None = None) -> list[list[Any]]:
    """Runs `[method or field, value]` on a ten-second player; time and playing after each step."""
    states: list[list[Any]] = page.evaluate(
        """async ([steps, gaps]) => {
          const { Player } = await import("/static/js/replay/player.js");
          const player = new Player(10000, gaps);
          return steps.map(([name, value]) => {
            if (typeof player[name] === "function") player[name](value);
            else player[name] = value;
            return [player.time, player.playing, player.speed];
          });
        }""",
        [steps, gaps or []],
    )
    return states


def test_playing_follows_the_clock_it_is_told(page: Page) -> None:
    states = play(
        page,
        ["tick", 50],
        ["play", 100],
        ["tick", 200],
        ["speed", 4],
        ["tick", 250],
        ["pause", None],
        ["tick", 400],
        ["play", 1000],
        ["tick", 1010],
    )

    assert [state[0] for state in states] == [0, 0, 100, 100, 300, 300, 300, 300, 340]


def test_a_hidden_tab_does_not_play_on(page: Page) -> None:
    assert play(page, ["play", 0], ["tick", 60_000])[-1] == [250, True, 1]


def test_playing_stops_at_the_end_and_begins_again(page: Page) -> None:
    states = play(page, ["seek", 9900], ["play", 0], ["tick", 200], ["play", 300])

    assert [state[:2] for state in states[2:]] == [[10_000, False], [0, True]]


def test_seeking_stays_inside(page: Page) -> None:
    assert [state[0] for state in play(page, ["seek", -5], ["seek", 99_999])] == [0, 10_000]


def test_idle_time_is_skipped_only_when_asked(page: Page) -> None:
    gaps = [{"from": 100, "to": 5000}]
    steps: list[list[Any]] = [["play", 0], ["tick", 200]]

    assert play(page, *steps, gaps=gaps)[-1][0] == 200
    assert play(page, ["skipIdle", True], *steps, gaps=gaps)[-1][0] == 5100


def test_speeds_have_ends(page: Page) -> None:
    states = play(page, *[["changeSpeed", way] for way in (-1, 1, 1, 1, -1)])

    assert [state[2] for state in states] == [1, 2, 4, 4, 2]


def test_lines_stand_as_they_stood_at_a_moment(page: Page) -> None:
    page.add_script_tag(url="/static/vendor/katex/katex.min.js")
    events = [
        line(1, 1000, "a"),
        line(2, 2000, "ab"),
        line(3, 3000, "c", row="r2", at=2),
        [4, 4000, "line", {"row": "r1", "gone": True}],
    ]
    shown = page.evaluate(
        """async (json) => {
          document.body.innerHTML = "<ol></ol>";
          const { createLinesReplay } = await import("/static/js/replay/lines.js");
          const list = document.querySelector("ol");
          const replay = createLinesReplay(list, JSON.parse(json));
          return [9999, 0, 1000, 2500, 3000, 1999, 4000].map((t) => {
            replay.seek(t);
            return [...list.querySelectorAll("code")].map(({ textContent }) => textContent);
          });
        }""",
        json.dumps(events),
    )

    assert shown == [["c"], [], ["a"], ["ab"], ["ab", "c"], ["a"], ["c"]]
