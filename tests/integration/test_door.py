"""A server that others can reach asks them all for the password."""

from __future__ import annotations

import httpx

from tests.conftest import StartServer

OPEN = {"FREEMLOPS_PASSWORD": "open sesame"}


def test_pages_api_and_websockets_ask_for_the_password(start_server: StartServer) -> None:
    server = start_server(None, "--host", "0.0.0.0", env=OPEN)
    with server.client() as client:
        assert client.get("/api/v1/datasets").status_code == 401
        assert client.get("/home").status_code == 303
        assert client.get("/static/js/bokeh.min.js").status_code == 303
        assert client.get("/api/v1/healthz").status_code == 200
        key = {"Authorization": "Bearer open sesame"}
        assert client.get("/api/v1/datasets", headers=key).status_code == 200
        answer = client.post("/login", data={"password": "open sesame", "next": "/home"})
        assert answer.status_code == 303
        assert client.get("/home").status_code == 200
        assert client.get("/api/v1/datasets").status_code == 200


def test_a_password_is_generated_once_and_works(start_server: StartServer) -> None:
    server = start_server(None, "--host", "0.0.0.0")
    line = next(line for line in server.lines if "shown only now" in line)
    password = line.split()[-1]
    with server.client(headers={"Authorization": f"Bearer {password}"}) as client:
        assert client.get("/api/v1/datasets").status_code == 200
    server.stop()
    again = start_server(server.home, "--host", "0.0.0.0")
    assert not [line for line in again.lines if "shown only now" in line]
    with again.client(headers={"Authorization": f"Bearer {password}"}) as client:
        assert client.get("/api/v1/datasets").status_code == 200


def test_dns_rebinding_finds_a_closed_door(start_server: StartServer) -> None:
    server = start_server()
    answer = httpx.get(
        f"{server.url}/api/v1/datasets", headers={"Host": "evil.example.org"}, trust_env=False
    )
    assert answer.status_code == 421


def test_no_other_site_may_frame_the_pages(start_server: StartServer) -> None:
    with start_server().client() as client:
        headers = client.get("/home").headers
    assert "frame-ancestors 'self'" in headers["content-security-policy"]
    assert headers["x-frame-options"] == "SAMEORIGIN"


def test_an_address_without_a_page_leads_home_in_the_readers_language(
    start_server: StartServer,
) -> None:
    with start_server().client() as client:
        found = client.get("/nope", headers={"Accept": "text/html", "Accept-Language": "pt-BR"})
        assert found.status_code == 404
        assert '<html lang="pt-BR">' in found.text
        assert 'href="/"' in found.text
        english = client.get("/home/nope", headers={"Accept": "text/html"})
        assert "There is no page here" in english.text
        assert "<html" not in client.get("/static/nope.js", headers={"Accept": "*/*"}).text
