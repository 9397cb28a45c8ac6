"""What keeps ./run from starting: each fault is one sentence that says what to do, and nothing is left."""

import multiprocessing
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from runner import checks, database, disk, env_file, environment, postgres, program, redis_server
from runner.steps import ROOT, Stop, call
from tests.conftest import ENV
from tests.simulator.waiting import free_port

NOBODY = 65534

PYTHONS = {
    "none": ("", "found is none; on Debian 12, as root: apt-get install python3"),
    "too old": (
        "#!/bin/sh\ntest $1 = --version && echo Python 3.9.2\n",
        "found is Python 3.9.2; on Debian 12",
    ),
}


@pytest.mark.parametrize(("script", "told"), PYTHONS.values(), ids=PYTHONS)
def test_without_a_python_that_will_do(tmp_path: Path, script: str, told: str) -> None:
    if script:
        (tmp_path / "python3").write_text(script)
        (tmp_path / "python3").chmod(0o755)
    only_there = '/usr/bin/python3() { return 1; }; . runner/python.sh; echo "$PYTHON is taken"'
    done = subprocess.run(
        ["/bin/bash", "-c", only_there], cwd=ROOT, env={"PATH": str(tmp_path)}, capture_output=True, text=True
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("Python 3.11 or newer is needed, ") and told in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.fixture
def no_venv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where a virtual environment would be made, on a machine without apt-get."""
    folder = tmp_path / ".venv"
    monkeypatch.setattr(environment, "VENV", folder)
    monkeypatch.setattr(environment, "PYTHON", str(folder / "bin" / "python"))
    monkeypatch.setattr(environment, "INSTALLED", folder / "installed.json")
    monkeypatch.setenv("PATH", str(tmp_path))
    return folder


def test_without_ensurepip(no_venv: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ensurepip", None)
    package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    with pytest.raises(Stop, match=rf"cannot make a \.venv; as root: apt-get install {package}$"):
        environment.prepare("requirements.txt")
    assert environment.missing_package() == package
    assert not no_venv.exists()


def test_all_that_only_debian_has_is_named_at_once(no_venv: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ensurepip", None)
    with pytest.raises(Stop, match=r"as root: apt-get install python3\.\d+-venv chromium$"):
        checks.require_packages()


@pytest.fixture
def copy(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A bare copy of the program, as far as disk and folders go, where an ordinary user gets to."""
    with TemporaryDirectory(prefix="clinic-copy-") as folder:
        root = Path(folder)
        root.chmod(0o755)
        monkeypatch.setattr(disk, "ROOT", root)
        monkeypatch.setattr(disk, "VAR", root / "var")
        yield root


def _as_ordinary_user(told: Connection) -> None:
    if os.geteuid() == 0:
        os.setuid(NOBODY)
    try:
        disk.require_ours()
        told.send("")
    except Stop as stop:
        told.send(str(stop))


def _said_to_an_ordinary_user() -> str:
    here, there = multiprocessing.Pipe()
    asked = multiprocessing.get_context("fork").Process(target=_as_ordinary_user, args=(there,))
    asked.start()
    asked.join(20)
    said: str = here.recv()
    return said


def test_what_is_not_ours_to_write(copy: Path) -> None:
    copy.chmod(0o555)
    assert _said_to_an_ordinary_user().startswith(
        f"{copy}/var cannot be written (Permission denied); start as"
    )
    copy.chmod(0o777)
    (copy / "var" / "redis").mkdir(parents=True)
    (copy / "var").chmod(0o777)
    (copy / "var" / "redis").chmod(0o555)
    said = _said_to_an_ordinary_user()
    assert said.startswith(f"{copy}/var/redis cannot be written (Permission denied); ")
    assert said.endswith(f", or as root: chown -R {os.geteuid() or NOBODY} {copy}")
    (copy / "var" / "redis").chmod(0o777)
    assert _said_to_an_ordinary_user() == ""


def test_a_disk_without_room(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    little = shutil.disk_usage(copy)._replace(free=5_000_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: little)
    with pytest.raises(
        Stop, match=r"/var needs 50 MB and its disk has 5 MB left; make room and start again\.$"
    ):
        disk.require_room(copy / "var", 50)


def _fills_the_disk(_: Sequence[str]) -> int:
    Path("/dev/full").write_text("one byte too many")
    return 0


def _child_fills_the_disk(_: Sequence[str]) -> int:
    raise Stop("uv failed:\nfailed to write: No space left on device (os error 28)")


@pytest.mark.parametrize("main", [_fills_the_disk, _child_fills_the_disk])
def test_a_disk_that_becomes_full(main: program.Main, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        program.run(main)
    said = capsys.readouterr().err
    assert (
        said == f"The disk of {ROOT} is full; make room and start again: what was begun is taken up then.\n"
    )


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / ".env"
    env_file.write_text(file, "A=1")
    with pytest.raises(UnicodeEncodeError):
        env_file.write_text(file, "\udcff")
    assert [entry.name for entry in tmp_path.iterdir()] == [".env"]
    assert file.read_text() == "A=1"


SAYINGS = {
    "one sentence is enough": ("log('begun'); sys.exit('Make room.')", "Make room."),
    "more is told as it is": ("sys.exit('first\\nsecond')", "It failed.\nfirst\nsecond"),
    "who says nothing on stderr": ("print('at fault'); sys.exit(1)", "at fault"),
}


@pytest.mark.parametrize(("code", "told"), SAYINGS.values(), ids=SAYINGS)
def test_what_a_command_says_is_passed_on(code: str, told: str) -> None:
    with pytest.raises(Stop) as stopped:
        call([sys.executable, "-c", f"import sys; log = print; {code}"], "It failed.")
    assert str(stopped.value) == told


def test_postgresql_of_another_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "PG_VERSION").write_text("9\n")
    monkeypatch.setenv("PATH", str(tmp_path))  # no apt-get
    with pytest.raises(
        Stop, match=r"was made by PostgreSQL 9, which is not here any more; .* postgresql-9, or move"
    ):
        postgres.create(tmp_path, "password")


def test_redis_that_does_not_answer() -> None:
    nowhere = free_port()
    with pytest.raises(Stop, match=f"^Nothing answers at REDIS_URL, 127.0.0.1:{nowhere}; start that Redis"):
        redis_server.require(f"redis://127.0.0.1:{nowhere}/0")


def test_a_wrong_setting_stops_before_anything_is_started() -> None:
    production = {"CLINIC_ENV": "production", "CLINIC_PASSWORD_COST": "full"}
    with pytest.raises(Stop) as stopped:
        database.require_settings({**ENV, **production})
    assert str(stopped.value) == "CLINIC_PUBLIC_URL must be the https:// address of the clinic in production."


def test_database_that_does_not_answer() -> None:
    lost = f"postgresql://clinic@127.0.0.1:{free_port()}/clinic"
    with pytest.raises(Stop) as stopped:
        database.upgrade({**ENV, "DATABASE_URL": lost})
    assert "cannot be opened (Connection refused); start it or correct DATABASE_URL." in str(stopped.value)
    assert "\n" not in str(stopped.value)
