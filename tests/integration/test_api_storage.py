"""What is said about datasets, deleting for real, and the care of the warehouse over HTTP."""

from __future__ import annotations

from pathlib import Path

import httpx

from tests.integration.conftest import put

WIDE = b"i,text\n" + b"".join(b"%d,some words %d\n" % (i, i * 7919 % 99991) for i in range(60_000))


def test_a_dataset_can_be_described(api: httpx.Client) -> None:
    made = put(api, b"a,b\n1,2\n", "describe me").json()
    path = f"/api/v1/datasets/{made['dataset']}"
    body = {"name": "described", "description": "Two\nlines", "tags": ["Raw", "raw", " 2024 "]}
    changed = api.patch(path, json=body).json()
    assert changed["name"] == "described"
    assert changed["description"] == "Two\nlines"
    assert changed["tags"] == ["raw", "2024"]
    assert api.patch(path, json={"tags": []}).json()["description"] == "Two\nlines"
    put(api, b"a,b\n3,4\n", "taken")
    assert api.patch(path, json={"name": "taken"}).status_code == 409
    assert api.patch(path, json={"name": " "}).status_code == 422
    assert api.patch(path, json={"description": "x" * 6000}).status_code == 422
    assert api.patch("/api/v1/datasets/nothing", json={"name": "x"}).status_code == 404


def test_a_version_says_where_it_came_from(api: httpx.Client) -> None:
    uploaded = put(api, b"a,b\n5,6\n", "origin").json()
    sample = api.post("/api/v1/samples/iris").json()
    assert uploaded["source"] == "upload"
    assert sample["source"] == "sample"
    assert uploaded["added_by"]


def test_one_version_can_go_and_the_others_stay(api: httpx.Client) -> None:
    first = put(api, b"a,b\n1,2\n", "two versions").json()
    put(api, b"a,b\n3,4\n", "two versions")
    path = f"/api/v1/datasets/{first['dataset']}"
    assert api.delete(f"{path}/versions/1").status_code == 204
    assert [v["version"] for v in api.get(f"{path}/versions").json()["items"]] == [2]
    assert api.delete(f"{path}/versions/1").status_code == 404
    assert api.delete(f"{path}/versions/2").status_code == 204
    assert api.get(path).status_code == 404


def held(space: dict[str, int]) -> int:
    """What the file holds: free blocks at its end are cut off at once, others are kept."""
    return space["file_bytes"] - space["free_in_file_bytes"]


def test_deleting_and_compacting_give_the_room_back(api: httpx.Client) -> None:
    made = put(api, WIDE, "big").json()
    before = api.get("/api/v1/storage").json()
    assert api.delete(f"/api/v1/datasets/{made['dataset']}").status_code == 204
    freed = api.get("/api/v1/storage").json()
    assert held(freed) < held(before)
    done = api.post("/api/v1/storage/compact").json()
    assert done["after"]["file_bytes"] <= done["before"]["file_bytes"]
    assert done["after"]["file_bytes"] < before["file_bytes"]
    assert api.get("/api/v1/healthz").status_code == 200


def test_a_backup_brings_everything_back(api: httpx.Client, tmp_path: Path) -> None:
    put(api, b"a,b\n1,2\n", "in the backup")
    folder = str(tmp_path / "safe")
    made = api.post("/api/v1/storage/backup", json={"folder": folder})
    assert made.status_code == 201, made.text
    assert made.json()["size_bytes"] > 0
    put(api, b"a,b\n1,2\n", "after the backup")
    done = api.post("/api/v1/storage/restore", json={"folder": folder})
    assert done.status_code == 200, done.text
    names = {d["name"] for d in api.get("/api/v1/datasets?limit=200").json()["items"]}
    assert "in the backup" in names
    assert "after the backup" not in names
    assert Path(done.json()["former"]).exists()


def test_folders_of_the_server_are_only_named_on_its_own_computer(
    api: httpx.Client, tmp_path: Path
) -> None:
    for call in ("backup", "restore"):
        answer = api.post(
            f"/api/v1/storage/{call}",
            json={"folder": str(tmp_path / "x")},
            headers={"X-Forwarded-For": "10.1.2.3"},
        )
        assert answer.status_code == 403
    assert api.post("/api/v1/storage/backup", json={"folder": "here"}).status_code == 422
    for folder in ("/tmp/\0x", "/dev/null/x"):
        answer = api.post("/api/v1/storage/backup", json={"folder": folder})
        assert answer.status_code == 422, answer.text
    missing = api.post("/api/v1/storage/restore", json={"folder": str(tmp_path / "none")})
    assert missing.status_code == 404


def test_the_file_of_a_version_is_kept_and_can_be_read_anew(api: httpx.Client) -> None:
    made = put(api, b"a,b\n1,2\n3,4\n", "again").json()
    path = f"/api/v1/datasets/{made['dataset']}/versions/1"
    assert api.get(f"{path}/reading").json()["options"] == {}
    assert api.get(f"{path}/rejects").status_code == 404
    assert api.post(f"{path}/reading", json={"colour": "red"}).status_code == 422
    assert api.post(f"{path}/reading", json={}).json()["version"] == 1
    assert api.post(f"{path}/answers", json={"option": "x", "value": "y"}).status_code == 422
