"""What a room does with what its pages send: number, store, acknowledge, pass on."""

import pytest
from sqlalchemy import Engine

from app.live.allowance import CAPACITY
from app.live.hub import Hub
from app.live.messages import MAX_EVENTS_A_MESSAGE
from tests.helpers import MINUTE, NOON, Now, end, hint, ink, line, mark, start, until
from tests.live.helpers import LIMIT, Page, keep_running, stored_log

pytestmark = pytest.mark.anyio


async def test_a_page_is_welcomed_with_where_the_attempt_stands(
    hub: Hub, engine: Engine, now: Now
) -> None:
    room = await hub.open(keep_running(engine))
    now.advance(MINUTE)
    await room.stored()

    welcome = await Page(room).hears("welcome")

    assert welcome == {
        "type": "welcome",
        "elapsed": MINUTE,
        "limit": LIMIT,
        "mode": "cold",
        "hints": 3,
        "stored": 1,
        "life": welcome["life"],
    }
    assert welcome["life"]


async def test_while_reading_the_time_is_negative(hub: Hub, engine: Engine) -> None:
    room = await hub.open(keep_running(engine, started_at=NOON + 30_000))

    welcome = await Page(room).hears("welcome")

    assert (welcome["elapsed"], welcome["stored"]) == (-30_000, 0)


async def test_events_are_acknowledged_once_they_are_stored(
    hub: Hub, engine: Engine, now: Now
) -> None:
    page = Page(await hub.open(keep_running(engine)))
    now.advance(10_000)

    page.send(ink(1_000), line(2_000))
    assert page.of("ack") == []
    ack = await page.hears("ack")

    assert ack == {"type": "ack", "source": "a", "through": 2, "elapsed": 10_000, "refused": []}
    assert stored_log(engine) == [start(), ink(1_000), line(2_000)]


async def test_a_ping_is_answered_with_the_clock(hub: Hub, engine: Engine, now: Now) -> None:
    page = Page(await hub.open(keep_running(engine)))
    now.advance(7_000)

    page.say(type="ping")

    clock = await page.hears("clock")
    assert clock == {"type": "clock", "elapsed": 7_000, "limit": LIMIT, "stored": clock["stored"]}


async def test_a_bad_message_is_answered_and_the_page_lives_on(hub: Hub, engine: Engine) -> None:
    page = Page(await hub.open(keep_running(engine)))

    for number, text in enumerate(["", "nonsense", '{"type":"steal"}', "\ud800"], start=1):
        page.say_text(text)
        assert (await page.hears("bad", number))["detail"]
    page.send(mark())

    assert (await page.hears("ack"))["refused"] == []


async def test_a_refused_event_is_listed_and_the_others_are_stored(
    hub: Hub, engine: Engine, now: Now
) -> None:
    page = Page(await hub.open(keep_running(engine)))
    now.advance(10_000)

    page.send(mark(1), hint(2, 1), mark(3))
    ack = await page.hears("ack")

    assert ack["through"] == 3
    assert ack["refused"] == [[2, "not-now", "there are no hints in a cold attempt"]]
    assert stored_log(engine) == [start(), mark(1), mark(3)]


async def test_a_malformed_event_among_good_ones_is_refused_alone(hub: Hub, engine: Engine) -> None:
    page = Page(await hub.open(keep_running(engine)))

    page.say(type="events", source="a", first=1, events=[None, [0, "mark", {}], [0, "ink", {}]])
    ack = await page.hears("ack")

    assert [(n, reason) for n, reason, _ in ack["refused"]] == [(1, "malformed"), (3, "malformed")]
    assert stored_log(engine) == [start(), mark()]


async def test_what_is_sent_twice_is_acknowledged_and_stored_once(hub: Hub, engine: Engine) -> None:
    page = Page(await hub.open(keep_running(engine)))

    page.send(mark(), mark(), first=1)
    page.send(mark(), mark(), mark(), first=1)
    await page.acknowledged(3)
    page.send(mark(), first=1)
    await until(lambda: page.of("ack")[-1]["through"] == 1)

    assert all(ack["refused"] == [] for ack in page.of("ack"))
    assert len(stored_log(engine)) == 1 + 3


async def test_another_tab_may_send_what_the_first_one_left(hub: Hub, engine: Engine) -> None:
    room = await hub.open(keep_running(engine))
    first, second = Page(room, "a"), Page(room, "b")

    first.send(mark(), mark(), first=1)
    second.send(mark(), mark(), mark(), first=1, source="a")
    second.send(mark(), first=1)
    await second.acknowledged(1)

    assert [(ack["source"], ack["through"]) for ack in second.of("ack")] == [("a", 3), ("b", 1)]
    assert len(stored_log(engine)) == 1 + 3 + 1
    # The third one is numbered by `a`, so `a` knows it; the other tab's own is news to it.
    assert [event[0] for event in await first.sees(2)] == [1, 5]
    assert [event[0] for event in await second.sees(4)] == [1, 2, 3, 4]


async def test_events_reach_the_other_tabs_but_not_their_own(
    hub: Hub, engine: Engine, now: Now
) -> None:
    room = await hub.open(keep_running(engine))
    writer, watcher = Page(room, "a"), Page(room, "b")
    now.advance(5_000)

    writer.send(ink(1_000), mark(2_000))
    await writer.hears("ack")

    assert await watcher.sees(3) == [
        [1, 0, "start", {}],
        [2, 1_000, "ink", ink().data],
        [3, 2_000, "mark", {}],
    ]
    assert await writer.sees(1) == [[1, 0, "start", {}]]


