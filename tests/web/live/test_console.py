"""The host's console: what each of its routes stores, what it refuses, and in which words."""

import json
from typing import Any

import pytest
from httpx2 import Response
from sqlmodel import Session, col, select
from starlette.testclient import TestClient

from app.practice.roles import Role
from app.practice.scorecard import TITLES
from app.storage.tables import AttemptRow, LinkRow, RemarkRow, SeatRow, SessionRow, TickRow
from tests.helpers import MINUTE, Now, ink, line, start
from tests.web.helpers import MINE, start_attempt, text_of
from tests.web.live.helpers import (
    Guest,
    attempt_of,
    board,
    channel,
    join,
    let_in,
    link_for,
    open_session,
    stranger,
)


@pytest.fixture
def host(client: TestClient) -> Guest:
    return open_session(client)


@pytest.fixture
def attempt(host: Guest) -> str:
    return attempt_of(host)


def database(guest: Guest) -> Session:
    return Session(guest.client.app.state.engine)  # type: ignore[attr-defined]


def session_of(guest: Guest) -> SessionRow:
    with database(guest) as session:
        seat = session.get_one(SeatRow, guest.seat)
        return session.get_one(SessionRow, seat.session_id)


def row_of(guest: Guest, attempt: str) -> AttemptRow:
    with database(guest) as session:
        return session.get_one(AttemptRow, attempt)


def seat_of(guest: Guest) -> SeatRow:
    with database(guest) as session:
        return session.get_one(SeatRow, guest.seat)


def remarks_of(guest: Guest) -> list[RemarkRow]:
    with database(guest) as session:
        query = select(RemarkRow).where(col(RemarkRow.removed_at).is_(None))
        return list(session.exec(query.order_by(col(RemarkRow.id))))


def ticks_of(guest: Guest, attempt: str) -> dict[str, tuple[bool | None, int | None]]:
    with database(guest) as session:
        rows = session.exec(select(TickRow).where(TickRow.attempt_id == attempt))
        return {row.step: (row.reached, row.split_ms) for row in rows}


def do(guest: Guest, method: str, path: str, **data: Any) -> Response:
    """As a form sends it, from the seat."""
    return guest.client.request(method, f"{guest.base}/{path}", data=data)


def done(guest: Guest, method: str, path: str, **data: Any) -> None:
    answer = do(guest, method, path, **data)
    assert answer.status_code in (200, 204), answer.text


def assert_refused(answer: Response, status: int, words: str) -> None:
    assert answer.status_code == status, answer.text
    assert words in text_of(answer.text)


def write_card(guest: Guest, **card: Any) -> Response:
    return guest.client.put(f"{guest.base}/card", json={"card": card})


def run(host: Guest, attempt: str) -> None:
    with board(host, attempt, "starter") as page:
        page.send(start())
        assert page.hear("ack")["refused"] == []


class TestThePage:
    def test_it_shows_the_answers_to_a_host(self, host: Guest) -> None:
        page = text_of(host.client.get(host.base).text)

        assert "Normal equations" in page
        assert "Listen for" in page
        assert "Says what is given, and the shapes" in page
        assert "Right throughout, slips found unasked" in page

    def test_without_a_derivation_it_asks_for_one(self, client: TestClient) -> None:
        host = open_session(client, "")

        page = text_of(host.client.get(host.base).text)

        assert "What shall be derived?" in page

    def test_derivations_of_ones_own_can_be_chosen(self, client: TestClient) -> None:
        assert client.post("/write/import", data={"text": MINE}).status_code == 303
        host = open_session(client, "")

        assert '<optgroup label="Your own">' in host.client.get(host.base).text
        done(host, "POST", "attempts", derivation="half-square")
        assert "Chain rule" in text_of(host.client.get(host.base).text)

    def test_once_the_session_is_over_it_leads_to_the_report(self, host: Guest) -> None:
        done(host, "POST", "end")

        page = host.client.get(host.base).text

        assert "This session has ended." in text_of(page)
        assert f'href="{host.base}/report"' in page
        assert "data-clock-do" not in page

    def test_who_was_the_candidate_gets_no_answers_of_that_attempt(
        self, client: TestClient, now: Now
    ) -> None:
        first = open_session(client)
        ada = join(first, Role.CANDIDATE)
        let_in(first, ada)
        attempt = attempt_of(first)
        now.advance(1)
        done(first, "POST", "swap")
        with database(first) as session:
            row = session.get_one(SessionRow, session_of(first).id)
            row.attempt_id = attempt
            session.add(row)
            session.commit()

        page = text_of(ada.client.get(ada.base).text)

        assert "begun before you were a host" in page
        assert "Normal equations" not in page
        assert_refused(do(ada, "GET", f"desk/{attempt}"), 403, "not yours to judge")


