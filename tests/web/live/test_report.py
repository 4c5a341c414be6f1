"""After a session: what its hosts read, what they share, and what the candidate takes along."""

import json
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.practice.roles import Role
from app.practice.scorecard import TITLES
from app.storage.sessions import REPORT
from tests.helpers import MINUTE, Now, ink, line, start
from tests.web.helpers import text_of
from tests.web.live.helpers import (
    Guest,
    attempt_of,
    board,
    join,
    let_in,
    link_for,
    open_session,
    stranger,
)

HOLDS = r"X^\top X w = X^\top y"
FULL_CARD: dict[str, Any] = {
    "levels": dict.fromkeys(TITLES, 4),
    "text": "Calm under pressure.",
    "recommendation": "yes",
}


def held(client: TestClient, now: Now) -> tuple[Guest, Guest, str]:
    """A session that is over: its host, its candidate, and the attempt."""
    host = open_session(client)
    ada = candidate_of(host)
    return host, ada, hold(host, ada, now)


def candidate_of(host: Guest, name: str = "Ada") -> Guest:
    ada = join(host, Role.CANDIDATE, name)
    let_in(host, ada)
    return ada


def hold(host: Guest, ada: Guest, now: Now) -> str:
    """Derives to the end of the session, and gives the attempt."""
    attempt = attempt_of(host)
    with board(host, attempt, "h") as desk, board(ada, attempt) as page:
        desk.send(start())
        desk.hear("ack")
        now.advance(2 * MINUTE)
        page.send(ink(1_000), line(60_000, HOLDS))
        page.hear("ack")
    at = f"{host.base}/attempts/{attempt}"
    said = {"kind": "question", "t": "61000", "text": "Is it invertible?"}
    assert host.client.post(f"{at}/remarks", data=said).status_code == 204
    notes = {"notes": r"**Quick** <b>x</b> $a_1 * b_*$"}
    assert host.client.put(f"{host.base}/notes", data=notes).is_success
    assert host.client.put(f"{host.base}/card", json={"card": FULL_CARD}).is_success
    assert host.client.post(f"{host.base}/end").status_code == 204
    return attempt


def share(host: Guest, attempt: str, *parts: str) -> int:
    at = f"{host.base}/attempts/{attempt}/sharing"
    return host.client.post(at, data={"parts": list(parts)}).status_code


def share_own(host: Guest, *parts: str) -> None:
    answer = host.client.post(f"{host.base}/report/sharing", data={"parts": list(parts)})
    assert answer.status_code == 204


def test_a_host_reads_steps_splits_remarks_notes_and_the_card(client: TestClient, now: Now) -> None:
    host, _, _ = held(client, now)

    page = host.client.get(f"{host.base}/report")
    text = text_of(page.text)

    assert "Question: Is it invertible?" in text
    assert "Calm under pressure." in text
    assert "Hana: yes" in text
    assert "1:00" in text
    # Markdown is rendered, and HTML in it stays text.
    assert "<strong>Quick</strong> &lt;b&gt;x&lt;/b&gt;" in page.text
    assert '<span class="tex">a_1 * b_*</span>' in page.text


def test_the_candidate_sees_nothing_until_it_is_shown_and_then_that_alone(
    client: TestClient, now: Now
) -> None:
    host, ada, attempt = held(client, now)
    private = ("Is it invertible?", "Calm under pressure.", "Quick", "4 of 5:")

    bare = text_of(ada.client.get(f"{ada.base}/report").text)
    assert not [word for word in private if word in bare]
    assert "Key steps" not in bare

    assert share(host, attempt, "remarks") == 204
    shown = text_of(ada.client.get(f"{ada.base}/report").text)
    assert "Is it invertible?" in shown
    assert not [word for word in private[1:] if word in shown]

    share_own(host, "card", "notes")
    assert share(host, attempt, "steps") == 204
    shown = text_of(ada.client.get(f"{ada.base}/report").text)
    assert "Is it invertible?" not in shown
    assert all(word in shown for word in private[1:])
    assert "Key steps" in shown
    assert attempt in ada.client.get(f"{ada.base}/report").text


def test_another_host_reads_a_card_once_both_are_submitted(client: TestClient) -> None:
    host = open_session(client)
    other = join(host, Role.HOST, "Ivo")
    for one, words in ((host, "Hana's words"), (other, "Ivo's words")):
        card = FULL_CARD | {"text": words}
        assert one.client.put(f"{one.base}/card", json={"card": card}).status_code == 204

    def reads(one: Guest) -> set[str]:
        text = text_of(one.client.get(f"{one.base}/report").text)
        return {words for words in ("Hana's words", "Ivo's words") if words in text}

    assert reads(host) == {"Hana's words"}
    assert host.client.post(f"{host.base}/card/submission").status_code == 204
    assert reads(other) == {"Ivo's words"}
    assert other.client.post(f"{other.base}/card/submission").status_code == 204
    assert reads(other) == reads(host) == {"Hana's words", "Ivo's words"}
    # A card that was submitted stays as it is.
    refused = host.client.put(f"{host.base}/card", json={"card": FULL_CARD})
    assert refused.status_code == 409


