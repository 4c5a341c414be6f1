"""The recorder against a server that the test plays: numbering, keeping, sending again."""

from typing import Any

import pytest
from playwright.sync_api import Page

pytestmark = pytest.mark.browser


@pytest.fixture
def page(bare_page: Page) -> Page:
    """`recorder` on the page, and `server`, a stand-in for its socket. Time stands still."""
    bare_page.clock.install(time="2040-01-01")
    bare_page.clock.pause_at("2040-01-01T00:01:00")
    bare_page.evaluate(
        """async () => {
          window.sockets = [];
          window.WebSocket = class {
            static OPEN = 1;
            static CLOSED = 3;
            readyState = 0;
            sent = [];
            constructor(url) { this.url = url; sockets.push(this); }
            send(text) { this.sent.push(JSON.parse(text)); }
            close() { this.readyState = 3; }
          };
          window.server = {
            get socket() { return sockets.at(-1); },
            accept(elapsed = 1000, life = "one", stored = 0) {
              this.socket.readyState = 1;
              this.socket.onopen();
              const about = { elapsed, limit: 300000, mode: "cold", hints: 0 };
              this.say({ type: "welcome", ...about, stored, life });
            },
            say(message) { this.socket.onmessage({ data: JSON.stringify(message) }); },
            drop() { this.socket.readyState = 3; this.socket.onclose({ code: 1006 }); },
            get batches() {
              return this.socket.sent.filter(({ type }) => type === "events")
                .map(({ source, first, events }) => [source, first, events.length]);
            },
            ack(through, refused = [], source = this.batches.at(-1)[0]) {
              this.say({ type: "ack", source, through, elapsed: 2000, refused });
            },
          };
          const { Recorder } = await import("/static/js/recorder/recorder.js");
          window.open_ = () => new Recorder("abcd");
          window.recorder = open_();
          window.marks = (count) => {
            for (let i = 0; i < count; i += 1) recorder.record("mark", {});
          };
        }"""
    )
    return bare_page


def sent(page: Page) -> list[tuple[int, int]]:
    """First number and length of each batch on the present connection."""
    batches: list[list[Any]] = page.evaluate("server.batches")
    return [(first, count) for _, first, count in batches]


def state(page: Page) -> list[Any]:
    values: list[Any] = page.evaluate("[recorder.state, recorder.pending]")
    return values


def test_nothing_is_sent_before_the_server_has_told_the_time(page: Page) -> None:
    page.evaluate("marks(1)")
    assert state(page) == ["offline", 1]

    page.evaluate("server.accept()")
    assert sent(page) == [(1, 1)]
    assert state(page) == ["saving", 1]

    page.evaluate("server.ack(1)")
    assert state(page) == ["saved", 0]


def test_events_bear_the_time_of_the_servers_clock(page: Page) -> None:
    page.evaluate("server.accept(61000)")
    page.clock.run_for(500)
    page.evaluate("marks(1)")

    assert page.evaluate("server.socket.sent[0].events") == [[61_500, "mark", {}]]


def test_a_long_outbox_goes_in_portions_as_it_is_acknowledged(page: Page) -> None:
    page.evaluate("marks(1050)")
    page.evaluate("server.accept()")
    assert sent(page) == [(1, 100), (101, 100), (201, 100), (301, 100)]

    page.evaluate("server.ack(100)")
    assert sent(page)[4:] == [(401, 100)]
    for through in range(200, 1100, 100):
        page.evaluate("through => server.ack(through)", min(through, 1050))
    page.evaluate("server.ack(1050)")

    assert sent(page)[-1] == (1001, 50)
    assert state(page) == ["saved", 0]


def test_after_a_lost_connection_only_what_was_not_acknowledged_goes_again(page: Page) -> None:
    page.evaluate("server.accept()")
    page.evaluate("marks(3)")
    page.evaluate("server.ack(2)")
    page.evaluate("server.say({type: 'events', events: [[7, 0, 'mark', {}]]})")

    page.evaluate("server.drop()")
    assert state(page) == ["offline", 1]
    page.clock.run_for(1000)
    page.evaluate("server.accept()")

    assert page.evaluate("sockets.length") == 2
    assert page.evaluate("server.socket.url").endswith("&after=7")
    assert sent(page) == [(3, 1)]


SEAL = """async (message) => {
  const text = new Blob([JSON.stringify(message)]).stream();
  return new Response(text.pipeThrough(new CompressionStream("deflate"))).arrayBuffer();
}"""