class TestWhatIsOnTheBoard:
    def test_a_derivation_chosen_takes_the_place_of_one_that_runs(
        self, host: Guest, attempt: str
    ) -> None:
        run(host, attempt)

        done(host, "POST", "attempts", derivation="dpo", minutes="7")

        new = attempt_of(host)
        assert new != attempt
        assert row_of(host, attempt).end_why == "done"
        chosen = row_of(host, new)
        assert (chosen.derivation, chosen.limit_ms, chosen.mode) == ("dpo", 7 * MINUTE, "live")

    def test_one_that_was_never_started_does_not_count(self, host: Guest, attempt: str) -> None:
        done(host, "POST", "attempts", derivation="dpo")

        assert row_of(host, attempt).end_why == "abandoned"

    @pytest.mark.parametrize(("minutes", "limit_ms"), [("", 5 * MINUTE), ("none", None)])
    def test_the_time_is_what_it_deserves_or_none(
        self, host: Guest, minutes: str, limit_ms: int | None
    ) -> None:
        done(host, "POST", "attempts", derivation="ols", minutes=minutes)

        assert row_of(host, attempt_of(host)).limit_ms == limit_ms

    def test_what_is_not_there_is_refused_and_nothing_ends(self, host: Guest, attempt: str) -> None:
        assert_refused(do(host, "POST", "attempts", derivation="nope"), 404, "no derivation called")
        wrong = do(host, "POST", "attempts", derivation="dpo", minutes="soon")
        assert_refused(wrong, 422, "from 1 to 60, or none")

        assert attempt_of(host) == attempt
        assert row_of(host, attempt).ended_at is None

    def test_one_that_is_practised_on_this_server_stays_closed(
        self, client: TestClient, host: Guest
    ) -> None:
        start_attempt(client, "dpo")

        assert_refused(do(host, "POST", "attempts", derivation="dpo"), 403, "is running")

    def test_an_attempt_ends_once(self, host: Guest, attempt: str) -> None:
        run(host, attempt)

        done(host, "POST", f"attempts/{attempt}/end")

        assert row_of(host, attempt).end_why == "done"
        assert_refused(do(host, "POST", f"attempts/{attempt}/end"), 409, "is over already")

    def test_the_session_ends_with_what_runs_and_nothing_begins_any_more(
        self, host: Guest, attempt: str, now: Now
    ) -> None:
        run(host, attempt)

        done(host, "POST", "end")

        assert session_of(host).ended_at == now()
        assert row_of(host, attempt).end_why == "done"
        for path, data in (
            ("attempts", {"derivation": "dpo"}),
            ("swap", {}),
            ("links", {"role": "watcher"}),
        ):
            assert_refused(do(host, "POST", path, **data), 409, "This session has ended")


