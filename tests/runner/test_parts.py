"""The parts of ./run that decide: keys, settings files, ports, when to install, when to start again."""

import base64
import json
import signal
import socket
import stat
import sys
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from runner import addresses, env_file, environment, ports, watch
from runner.processes import Child, House
from runner.steps import Stop
from tests.runner.alive import runs
from tests.simulator.waiting import free_port, until


def test_keys_are_made_once_and_for_the_owner_only(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    assert env_file.make_keys(file)
    first = env_file.read(file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert first["CLINIC_ENV"] == "development"
    version, _, key = first["CLINIC_FIELD_KEYS"].partition(":")
    assert (version, len(base64.b64decode(key))) == ("1", 32)
    assert not env_file.make_keys(file)
    assert env_file.read(file) == first
    assert env_file.new_keys() != env_file.new_keys()


def test_settings_file_is_read_as_people_write_it(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text(
        "# a comment\n\nexport CLINIC_PORT = 8100\nDATABASE_URL='postgresql://a:b=c@h/d'\nnothing\n"
    )
    assert env_file.read(file) == {"CLINIC_PORT": "8100", "DATABASE_URL": "postgresql://a:b=c@h/d"}
    assert env_file.read(tmp_path / "none") == {}


def test_key_of_the_environment_follows_the_lock_file(tmp_path: Path) -> None:
    lock = tmp_path / "requirements.txt"
    lock.write_text("flask==3.1.3")
    before = environment.key(lock)
    assert environment.key(lock) == before
    lock.write_text("flask==3.1.4")
    assert environment.key(lock) != before


def test_port_of_last_time_is_kept_while_it_is_free() -> None:
    remembered = free_port()
    assert ports.choose(remembered) == remembered
    with socket.socket() as other:
        other.bind(("127.0.0.1", remembered))
        other.listen()
        assert not ports.is_free(remembered)
        assert ports.choose(remembered) != remembered


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the program that has a .env and nothing else set."""
    monkeypatch.setattr(addresses, "ROOT", tmp_path)
    monkeypatch.setattr(addresses, "CHOSEN", tmp_path / "var" / "run.env")
    monkeypatch.setattr(addresses, "PASSWORD", tmp_path / "var" / "postgres.password")
    for name in (*addresses.OWN, "CLINIC_PORT", "CLINIC_ENV"):
        monkeypatch.delenv(name, raising=False)
    env_file.make_keys(tmp_path / ".env")
    return tmp_path


def test_what_is_not_set_is_ours_and_stays_where_it_was(copy: Path) -> None:
    port = free_port()
    first = addresses.find(port, private_postgres=False)
    assert first.own == {"REDIS_URL", "CLINIC_SMS_URL", "CLINIC_SMTP_URL"}
    assert first.env["DATABASE_URL"] == "sqlite:///var/clinic.db"
    assert first.clinic == first.env["CLINIC_PUBLIC_URL"] == f"http://127.0.0.1:{port}"
    again = addresses.find(port, private_postgres=True)
    assert again.env["REDIS_URL"] == first.env["REDIS_URL"]
    assert again.own == first.own | {"DATABASE_URL"}


def test_what_is_set_is_used(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDIS_URL", "redis://elsewhere:6379/3")
    with (copy / ".env").open("a") as file:
        file.write("DATABASE_URL=postgresql://elsewhere/clinic\nREDIS_URL=redis://nowhere\n")
    found = addresses.find(free_port(), private_postgres=True)
    assert found.own == {"CLINIC_SMS_URL", "CLINIC_SMTP_URL"}
    assert found.env["REDIS_URL"] == "redis://elsewhere:6379/3"
    assert found.env["DATABASE_URL"] == "postgresql://elsewhere/clinic"


def test_production_has_no_simulator(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLINIC_ENV", "production")
    assert addresses.find(free_port(), private_postgres=False).own == {"REDIS_URL"}


def test_taken_or_impossible_port_is_one_sentence(copy: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(Stop, match="is taken by another program; try"):
            addresses.find(other.getsockname()[1], private_postgres=False)
    with pytest.raises(Stop, match="from 1 to 65535"):
        addresses.find(70000, private_postgres=False)


@pytest.fixture
def house() -> Iterator[House]:
    """All children of one test; ending them leaves pytest's own signals as they were."""
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = [signal.getsignal(number) for number in numbers]
    house = House()
    yield house
    house.end()
    for number, handler in zip(numbers, before, strict=True):
        signal.signal(number, handler)


def _python(name: str, code: str, *, essential: bool = False) -> Child:
    return Child(name, [sys.executable, "-c", code], {}, essential=essential, patience=5)


def _turn_until(house: House, capsys: pytest.CaptureFixture[str], wanted: str, times: int = 1) -> str:
    said, deadline = "", time.monotonic() + 20
    while said.count(wanted) < times:
        assert time.monotonic() < deadline, said
        house.turn(0.1)
        said += capsys.readouterr().out
    return said


def test_child_that_dies_is_started_again_and_said_so(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    house.start(_python("worker", "print('here'); raise SystemExit(3)"))
    said = _turn_until(house, capsys, "started again in 2 s")
    assert said.count("worker | here") == 2
    assert "worker ended by itself with code 3 and is started again in 1 s." in said


def test_dead_essential_child_ends_all_with_its_last_lines(house: House) -> None:
    house.start(_python("web", "print('no such table'); raise SystemExit(1)", essential=True))
    with pytest.raises(Stop, match=r"web ended by itself with code 1; its last lines:\nno such table"):
        for _ in range(200):
            house.turn(0.1)


STUBBORN = """
import os, signal, time
signal.signal(signal.SIGTERM, lambda *_: (print('told', flush=True), os._exit(0)))
if os.fork() == 0:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
os.write(1, b'%d\\n' % os.getpid())
while True:
    time.sleep(60)
"""


def test_end_is_in_reverse_order_and_leaves_nobody(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    house.start(_python("redis", STUBBORN))
    house.start(_python("web", STUBBORN))
    said = _turn_until(house, capsys, " | ", times=4)
    ids = [int(line.partition("|")[2]) for line in said.splitlines()]
    house.end()
    told = capsys.readouterr().out
    assert told.index("web | told") < told.index("redis | told")
    until(lambda: not any(runs(number) for number in ids))


def test_worker_that_does_nothing_is_started_again(
    house: House, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "LOOK_EVERY", 0.0)
    monkeypatch.setattr(watch, "STALE", 0.5)
    beats = iter(["2026-11-24T10:00:00", "2026-12-24T10:00:00"])  # the clock may have been moved
    last = "2026-12-24T10:00:20"

    class Ready(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps({"last_beat": next(beats, last)}).encode())

        def log_message(self, format: str, *args: object) -> None:
            pass

    for name in ("web", "worker", "beat"):
        house.start(_python(name, f"import os, time; os.write(1, b'{name} is up\\n'); time.sleep(60)"))
    _turn_until(house, capsys, "is up", times=3)
    with ThreadingHTTPServer(("127.0.0.1", 0), Ready) as server:
        Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        looking, said = watch.Watch(f"http://127.0.0.1:{server.server_port}"), ""
        deadline = time.monotonic() + 20
        while said.count("is up") < 2:
            assert time.monotonic() < deadline, said
            looking.look(house)
            house.turn(0.05)
            said += capsys.readouterr().out
        server.shutdown()
    assert said.startswith("No periodic job has ended for 3 minutes; worker and beat are started again.")
    assert "web is up" not in said