async def test_the_text_of_a_hint_reaches_every_tab(hub: Hub, engine: Engine, now: Now) -> None:
    room = await hub.open(keep_running(engine, mode="guided"))
    asking, other = Page(room, "a"), Page(room, "b")
    now.advance(5_000)

    asking.send(hint(1_000, 1))

    for page in (asking, other):
        event = (await page.sees(2))[1]
        assert event[:3] == [2, 1_000, "hint"]
        assert event[3]["number"] == 1
        assert event[3]["prose"][0][1].startswith("Start from the residual")
    assert stored_log(engine)[1] == hint(1_000, 1)


async def test_a_tab_that_comes_back_gets_what_it_missed(hub: Hub, engine: Engine) -> None:
    room = await hub.open(keep_running(engine))
    writer = Page(room, "a")
    writer.send(*[mark()] * 5)
    await writer.hears("ack")

    assert [event[0] for event in await Page(room, "b", after=4).sees(2)] == [5, 6]
    assert [event[0] for event in await Page(room, "c", after=-9).sees(6)] == [1, 2, 3, 4, 5, 6]
    ahead = Page(room, "d", after=99)
    writer.send(mark())
    assert [event[0] for event in await ahead.sees(1)] == [7]


async def test_a_page_that_stops_reading_holds_up_nobody(hub: Hub, engine: Engine) -> None:
    room = await hub.open(keep_running(engine))
    writer, stuck, watcher = Page(room, "a"), Page(room, "b"), Page(room, "c")
    stuck.free = False

    for _ in range(10):
        writer.send(mark())
    await writer.acknowledged(10)

    assert len(await watcher.sees(11)) == 11
    assert stuck.messages == []
    stuck.read_on()
    assert len(stuck.seen) == 11


async def test_a_page_that_sends_without_reading_is_closed(hub: Hub, engine: Engine) -> None:
    room = await hub.open(keep_running(engine))
    flood, other = Page(room, "a"), Page(room, "b")
    flood.free = False

    for _ in range(1_100):
        flood.say(type="ping")
    assert flood.closed
    other.send(mark())

    assert await other.hears("ack")


async def test_what_comes_too_fast_is_put_off_and_nothing_overtakes_it(
    hub: Hub, engine: Engine, now: Now
) -> None:
    page = Page(await hub.open(keep_running(engine)))
    batch = [mark()] * MAX_EVENTS_A_MESSAGE
    for _ in range(CAPACITY // len(batch)):
        page.send(*batch)

    page.send(mark())
    slow = await page.hears("slow")
    assert (slow["source"], slow["first"]) == ("a", CAPACITY + 1)
    now.advance(slow["retry_ms"])
    page.send(mark())
    assert (await page.hears("slow", 2))["first"] == CAPACITY + 2
    now.advance(slow["retry_ms"])
    page.send(mark(), mark(), first=CAPACITY + 1)
    await page.acknowledged(CAPACITY + 2)

    assert len(stored_log(engine)) == 1 + CAPACITY + 2


async def test_nobody_writes_in_the_name_of_the_server(hub: Hub, engine: Engine) -> None:
    page = Page(await hub.open(keep_running(engine)))

    page.send(mark(), mark(), source="server")
    ack = await page.hears("ack")

    assert [(n, reason) for n, reason, _ in ack["refused"]] == [(1, "malformed"), (2, "malformed")]
    assert stored_log(engine) == [start()]


async def test_the_reading_phase_is_cut_short(hub: Hub, engine: Engine, now: Now) -> None:
    page = Page(await hub.open(keep_running(engine, started_at=NOON + 30_000)))
    now.advance(10_000)

    page.send(mark(), start(), mark())
    ack = await page.hears("ack")

    assert [(n, reason) for n, reason, _ in ack["refused"]] == [(1, "not-now")]
    assert ack["elapsed"] == 0
    assert stored_log(engine) == [start(), mark()]
    assert (await page.sees(1))[0] == [1, 0, "start", {}]


async def test_after_the_end_everything_is_refused(hub: Hub, engine: Engine, now: Now) -> None:
    page = Page(await hub.open(keep_running(engine)))
    now.advance(MINUTE)

    page.send(ink(1_000), end(MINUTE), ink(2_000))
    ack = await page.hears("ack")
    page.send(mark(), end(MINUTE))

    assert [(n, reason) for n, reason, _ in ack["refused"]] == [(3, "ended")]
    second = await page.hears("ack", 2)
    assert [reason for _, reason, _ in second["refused"]] == ["ended", "ended"]
    assert stored_log(engine) == [start(), ink(1_000), end(MINUTE)]


async def test_what_arrives_after_the_deadline_counts_if_it_was_made_before(
    hub: Hub, engine: Engine, now: Now
) -> None:
    page = Page(await hub.open(keep_running(engine)))
    now.advance(LIMIT + 1_000)

    page.send(ink(LIMIT - 10), ink(LIMIT + 10))
    ack = await page.hears("ack")

    assert [(n, reason) for n, reason, _ in ack["refused"]] == [(2, "deadline")]
    assert ack["elapsed"] == LIMIT
    assert stored_log(engine) == [start(), ink(LIMIT - 10)]