class TestHowItIsHeld:
    def test_the_clock_is_hidden_from_the_candidate_and_shown_again(self, host: Guest) -> None:
        done(host, "POST", "clock", hidden="true")
        assert host.client.get(f"{host.base}/state").json()["clock_hidden"]

        done(host, "POST", "clock", hidden="false")
        assert not session_of(host).clock_hidden

    def test_watchers_are_shut_out(self, host: Guest) -> None:
        watcher = join(host, Role.WATCHER, "Wim")
        assert watcher.client.get(f"{watcher.base}/state").status_code == 200

        done(host, "POST", "watchers")

        assert_refused(
            watcher.client.get(f"{watcher.base}/state"), 403, "closed this session to watchers"
        )
        done(host, "POST", "watchers", allowed="true")
        assert watcher.client.get(f"{watcher.base}/state").status_code == 200

    def test_focus_time_runs_out_by_itself_or_is_ended(self, host: Guest, now: Now) -> None:
        done(host, "POST", "focus", minutes="2")
        now.advance(30_000)
        assert host.client.get(f"{host.base}/state").json()["focus_ms"] == 90_000

        now.advance(90_000)
        assert host.client.get(f"{host.base}/state").json()["focus_ms"] == 0

        done(host, "POST", "focus", minutes="2")
        done(host, "POST", "focus", minutes="0")
        assert session_of(host).focus_until is None

    def test_focus_time_has_a_bound(self, host: Guest) -> None:
        assert_refused(do(host, "POST", "focus", minutes="16"), 422, "minutes")

    def test_a_rubric_has_up_to_nine_items_each_once(self, host: Guest) -> None:
        done(host, "PUT", "rubric", items=" Shapes \r\n\r\nPlan\r\nShapes")
        assert json.loads(session_of(host).rubric) == ["Shapes", "Plan"]

        many = "\n".join(f"Item {number}" for number in range(10))
        assert_refused(do(host, "PUT", "rubric", items=many), 422, "at most 9 items")
        assert_refused(do(host, "PUT", "rubric", items="x" * 121), 422, "120 characters")
        assert json.loads(session_of(host).rubric) == ["Shapes", "Plan"]

    def test_everybody_is_told_of_a_change(self, host: Guest) -> None:
        with channel(host) as page:
            page.hear("people")

            done(host, "POST", "clock", hidden="true")

            assert page.hear("changed") == {"type": "changed"}


class TestPeople:
    def test_a_candidate_waits_and_is_let_in(self, host: Guest, attempt: str) -> None:
        ada = join(host, Role.CANDIDATE)
        assert "In the lobby" in text_of(do(host, "GET", "people").text)

        answer = do(host, "POST", f"seats/{ada.seat}/admission")

        assert "In the lobby" not in text_of(answer.text)
        assert "Ada candidate" in text_of(answer.text)
        assert row_of(host, attempt).candidate == ada.seat

    def test_a_second_candidate_is_let_in_knowingly(self, host: Guest) -> None:
        ada = join(host, Role.CANDIDATE)
        assert "already" not in text_of(do(host, "GET", "people").text)
        let_in(host, ada)
        join(host, Role.CANDIDATE, "Eve")

        assert "Ada is the candidate already." in text_of(do(host, "GET", "people").text)

    def test_whoever_keeps_the_server_comes_back_to_their_seat(self, host: Guest) -> None:
        address = f"/sessions/{session_of(host).id}/seat"
        assert host.client.post(address).headers["location"] == host.base

        elsewhere = stranger(host.client)
        first, again = (elsewhere.post(address).headers["location"] for _ in range(2))

        assert first == again != host.base
        # One who was sent away gets another seat.
        done(host, "DELETE", first.replace("/s/", "seats/"))
        assert elsewhere.post(address).headers["location"] != first

    def test_who_is_sent_away_has_no_seat(self, host: Guest) -> None:
        ada = join(host, Role.CANDIDATE)

        answer = do(host, "DELETE", f"seats/{ada.seat}")

        assert "Ada" not in text_of(answer.text)
        assert_refused(ada.client.get(f"{ada.base}/state"), 403, "no longer in this session")
        again = do(host, "POST", f"seats/{ada.seat}/admission")
        assert_refused(again, 404, "nobody in this session")

    def test_nobody_sends_themselves_away(self, host: Guest) -> None:
        answer = do(host, "DELETE", f"seats/{host.seat}")

        assert_refused(answer, 409, "You cannot send yourself away")

    def test_a_new_link_takes_the_place_of_the_old_one(self, host: Guest) -> None:
        old = link_for(host, "candidate")

        answer = do(host, "POST", "links", role="candidate")

        new = link_for(host, "candidate")
        assert new != old
        assert f"/join/{new}" in answer.text
        late = host.client.post(f"/join/{old}", data={"name": "Eve"})
        assert_refused(late, 403, "was taken back")

    def test_a_link_taken_back_sends_who_waits_by_it_away(self, host: Guest) -> None:
        eve = join(host, Role.CANDIDATE, "Eve")

        answer = do(host, "DELETE", f"links/{link_for(host, 'candidate')}")

        assert "No link works." in text_of(answer.text)
        assert "Eve" not in text_of(answer.text)
        assert eve.client.get(f"{eve.base}/state").status_code == 403

    def test_links_are_for_roles_that_there_are(self, host: Guest) -> None:
        writer = do(host, "POST", "links", role="writer")
        assert_refused(writer, 422, "a candidate, a watcher or a host")
        assert_refused(do(host, "POST", "links", role="king"), 422, "role")
        assert_refused(do(host, "DELETE", "links/none"), 404, "no such link")
        with database(host) as session:
            assert {link.role for link in session.exec(select(LinkRow))} == {
                "candidate",
                "watcher",
                "host",
            }

    def test_host_and_candidate_change_places(self, host: Guest, attempt: str) -> None:
        ada = join(host, Role.CANDIDATE)
        let_in(host, ada)
        run(host, attempt)

        done(host, "POST", "swap")

        assert (seat_of(host).role, seat_of(ada).role) == ("candidate", "host")
        assert session_of(host).attempt_id is None
        assert row_of(host, attempt).end_why == "done"
        assert "What shall be derived?" in text_of(ada.client.get(ada.base).text)

    def test_without_a_candidate_there_is_nobody_to_change_with(self, host: Guest) -> None:
        join(host, Role.CANDIDATE)

        assert_refused(do(host, "POST", "swap"), 409, "no candidate yet")


