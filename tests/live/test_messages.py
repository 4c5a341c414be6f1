import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from app.live.messages import (
    _FROM_BROWSER,
    MAX_EVENTS_A_MESSAGE,
    MAX_MESSAGE_BYTES,
    BadMessage,
    EventsFromBrowser,
    Ping,
    _Events,
    encode_event,
    events,
    read_events,
    read_message,
)


def batch(**more: object) -> str:
    return json.dumps({"type": "events", "source": "a", "first": 1, "events": [[]], **more})


def test_a_batch_of_events_is_read() -> None:
    message = read_message(batch(source="a1-b", first=7, events=[[0, "mark", {}], "nonsense"]))

    assert isinstance(message, EventsFromBrowser)
    assert (message.source, message.first) == ("a1-b", 7)
    assert message.events == [[0, "mark", {}], "nonsense"]


SOURCES = st.sampled_from(["a", "a1-b", "", "-a", "A", "a" * 24, "a" * 25, "a\n", 1, None])
FIRSTS = st.sampled_from([1, 0, -1, 2**31, 2**31 - MAX_EVENTS_A_MESSAGE, 1.0, True, "1", None])
EVENTS: st.SearchStrategy[object] = st.one_of(
    st.sampled_from([[], [1], [[0, "mark", {}]], {}, "events", None, [float("nan")]]),
    st.integers(MAX_EVENTS_A_MESSAGE - 1, MAX_EVENTS_A_MESSAGE + 1).map(lambda n: [0] * n),
)


@given(
    st.fixed_dictionaries(
        {"type": st.sampled_from(["events", "ping", 1]), "source": SOURCES, "first": FIRSTS},
        optional={"events": EVENTS, "more": st.just(1)},
    )
)
def test_the_quick_reading_is_the_general_one(message: dict[str, object]) -> None:
    text = json.dumps(message)
    try:
        expected = _FROM_BROWSER.validate_json(text)
    except ValidationError:
        expected = None

    found = read_events(text)

    general = isinstance(expected, _Events) and [expected.source, expected.first, expected.events]
    # As text, in which one that is no number equals another.
    assert repr(list(found) if found else False) == repr(general)


def test_a_ping_is_read() -> None:
    assert isinstance(read_message('{"type":"ping"}'), Ping)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ping",
        "[]",
        "{}",
        "null",
        '{"type":"clock"}',
        '{"type":"ping","more":1}',
        '{"type":"ping"',
        "\ud800",
        "[" * 50_000,
        " " * (MAX_MESSAGE_BYTES + 1),
        batch(source=""),
        batch(source="A"),
        batch(source="a" * 25),
        batch(source=None),
        batch(first=0),
        batch(first=-1),
        batch(first=1.5),
        batch(first="1"),
        batch(first=True),
        batch(first=2**31),
        batch(events=[]),
        batch(events=[[]] * (MAX_EVENTS_A_MESSAGE + 1)),
        batch(events={}),
        batch(more=1),
    ],
)
def test_anything_else_is_a_bad_message(text: str) -> None:
    with pytest.raises(BadMessage) as bad:
        read_message(text)

    assert str(bad.value)


@given(st.text(st.characters()))
def test_no_text_does_anything_but_be_read_or_be_bad(text: str) -> None:
    try:
        read_message(text)
    except BadMessage as bad:
        str(bad).encode()


def test_events_are_encoded_as_the_log_has_them() -> None:
    encoded = [encode_event(3, 1_000, "mark", "{}"), encode_event(4, 2_000, "hint", '{"number":1}')]

    assert json.loads(events(encoded)) == {
        "type": "events",
        "events": [[3, 1_000, "mark", {}], [4, 2_000, "hint", {"number": 1}]],
    }
