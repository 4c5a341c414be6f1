from starlette.testclient import TestClient

from app.practice.recording import read_recording
from tests.helpers import MINUTE, Now, end, ink, line, start
from tests.web.helpers import abandon, end_attempt, start_attempt


def test_an_ended_attempt_is_a_file(client: TestClient, now: Now) -> None:
    attempt = start_attempt(client)
    now.advance(MINUTE)
    end_attempt(client, attempt, ink(1_000), line(2_000), t=30_000)
    client.put(f"/a/{attempt}/note", data={"note": "Shapes first."})
    client.put(f"/a/{attempt}/steps/1", data={"split": "2000"})

    response = client.get(f"/a/{attempt}/recording.ndjson")

    assert response.headers["content-type"].startswith("application/x-ndjson")
    assert f'filename="coldboard-{attempt}.ndjson"' in response.headers["content-disposition"]
    header, events = read_recording(response.text.splitlines(keepends=True))
    assert (header.attempt, header.note, header.steps) == (attempt, "Shapes first.", {"1": 2_000})
    assert events == [start(), ink(1_000), line(2_000), end(30_000)]


def test_a_running_attempt_is_no_file(client: TestClient) -> None:
    assert client.get(f"/a/{start_attempt(client)}/recording.ndjson").status_code == 403


def test_an_earlier_attempt_is_no_file_while_another_runs(client: TestClient) -> None:
    earlier = start_attempt(client)
    abandon(client, earlier)
    start_attempt(client)

    assert client.get(f"/a/{earlier}/recording.ndjson").status_code == 403
