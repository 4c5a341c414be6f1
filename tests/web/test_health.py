from starlette.testclient import TestClient


def test_a_server_that_reaches_its_database_is_well(client: TestClient) -> None:
    response = client.get("/healthz")

    assert (response.status_code, response.text) == (200, "ok\n")