def test_a_card_is_submitted_when_it_is_whole(client: TestClient) -> None:
    host = open_session(client)
    half = {"levels": {"flow": 3}}
    assert host.client.put(f"{host.base}/card", json={"card": half}).status_code == 204
    assert host.client.post(f"{host.base}/card/submission").status_code == 409


def test_a_link_opens_what_is_shared_until_it_is_taken_back(client: TestClient, now: Now) -> None:
    host, _, attempt = held(client, now)
    assert share(host, attempt, "replay") == 204
    assert host.client.post(f"{host.base}/report/link").status_code == 303
    token = link_for(host, REPORT)
    reader = stranger(client)

    assert reader.get(f"/r/{token}").status_code == 200
    file = reader.get(f"/r/{token}/attempts/{attempt}/recording.ndjson")
    header, *events = file.text.splitlines()
    assert json.loads(header)["steps"] == {}
    assert len(events) == 4

    assert host.client.post(f"{host.base}/report/link/withdrawal").status_code == 303
    gone = reader.get(f"/r/{token}")
    assert gone.status_code == 403
    assert "taken back" in gone.text
    assert reader.get(f"/join/{token}").status_code == 403


def test_after_a_swap_each_host_shares_what_they_hosted_and_nothing_else(
    client: TestClient,
) -> None:
    host = open_session(client)
    ada = candidate_of(host)
    first = attempt_of(host)
    remark(host, first, "Forgets the transpose.")
    assert share(host, first, "verdicts") == 204
    host.client.post(f"{host.base}/swap")
    ada.client.post(f"{ada.base}/attempts", data={"derivation": "ols"})
    second = attempt_of(ada)
    remark(ada, second, "Writes too small.")

    for part in ("steps", "remarks"):
        assert share(ada, first, part) == 403
    assert share(ada, first, "replay") == 204
    assert share(ada, second, "remarks") == 204
    assert share(host, first, "remarks") == 403
    share_own(ada, "card", "notes")
    assert ada.client.post(f"{ada.base}/end").status_code == 204

    ada.client.post(f"{ada.base}/report/link")
    link = f"/r/{link_for(ada, REPORT)}"
    for client_, at in ((ada.client, f"{ada.base}/report"), (stranger(client), link)):
        assert "Forgets" not in client_.get(f"{at}?attempt={first}").text
        assert "Writes too small." in client_.get(f"{at}?attempt={second}").text
    files = [
        stranger(client).get(f"{link}/attempts/{one}/recording.ndjson") for one in (first, second)
    ]
    assert [file.status_code for file in files] == [200, 403]
    # What another host ticked of it stays.
    assert (
        'value="verdicts" checked disabled'
        in ada.client.get(f"{ada.base}/report?attempt={first}").text
    )


def test_after_a_swap_a_host_keeps_what_they_hosted_once_all_is_over(
    client: TestClient, now: Now
) -> None:
    host = open_session(client)
    ada = candidate_of(host)
    first = attempt_of(host)
    remark(host, first, "Forgets the transpose.")
    host.client.put(f"{host.base}/card", json={"card": FULL_CARD})
    assert host.client.post(f"{host.base}/card/submission").status_code == 204
    now.advance(MINUTE)
    host.client.post(f"{host.base}/swap")
    now.advance(MINUTE)
    ada.client.post(f"{ada.base}/attempts", data={"derivation": "ols"})
    second = attempt_of(ada)
    remark(ada, second, "Writes too small.")
    ada.client.put(f"{ada.base}/card", json={"card": FULL_CARD | {"text": "Hurried."}})
    assert ada.client.post(f"{ada.base}/card/submission").status_code == 204
    # Who derives now may be asked the same again.
    assert host.client.get(f"{host.base}/report").status_code == 403
    ada.client.post(f"{ada.base}/end")

    page = host.client.get(f"{host.base}/report?attempt={first}").text
    assert "Forgets the transpose." in page
    assert 'id="steps"' in page
    assert FULL_CARD["text"] in page
    assert "Hurried." not in page
    other = host.client.get(f"{host.base}/report?attempt={second}").text
    assert "Writes too small." not in other
    assert 'id="steps"' not in other

    assert share(host, second, "steps") == 403
    assert share(host, first, "remarks") == 204
    assert "Forgets" in ada.client.get(f"{ada.base}/report?attempt={first}").text
    assert FULL_CARD["text"] not in ada.client.get(f"{ada.base}/report?attempt={first}").text
    share_own(host, "card")
    assert FULL_CARD["text"] in ada.client.get(f"{ada.base}/report?attempt={first}").text
    assert "Writes too small." in ada.client.get(f"{ada.base}/report?attempt={second}").text


