"""The command line: data on stdout, words on stderr, codes that scripts can trust."""

from __future__ import annotations

import csv
import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT, LiveServer, StartServer, free_environment
from tests.integration.conftest import loans_csv


def freemlops(
    *arguments: str | Path, timeout: float = 120, **env: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "freemlops", *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=timeout,
        cwd=ROOT,
        env=free_environment(LANG="C.UTF-8", **env),
    )


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cli") / "home"


@pytest.fixture(scope="module")
def loans(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("data") / "loans.csv"
    path.write_bytes(loans_csv())
    return path


@pytest.fixture(scope="module")
def trained(home: Path, loans: Path) -> dict[str, object]:
    done = freemlops(
        "train", loans, "--target", "inadimplente", "--budget", "15s", "--json", "--home", home,
        "--seed", "1",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "Endpoint: http://127.0.0.1:5006/api/v1/endpoints/loans/predict" in done.stderr
    made: dict[str, object] = json.loads(done.stdout)
    return made


def test_train_prints_the_run_with_its_receipt(trained: dict[str, object]) -> None:
    receipt = trained["receipt"]
    assert isinstance(receipt, dict)
    assert trained["status"] == "finished"
    assert receipt["asked_s"] == 15
    assert receipt["used_s"] > 0
    assert trained["leaderboard"]


def test_predict_writes_every_row_with_its_answer(
    trained: dict[str, object], home: Path, loans: Path, tmp_path: Path
) -> None:
    out = tmp_path / "answers.csv"
    done = freemlops("predict", "loans@champion", loans, "-o", out, "--home", home)
    assert done.returncode == 0, done.stderr
    rows = list(csv.DictReader(out.open(encoding="utf-8")))
    assert len(rows) == 400
    right = sum(
        (row["inadimplente"] in ("sim", "True", "true"))
        == (row["prediction"] in ("sim", "true", "True"))
        for row in rows
    )
    assert right > 280
    assert {"prediction", "renda", "região"} <= set(rows[0])


def test_export_writes_the_file_whole(
    trained: dict[str, object], home: Path, tmp_path: Path
) -> None:
    out = tmp_path / "loans.onnx"
    done = freemlops("export", "loans:1", "--format", "onnx", "-o", out, "--home", home)
    assert done.returncode == 0, done.stderr
    assert hashlib.sha256(out.read_bytes()).hexdigest() in done.stderr
    assert done.stdout.strip() == str(out)


def test_a_bundle_moves_a_model_to_another_home(
    trained: dict[str, object], home: Path, loans: Path, tmp_path: Path
) -> None:
    out, other = tmp_path / "loans.fmlops", tmp_path / "other"
    done = freemlops("export", "loans", "--format", "bundle", "-o", out, "--home", home)
    assert done.returncode == 0, done.stderr
    assert "Identical within 1e-5" in done.stderr
    done = freemlops("import", out, "--name", "guest", "--home", other)
    assert (done.returncode, done.stdout.strip()) == (0, "guest:1"), done.stderr
    answers = [tmp_path / name for name in ("here.csv", "there.csv")]
    for model, where, path in (("loans", home, answers[0]), ("guest", other, answers[1])):
        done = freemlops("predict", model, loans, "-o", path, "--home", where)
        assert done.returncode == 0, done.stderr
    assert answers[0].read_bytes() == answers[1].read_bytes()
    out.write_bytes(out.read_bytes()[:-1])
    done = freemlops("import", out, "--home", other)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr


def test_the_pickle_answers_like_the_endpoint(
    trained: dict[str, object], home: Path, loans: Path, tmp_path: Path
) -> None:
    import joblib
    import pandas as pd

    out, answers = tmp_path / "loans.pkl", tmp_path / "answers.csv"
    assert (
        freemlops("export", "loans", "--format", "pickle", "-o", out, "--home", home).returncode
        == 0
    )
    assert "lightgbm==" in Path(f"{out}.requirements.txt").read_text()
    assert freemlops("predict", "loans", loans, "-o", answers, "--home", home).returncode == 0
    model = joblib.load(out)
    told = list(csv.DictReader(answers.open(encoding="utf-8")))
    own = model.predict(pd.read_csv(loans).drop(columns="inadimplente"))
    assert [str(v) for v in own] == [row["prediction"] for row in told]


WRONG = {
    "no target": (("train", "x.csv"), 2),
    "no such file": (("train", "nowhere.csv", "--target", "a"), 2),
    "no such command": (("trian",), 2),
    "a strange budget": (("train", "x.csv", "--target", "a", "--budget", "soon"), 2),
    "no such sample": (("train", "sample:nothing"), 1),
    "no such model": (("export", "nothing", "-o", "x.onnx"), 1),
    "no model name": (("export", "../../x", "-o", "x.onnx"), 2),
    "a port that is none": (("serve", "--port", "99999999"), 2),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_use_is_a_sentence_and_a_code(name: str, tmp_path: Path) -> None:
    arguments, code = WRONG[name]
    if name in ("no target", "a strange budget"):
        (tmp_path / "x.csv").write_text("a,b\n1,2\n")
        arguments = tuple(str(tmp_path / a) if a == "x.csv" else a for a in arguments)
    done = freemlops("--home", tmp_path / "h", *arguments)
    assert done.returncode == code, done.stderr
    assert done.stdout == ""
    assert done.stderr.strip()
    assert "Traceback" not in done.stderr


def test_errors_are_in_the_readers_language(tmp_path: Path) -> None:
    done = freemlops("train", "nowhere.csv", "--target", "a", "--lang", "pt_BR")
    assert "Não há" in done.stderr or "Não existe" in done.stderr


def test_version_and_doctor(tmp_path: Path) -> None:
    version = freemlops("version")
    assert version.stdout.startswith("freemlops ")
    doctor = freemlops("doctor", "--home", tmp_path / "h", FREEMLOPS_PORT="5999")
    assert doctor.returncode == 0, doctor.stdout
    assert "✗" not in doctor.stdout


def test_commands_talk_to_the_running_server(start_server: StartServer, loans: Path) -> None:
    server: LiveServer = start_server()
    done = freemlops(
        "train", loans, "--target", "inadimplente", "--budget", "10s", "--max-trials", "1",
        "--home", server.home,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert f"Endpoint: {server.url}/api/v1/endpoints/loans/predict" in done.stderr
    with server.client() as client:
        assert client.get("/api/v1/models/loans").status_code == 200


def test_a_second_server_says_who_holds_the_warehouse(start_server: StartServer) -> None:
    server = start_server()
    done = freemlops("serve", "--no-browser", "--port", "0", "--home", server.home)
    assert done.returncode == 3
    assert str(server.process.pid) in done.stderr
    assert server.url in done.stderr
    assert "Traceback" not in done.stderr


def test_a_taken_port_is_said_in_words(start_server: StartServer, tmp_path: Path) -> None:
    server = start_server()
    port = server.url.rpartition(":")[2]
    done = freemlops("serve", "--no-browser", "--port", port, "--home", tmp_path / "other")
    assert done.returncode == 2
    assert port in done.stderr
    assert "Traceback" not in done.stderr


def test_a_backup_survives_the_loss_of_the_warehouse(loans: Path, tmp_path: Path) -> None:
    home, safe = tmp_path / "home", tmp_path / "safe"
    made = freemlops("backup", safe, "--home", home)
    assert made.returncode == 0, made.stderr
    assert made.stdout.strip() == str(safe)
    warehouse = home / "freemlops.duckdb"
    warehouse.write_bytes(b"not a database any more" * 1000)
    assert freemlops("compact", "--home", home).returncode == 1
    back = freemlops("restore", safe, "--home", home)
    assert back.returncode == 0, back.stderr
    assert Path(back.stdout.strip()).read_bytes().startswith(b"not a database")
    done = freemlops("compact", "--home", home)
    assert done.returncode == 0, done.stderr
    nothing = freemlops("restore", tmp_path / "none", "--home", home)
    assert nothing.returncode == 1
    assert "no backup" in nothing.stderr


def test_backup_and_restore_while_the_server_runs(
    start_server: StartServer, tmp_path: Path
) -> None:
    server: LiveServer = start_server()
    home = server.home
    assert freemlops("backup", tmp_path / "safe", "--home", home).returncode == 0
    back = freemlops("restore", tmp_path / "safe", "--home", home, "--lang", "pt_BR")
    assert back.returncode == 0, back.stderr
    assert "before-restore" in back.stdout
    assert freemlops("compact", "--home", home).returncode == 0


def test_a_file_for_predict_is_read_as_the_training_file_was(tmp_path: Path) -> None:
    home, train, ask = tmp_path / "home", tmp_path / "train.csv", tmp_path / "ask.csv"
    rows = [f"{i % 97},{i % 90 + 10:03d};{'0' * (i % 2)}{i % 7};{'sim' if i % 97 > 48 else 'não'}"
            for i in range(400)]  # fmt: skip
    train.write_text("valor;code;alvo\n" + "\n".join(rows) + "\n1,5;x9;não\n", encoding="utf-8")
    ask.write_text("valor;code\n91,770;20\n2,180;11\n", encoding="utf-8")
    done = freemlops("train", train, "--target", "alvo", "--budget", "10s", "--home", home)
    assert done.returncode == 0, done.stderr
    got = freemlops("predict", "train", ask, "--home", home)
    assert got.returncode == 0, got.stderr
    made = list(csv.DictReader(got.stdout.splitlines()))
    assert [row["valor"] for row in made] == ["91.77", "2.18"]
    assert [row["code"] for row in made] == ["20", "11"]
    assert "times:" in got.stderr  # codes that the model never saw
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("valor;code\n91,770;a\nabc;b\n", encoding="utf-8")
    refused = freemlops("predict", "train", wrong, "--home", home)
    assert refused.returncode == 1
    assert "line 3" in refused.stderr


def test_output_never_replaces_a_device_or_a_folder(tmp_path: Path, loans: Path) -> None:
    (tmp_path / "folder").mkdir()
    for command in ("predict", "export"):
        tail = [loans] if command == "predict" else []
        done = freemlops(command, "nothing", *tail, "-o", tmp_path / "folder", "--home", tmp_path)
        assert done.returncode == 2, done.stderr
        assert "Traceback" not in done.stderr
    freemlops("export", "nothing", "-o", "/dev/null", "--home", tmp_path / "home")
    assert Path("/dev/null").is_char_device()


def test_a_mistake_is_said_once_with_the_name_that_was_meant(home: Path, loans: Path) -> None:
    made = freemlops("train", loans, "--target", "inadimplent", "--home", home)
    assert made.returncode == 1
    assert made.stderr.count("inadimplent”") == 1
    assert "Did you mean “inadimplente”?" in made.stderr
    made = freemlops("train", loans, "--target", "inadimplente", "--budget", "1s", "--home", home)
    assert made.stderr.count("The time must be between 5 seconds and 24 hours.") == 1