class TestWhatIsNoted:
    def test_a_tick_has_its_moment_and_two_hosts_share_it(self, host: Guest, attempt: str) -> None:
        other = join(host, Role.HOST, "Hugo")

        done(host, "PUT", f"attempts/{attempt}/ticks/2", t="61000")
        done(other, "PUT", f"attempts/{attempt}/ticks/2", t="61500")

        assert ticks_of(host, attempt) == {"2": (True, 61_500)}
        pages = [do(guest, "GET", f"desk/{attempt}").text for guest in (host, other)]
        for page in pages:
            assert 'data-step="2" data-said="yes" data-split="61500"' in page

    def test_a_step_is_unticked_although_the_checker_found_it(
        self, host: Guest, attempt: str
    ) -> None:
        done(host, "DELETE", f"attempts/{attempt}/ticks/1?t=5")

        assert ticks_of(host, attempt) == {"1": (False, None)}
        assert 'data-step="1" data-said="no"' in do(host, "GET", f"desk/{attempt}").text
        assert [(one.kind, one.step, one.t) for one in remarks_of(host)] == [("untick", "1", 5)]

    def test_a_tick_is_for_a_step_that_there_is_and_a_moment(
        self, host: Guest, attempt: str
    ) -> None:
        assert_refused(do(host, "PUT", f"attempts/{attempt}/ticks/99", t="5"), 404, "no step 99")
        assert_refused(do(host, "PUT", f"attempts/{attempt}/ticks/1", t="-5"), 422, "t:")
        assert ticks_of(host, attempt) == {}

    @pytest.mark.parametrize("kind", ["error", "question", "hint"])
    def test_a_moment_is_noted_without_a_word(self, host: Guest, attempt: str, kind: str) -> None:
        done(host, "POST", f"attempts/{attempt}/remarks", kind=kind, t="72000")

        (one,) = remarks_of(host)
        assert (one.kind, one.t, one.seat_id, one.text) == (kind, 72_000, host.seat, "")
        assert "1:12" in text_of(do(host, "GET", f"desk/{attempt}").text)

    def test_a_comment_is_about_a_step_or_the_whole(self, host: Guest, attempt: str) -> None:
        path = f"attempts/{attempt}/remarks"
        done(host, "POST", path, kind="comment", t="9", text=" Says $X^\\top X$ first. ", step="2")

        page = text_of(do(host, "GET", f"desk/{attempt}").text)
        assert "step 2 Says $X^\\top X$ first." in page
        empty = do(host, "POST", path, kind="comment", t="9", text="  ")
        assert_refused(empty, 422, "A comment says something")

    def test_an_item_of_the_rubric_is_seen_and_taken_back(self, host: Guest, attempt: str) -> None:
        done(host, "PUT", "rubric", items="Shapes")
        done(host, "POST", f"attempts/{attempt}/remarks", kind="rubric", t="5", item="Shapes")
        (one,) = remarks_of(host)
        assert f'data-remark="{one.id}"' in do(host, "GET", f"desk/{attempt}").text

        done(host, "DELETE", f"attempts/{attempt}/remarks/{one.id}")

        assert remarks_of(host) == []
        assert "data-remark=" not in do(host, "GET", f"desk/{attempt}").text

    def test_what_cannot_be_noted_is_refused(self, host: Guest, attempt: str) -> None:
        path = f"attempts/{attempt}/remarks"
        gone = do(host, "POST", path, kind="rubric", t="5", item="Gone")
        assert_refused(gone, 422, "no such item any more")
        assert_refused(do(host, "POST", path, kind="tick", t="5"), 422, "at its own address")
        assert_refused(do(host, "POST", path, kind="sneeze", t="5"), 422, "kind")
        assert_refused(do(host, "POST", path, kind="error"), 422, "t:")
        assert_refused(do(host, "DELETE", f"{path}/77"), 404, "no such remark")
        assert remarks_of(host) == []

    def test_where_two_have_noted_something_it_says_who(self, host: Guest, attempt: str) -> None:
        other = join(host, Role.HOST, "Hugo")
        done(host, "POST", f"attempts/{attempt}/remarks", kind="error", t="5")
        assert "Error Hana" not in text_of(do(host, "GET", f"desk/{attempt}").text)

        done(other, "POST", f"attempts/{attempt}/remarks", kind="error", t="6")

        page = text_of(do(host, "GET", f"desk/{attempt}").text)
        assert "Error Hugo" in page
        assert "Error Hana" in page

    def test_the_checker_judges_for_hosts_while_the_attempt_runs(
        self, host: Guest, attempt: str
    ) -> None:
        ada = join(host, Role.CANDIDATE)
        let_in(host, ada)
        run(host, attempt)
        with board(ada, attempt) as page:
            page.send(ink(1), line(2))
            page.hear("ack")
        lines = [r"X^\top X w = X^\top y", r"\nabla_w \mathcal{L} = X^\top (y - Xw)"]

        answer = host.client.post(f"{host.base}/attempts/{attempt}/findings", json={"lines": lines})

        assert [(one["verdict"], one["steps"]) for one in answer.json()] == [
            ("holds", [2]),
            ("fails", []),
        ]
        assert answer.json()[1]["slip"]
        denied = ada.client.post(f"{ada.base}/attempts/{attempt}/findings", json={"lines": lines})
        assert_refused(denied, 403, "Only the host")
        many = {"lines": ["x"] * 201}
        answer = host.client.post(f"{host.base}/attempts/{attempt}/findings", json=many)
        assert answer.status_code == 422