def test_what_comes_sealed_is_unpacked_in_its_place(page: Page) -> None:
    page.evaluate("server.accept()")
    page.evaluate(
        f"""async () => {{
          window.told = [];
          recorder.addEventListener("events", ({{detail}}) => told.push(...detail));
          const seal = {SEAL};
          const sealed = (first, ...events) => seal({{ type: "sealed", first, events }});
          const one = await sealed(1, [5, "mark", {{}}], [-2, "mark", {{}}]);
          const two = await sealed(3, [9, "hint", {{ number: 1 }}]);
          server.socket.onmessage({{ data: one }});
          server.socket.onmessage({{ data: two }});
          server.say({{ type: "events", events: [[4, 10, "mark", {{}}]] }});
        }}"""
    )
    page.wait_for_function("told.length === 4")
    page.evaluate("server.say({type: 'events', events: [[5, 11, 'mark', {}]]})")

    assert page.evaluate("told") == [
        [1, 5, "mark", {}],
        [2, 3, "mark", {}],
        [3, 9, "hint", {"number": 1}],
        [4, 10, "mark", {}],
        [5, 11, "mark", {}],
    ]


def test_what_cannot_be_unpacked_is_asked_for_again_with_all_behind_it(page: Page) -> None:
    page.evaluate("server.accept()")
    page.evaluate(
        f"""async () => {{
          window.told = [];
          recorder.addEventListener("events", ({{detail}}) => told.push(...detail));
          const events = [[5, "mark", {{}}]];
          window.sealed = await ({SEAL})({{ type: "sealed", first: 8, events }});
          server.socket.onmessage({{ data: new Uint8Array([1, 2, 3]).buffer }});
          server.socket.onmessage({{ data: sealed }});
        }}"""
    )
    page.wait_for_function("recorder.state === 'offline'")
    page.clock.run_for(1000)
    page.wait_for_function("sockets.length === 2")
    page.evaluate("server.accept()")
    page.evaluate("server.socket.onmessage({data: sealed})")
    page.wait_for_function("told.length > 0")

    assert page.evaluate("told") == [[8, 5, "mark", {}]]
    assert page.evaluate("server.socket.url").endswith("&after=0")


def test_too_fast_is_sent_again_from_there_after_the_wait(page: Page) -> None:
    page.evaluate("marks(250)")
    page.evaluate("server.accept()")
    source = page.evaluate("server.batches[0][0]")
    page.evaluate("server.ack(100)")
    for first in (101, 201):
        message = {"type": "slow", "source": source, "first": first, "retry_ms": 700}
        page.evaluate("message => server.say(message)", message)

    page.clock.run_for(600)
    page.evaluate("marks(1)")
    assert sent(page) == [(1, 100), (101, 100), (201, 50)]
    page.clock.run_for(200)

    assert sent(page)[3:] == [(101, 100), (201, 51)]


def test_what_is_refused_is_told_and_not_kept(page: Page) -> None:
    page.evaluate("server.accept()")
    page.evaluate("recorder.addEventListener('refused', ({detail}) => { window.told = detail; })")
    page.evaluate("marks(2)")
    page.evaluate("server.ack(2, [[2, 'ended', 'the attempt is over']])")

    refusal = {"code": "mark", "reason": "ended", "detail": "the attempt is over"}
    assert page.evaluate("told") == [refusal]
    assert state(page) == ["saved", 0]


def test_another_page_load_sends_what_this_one_could_not(page: Page) -> None:
    page.evaluate("marks(12)")
    page.evaluate("recorder.close(); recorder = open_()")
    assert state(page) == ["offline", 12]
    page.evaluate("server.accept()")
    page.evaluate("marks(1)")

    (old, first, count), (new, *_) = page.evaluate("server.batches")
    assert (first, count) == (1, 12)
    assert old != new
    page.evaluate("old => server.ack(12, [], old)", old)
    page.evaluate("server.ack(1)")
    assert page.evaluate("Object.keys(localStorage).filter(key => key.includes('outbox'))") == []


def test_a_browser_that_keeps_nothing_still_sends(page: Page) -> None:
    page.evaluate(
        "Object.defineProperty(Storage.prototype, 'setItem',"
        " {value() { throw new DOMException('full', 'QuotaExceededError'); }})"
    )
    page.evaluate("marks(1)")
    assert page.evaluate("recorder.keeps") is False

    page.evaluate("server.accept()")
    assert sent(page) == [(1, 1)]