def test_a_report_of_which_nothing_is_shared_says_so(client: TestClient, now: Now) -> None:
    host, _, attempt = held(client, now)
    host.client.post(f"{host.base}/report/link")
    link = f"/r/{link_for(host, REPORT)}"

    assert "is shared with you" in text_of(stranger(client).get(link).text)
    share(host, attempt, "replay")
    assert "is shared with you" not in text_of(stranger(client).get(link).text)


def remark(host: Guest, attempt: str, text: str) -> None:
    said = {"kind": "comment", "t": "5", "text": text}
    assert host.client.post(f"{host.base}/attempts/{attempt}/remarks", data=said).status_code == 204


def test_a_report_says_which_of_several_derivations_it_shows(client: TestClient, now: Now) -> None:
    host = open_session(client)
    first = attempt_of(host)
    client.post(f"{host.base}/attempts/{first}/end")
    assert "derivation 1 of" not in text_of(client.get(f"{host.base}/report").text)

    now.advance(MINUTE)
    client.post(f"{host.base}/attempts", data={"derivation": "ols"})
    client.post(f"{host.base}/attempts/{attempt_of(host)}/end")
    assert "derivation 1 of 2" in text_of(client.get(f"{host.base}/report").text)
    second = client.get(f"{host.base}/report?attempt={attempt_of(host)}")
    assert "derivation 2 of 2" in text_of(second.text)


def test_a_report_link_expires(client: TestClient, now: Now) -> None:
    host, _, _ = held(client, now)
    host.client.post(f"{host.base}/report/link")
    token = link_for(host, REPORT)
    now.advance(8 * 24 * 60 * MINUTE)

    answer = stranger(client).get(f"/r/{token}")

    assert answer.status_code == 403
    assert "expired" in answer.text


def test_the_candidate_keeps_the_attempt_once_and_it_counts_for_nothing_else(
    client: TestClient, now: Now
) -> None:
    _host, ada, attempt = held(client, now)
    before = text_of(client.get("/history").text).count("Ordinary least squares")

    kept = [ada.client.post(f"{ada.base}/attempts/{attempt}/keep") for _ in range(2)]

    addresses = {answer.headers["location"] for answer in kept}
    assert len(addresses) == 1
    [address] = addresses
    assert client.get(address).status_code == 200
    assert text_of(client.get("/history").text).count("Ordinary least squares") > before
    # The session's own attempt is at no address of one's own.
    assert client.get(f"/a/{attempt}").status_code == 404


def test_a_second_device_of_the_candidate_takes_the_attempt_along_too(
    client: TestClient, now: Now
) -> None:
    host = open_session(client)
    ada = candidate_of(host)
    now.advance(MINUTE)
    tablet = candidate_of(host, "Ada’s tablet")
    attempt = hold(host, ada, now)

    at = f"{tablet.base}/attempts/{attempt}"
    assert tablet.client.get(f"{at}/recording.ndjson").status_code == 200
    assert "Keep this attempt" in tablet.client.get(f"{tablet.base}/report").text
    assert tablet.client.post(f"{at}/keep").status_code == 303


def test_the_file_is_brought_in_elsewhere(client: TestClient, now: Now) -> None:
    _, ada, attempt = held(client, now)
    file = ada.client.get(f"{ada.base}/attempts/{attempt}/recording.ndjson")
    assert file.status_code == 200

    answer = client.post("/keep/import", files={"file": ("a.ndjson", file.content)})

    assert answer.status_code == 200, answer.text
    assert "Nothing new" not in answer.text


@pytest.mark.parametrize("text", ["{}", '{"coldboard":1}\n[', "{\xff"])
def test_a_broken_file_is_refused_with_its_line(client: TestClient, text: str) -> None:
    file = {"file": ("a.ndjson", text.encode("latin-1"))}
    answer = client.post("/keep/import", files=file)
    assert answer.status_code == 422
    assert "line 1" in text_of(answer.text)


def test_a_deleted_session_is_gone_for_everybody(client: TestClient, now: Now) -> None:
    host, ada, attempt = held(client, now)

    assert host.client.post(f"{host.base}/report/deletion").status_code == 303

    assert ada.client.get(f"{ada.base}/report").status_code == 404
    assert ada.client.get(f"{ada.base}/attempts/{attempt}/recording.ndjson").status_code == 404
    assert client.get("/sessions").status_code == 200


def test_a_report_is_closed_where_an_attempt_on_the_derivation_runs(
    client: TestClient, now: Now
) -> None:
    host, _, _ = held(client, now)
    assert "Key steps" in text_of(host.client.get(f"{host.base}/report").text)
    client.post("/attempts", data={"derivation": "ols"})

    shown = text_of(host.client.get(f"{host.base}/report").text)

    assert "is running on this server" in shown
    assert 'id="step-1"' not in shown