class TestNotesAndScorecard:
    def test_notes_are_ones_own(self, host: Guest) -> None:
        other = join(host, Role.HOST, "Hugo")

        done(host, "PUT", "notes", notes="# Quick\r\nbut *silent*\0")

        assert seat_of(host).notes == "# Quick\nbut *silent*"
        assert "but *silent*" in host.client.get(host.base).text
        assert "but *silent*" not in other.client.get(other.base).text
        assert_refused(do(host, "PUT", "notes", notes="x" * 10_001), 422, "at most")

    def test_the_card_is_kept_as_far_as_it_is_filled_in(self, host: Guest) -> None:
        answer = write_card(host, levels={"flow": 4}, comments={"flow": "A plan"}, text="Calm.")

        assert answer.status_code == 204
        page = host.client.get(host.base).text
        assert 'name="level-flow" value="4" checked' in page
        assert "A plan" in page

    @pytest.mark.parametrize(
        ("card", "words"),
        [
            ({"levels": {"flow": 6}}, "levels.flow"),
            ({"levels": {"charm": 3}}, "levels.charm"),
            ({"recommendation": "maybe"}, "recommendation"),
            ({"grade": "A"}, "grade"),
        ],
    )
    def test_a_card_that_makes_no_sense_is_refused(
        self, host: Guest, card: dict[str, Any], words: str
    ) -> None:
        assert_refused(write_card(host, **card), 422, f"scorecard, {words}")
        assert seat_of(host).card == "{}"

    def test_it_is_submitted_when_it_is_complete_and_then_stays(
        self, host: Guest, now: Now
    ) -> None:
        assert_refused(do(host, "POST", "card/submission"), 409, "A level for each criterion")
        full = {"levels": dict.fromkeys(TITLES, 4), "recommendation": "yes"}
        assert write_card(host, **full).status_code == 204

        done(host, "POST", "card/submission")

        assert seat_of(host).submitted_at == now()
        assert_refused(write_card(host, text="No."), 409, "It stays as it is")
        assert "data-submitted" in host.client.get(host.base).text