def test_a_silent_connection_is_given_up(page: Page) -> None:
    page.evaluate("server.accept()")
    page.clock.run_for(6_000)
    assert {"type": "ping"} in page.evaluate("server.socket.sent")

    page.clock.run_for(15_000)

    assert page.evaluate("sockets.length") > 1


def test_the_estimate_of_the_clock_trusts_the_freshest_message(page: Page) -> None:
    elapsed = page.evaluate(
        """async () => {
          const { ServerClock } = await import("/static/js/recorder/server-clock.js");
          let now = 0;
          const clock = new ServerClock(() => now);
          const seen = [clock.known];
          clock.sync(1000); seen.push(clock.elapsed());
          now = 500; seen.push(clock.elapsed());
          clock.sync(1400); seen.push(clock.elapsed());  // came 100 ms late: hardly believed
          clock.sync(61500); seen.push(clock.elapsed()); // the machine slept for a minute
          return seen;
        }"""
    )
    assert elapsed == [False, 1000, 1500, 1490, 61_500]


def test_a_standing_clock_stands_until_it_goes_on(page: Page) -> None:
    elapsed = page.evaluate(
        """async () => {
          const { ServerClock } = await import("/static/js/recorder/server-clock.js");
          let now = 0;
          const clock = new ServerClock(() => now);
          const seen = [];
          clock.sync(0, true); now = 9000; seen.push(clock.elapsed(), clock.stands);
          clock.sync(40); now = 9500; seen.push(clock.elapsed(), clock.stands);
          clock.sync(620, true); now = 50000; seen.push(clock.elapsed(), clock.stands);
          clock.sync(630); now = 51000; seen.push(clock.elapsed());
          clock.sync(700, false, true); seen.push(clock.elapsed()); // stood while nobody told
          return seen;
        }"""
    )
    assert elapsed == [0, True, 540, False, 620, True, 1630, 700]


def test_a_recorder_has_its_own_address_and_follows_clock_and_limit(page: Page) -> None:
    page.evaluate(
        """async () => {
          const { Recorder } = await import("/static/js/recorder/recorder.js");
          recorder.close();
          window.recorder = new Recorder("abcd", "/s/seat/log/abcd", "seat.abcd");
        }"""
    )
    assert "/s/seat/log/abcd?source=" in page.evaluate("server.socket.url")

    page.evaluate("server.accept(0)")
    page.evaluate("server.say({ type: 'clock', elapsed: 0, stands: true, limit: 300000 })")
    page.clock.run_for(3_000)
    page.evaluate("marks(1)")
    page.evaluate("server.say({ type: 'clock', elapsed: 0, limit: 420000 })")

    assert page.evaluate("server.socket.sent.at(-1).events") == [[0, "mark", {}]]
    assert page.evaluate("recorder.limit") == 420_000
    assert page.evaluate("Object.keys(localStorage)[0]").startswith("coldboard/outbox/seat.abcd/")


@pytest.mark.parametrize(
    ("life", "stored", "gone"),
    [("two", 1, 1), ("two", 2, 0), ("one", 1, 0)],
    ids=["shown what may be lost", "all it has is stored", "nothing was lost"],
)
def test_a_page_that_shows_more_than_is_stored_is_gone_with_the_life_of_its_log(
    page: Page, life: str, stored: int, gone: int
) -> None:
    page.evaluate("server.accept()")
    page.evaluate("recorder.addEventListener('gone', () => (window.gone = 1 + (window.gone ?? 0)))")
    page.evaluate("server.say({type: 'events', events: [[1, 5, 'mark', {}], [2, 6, 'mark', {}]]})")
    page.evaluate(f"server.say({{type: 'clock', elapsed: 9, limit: 300000, stored: {stored}}})")
    page.evaluate("server.drop()")
    page.clock.run_for(1_000)

    page.evaluate(f"server.accept(2000, '{life}', 1)")

    assert page.evaluate("window.gone ?? 0") == gone


def test_a_page_that_would_lose_something_stays_whatever_it_shows(page: Page) -> None:
    page.evaluate("server.accept()")
    page.evaluate("recorder.addEventListener('gone', () => (window.gone = true))")
    page.evaluate("server.say({type: 'events', events: [[1, 5, 'mark', {}]]})")
    page.evaluate("() => { Storage.prototype.setItem = () => { throw new Error('full'); }; }")
    page.evaluate("marks(1)")
    page.evaluate("server.drop()")
    page.clock.run_for(1_000)

    page.evaluate("server.accept(2000, 'two')")

    assert not page.evaluate("window.gone")
    assert sent(page) == [(1, 1)]
