"""Uploads in pieces over HTTP: broken lines, wrong offsets, cancelling, two at once."""

from __future__ import annotations

import contextlib
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx

from tests.integration.conftest import put

TABLE = b"a,b\n" + b"".join(b"%d,%d\n" % (i, i * i) for i in range(5000))


def begin(api: httpx.Client, size: int = len(TABLE), name: str = "pieces") -> str:
    body = {"name": name, "filename": f"{name}.csv", "size": size}
    answer = api.post("/api/v1/uploads", json=body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["upload"])


def send(api: httpx.Client, upload: str, offset: int, content: bytes) -> httpx.Response:
    headers = {"Upload-Offset": str(offset)}
    return api.patch(f"/api/v1/uploads/{upload}", headers=headers, content=content)


def finish(api: httpx.Client, upload: str, **options: Any) -> httpx.Response:
    return api.post(f"/api/v1/uploads/{upload}/finish", json={"options": options})


def test_a_file_comes_in_pieces(api: httpx.Client) -> None:
    upload = begin(api)
    for start in range(0, len(TABLE), 10_000):
        answer = send(api, upload, start, TABLE[start : start + 10_000])
        assert answer.json()["offset"] == min(start + 10_000, len(TABLE))
    made = finish(api, upload)
    assert made.status_code == 201, made.text
    assert made.json()["rows"] == 5000
    assert api.get(f"/api/v1/uploads/{upload}").status_code == 404


def test_a_broken_line_costs_no_byte_that_arrived(api: httpx.Client) -> None:
    upload = begin(api, name="broken")

    def half():
        yield TABLE[:20_000]
        raise RuntimeError("the network is gone")

    with contextlib.suppress(RuntimeError):
        api.patch(f"/api/v1/uploads/{upload}", headers={"Upload-Offset": "0"}, content=half())
    # the server may hear of it a moment later
    offset = -1
    for _ in range(100):
        now = api.get(f"/api/v1/uploads/{upload}").json()["offset"]
        if now == offset == 20_000:
            break
        offset = now
    assert offset == 20_000
    assert send(api, upload, offset, TABLE[offset:]).status_code == 200
    assert finish(api, upload).json()["rows"] == 5000


def test_a_piece_at_a_wrong_place_is_refused_with_the_right_one(api: httpx.Client) -> None:
    upload = begin(api)
    send(api, upload, 0, TABLE[:100])
    answer = send(api, upload, 50, TABLE[50:])
    assert answer.status_code == 409
    assert "100" in answer.json()["detail"]
    assert api.get(f"/api/v1/uploads/{upload}").json()["offset"] == 100


def test_an_unfinished_upload_is_not_read(api: httpx.Client) -> None:
    upload = begin(api)
    send(api, upload, 0, TABLE[:100])
    assert finish(api, upload).status_code == 409


def test_more_bytes_than_announced_are_refused(api: httpx.Client) -> None:
    upload = begin(api, size=10)
    assert send(api, upload, 0, TABLE).status_code == 413
    assert begin(api) != upload
    assert api.post("/api/v1/uploads", json={"size": 0}).status_code == 422
    assert api.post("/api/v1/uploads", json={"size": 10**15}).status_code == 413


def test_a_cancelled_upload_is_gone(api: httpx.Client) -> None:
    upload = begin(api)
    assert api.delete(f"/api/v1/uploads/{upload}").status_code == 204
    answer = send(api, upload, 0, TABLE)
    assert answer.status_code == 404
    assert "again" in answer.json()["detail"]


def test_an_upload_that_cannot_be_read_stays_to_be_read_otherwise(api: httpx.Client) -> None:
    bad = b"\x00\x01\x02" * 100
    upload = begin(api, len(bad), "bad")
    send(api, upload, 0, bad)
    assert finish(api, upload).status_code == 422
    assert api.get(f"/api/v1/uploads/{upload}").json()["offset"] == len(bad)
    assert finish(api, upload, colour="red").status_code == 422


def test_two_uploads_of_one_name_at_once_are_two_versions(api: httpx.Client) -> None:
    tables = [TABLE + b"%d,0\n" % n for n in range(4)]
    answers: list[httpx.Response] = []
    threads = [
        threading.Thread(target=lambda t=t: answers.append(put(api, t, "at once"))) for t in tables
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    made = [a.json() for a in answers]
    assert sorted(m["version"] for m in made) == [1, 2, 3, 4]
    assert len({m["dataset"] for m in made}) == 1


def test_others_are_answered_while_a_large_file_is_read(api: httpx.Client) -> None:
    rows = "".join(f"{i},{i * 7919 % 99991 / 7},some words {i % 50}\n" for i in range(20_000))
    content = b"i,x,s\n" + rows.encode() * 60
    with ThreadPoolExecutor(1) as thread, httpx.Client(base_url=api.base_url, timeout=60) as other:
        sending = thread.submit(put, other, content, "large")
        answers = 0
        while not sending.done():
            assert api.get("/api/v1/healthz", timeout=10).status_code == 200
            assert api.get("/api/v1/datasets", params={"limit": 1}, timeout=10).status_code == 200
            answers += 1
        assert sending.result().status_code == 201, sending.result().text
    assert answers > 3
