"""Attempts and splits as tables for a spreadsheet."""

import csv
import io

from starlette.testclient import TestClient

from tests.helpers import MINUTE, Now
from tests.web.helpers import abandon, start_attempt
from tests.web.keep.helpers import done


def rows_of(client: TestClient, path: str) -> list[dict[str, str]]:
    response = client.get(path)
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    text = response.content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def test_the_table_of_attempts(client: TestClient, now: Now) -> None:
    attempt = done(client, now, note='=HYPERLINK("http://evil.example")\r\n"ŷ", then')
    abandoned = start_attempt(client, "rope", minutes="none", mode="guided")
    now.advance(2 * MINUTE + 500)
    abandon(client, abandoned)

    newest, first = rows_of(client, "/keep/attempts.csv")

    assert first == {
        "attempt": attempt,
        "derivation": "ols",
        "title": "Ordinary least squares",
        "mode": "cold",
        "begun_utc": "2025-10-09 09:00:00",
        "limit_hms": "0:05:00",
        "limit_ms": "300000",
        "ended_after_hms": "0:00:30",
        "ended_after_ms": "30000",
        "end": "done",
        "steps_reached": "3",
        "steps": "4",
        "clean": "no",
        "time_hms": "0:00:30",
        "time_ms": "30000",
        "note": '\'=HYPERLINK("http://evil.example")\n"ŷ", then',
    }
    assert (newest["attempt"], newest["limit_hms"], newest["limit_ms"]) == (abandoned, "", "")
    assert (newest["steps_reached"], newest["clean"]) == ("", "")
    assert (newest["ended_after_hms"], newest["ended_after_ms"]) == ("0:02:00", "120500")


def test_the_table_of_splits(client: TestClient, now: Now) -> None:
    attempt = done(client, now)
    client.delete(f"/a/{attempt}/steps/3")
    unreviewed = start_attempt(client, "rope")
    abandon(client, unreviewed)

    rows = rows_of(client, "/keep/splits.csv")

    assert {row["attempt"] for row in rows} == {attempt}
    assert [(row["step"], row["reached"], row["split_ms"], row["said_by"]) for row in rows] == [
        ("1", "yes", "2000", "writer"),
        ("2", "yes", "1000", "checker"),
        ("3", "no", "", "writer"),
        ("4", "no", "", "checker"),
        ("5", "no", "", "checker"),
    ]
    assert rows[0]["split_hms"] == "0:00:02"
    assert (rows[0]["step_title"], rows[0]["must"], rows[4]["must"]) == ("Gradient", "yes", "no")


def test_the_tables_leave_out_what_is_attempted(client: TestClient, now: Now) -> None:
    done(client, now, note="The transpose.")
    other = done(client, now, "rope")
    start_attempt(client, "ols-ridge")

    for path in ("/keep/attempts.csv", "/keep/splits.csv"):
        assert {row["attempt"] for row in rows_of(client, path)} == {other}


def test_tables_of_nothing_have_their_columns(client: TestClient) -> None:
    for path in ("/keep/attempts.csv", "/keep/splits.csv"):
        assert rows_of(client, path) == []
        assert client.get(path).content.startswith(b"\xef\xbb\xbfattempt,derivation,")
