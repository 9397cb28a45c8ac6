"""What deploy/ and Procfile start are the programs of the clinic, with settings that it knows."""

import re
from configparser import RawConfigParser
from pathlib import Path

import pytest

from clinic.core import settings
from runner import env_file
from runner.steps import ROOT
from tests.runner.test_readme import Asked

PROGRAMS = {
    "web": "gunicorn wsgi:app",
    "worker": "celery -A worker worker --concurrency 4",
    "beat": "celery -A worker beat --pidfile=",
}
UNITS = ROOT / "deploy" / "systemd"


def _unit(file: Path) -> RawConfigParser:
    unit = RawConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment, method-assign]
    unit.read_string(file.read_text())
    return unit


def test_procfile_starts_the_programs() -> None:
    lines = (ROOT / "Procfile").read_text().splitlines()
    assert dict(line.split(": ", 1) for line in lines) == PROGRAMS


@pytest.mark.parametrize("name", PROGRAMS)
def test_unit_starts_its_program_again_and_again(name: str) -> None:
    service = _unit(UNITS / f"clinic-{name}.service")["Service"]
    assert service["ExecStart"] == f"/opt/clinic/.venv/bin/{PROGRAMS[name]}"
    assert service["Restart"] == "always"
    assert f"clinic-{name}.service" in _unit(UNITS / "clinic.target")["Unit"]["Wants"].split()


def test_containers_start_the_programs() -> None:
    words = re.sub(r'[\[\]",]', "", (ROOT / "compose.yaml").read_text())
    image = re.sub(r'[\[\]",]', "", (ROOT / "deploy" / "Dockerfile").read_text())
    assert f"CMD {PROGRAMS['web']} --bind 0.0.0.0:8000" in image
    for name in ("worker", "beat"):
        assert f"command: {PROGRAMS[name]}\n" in words
    copied = re.findall(
        r"^COPY (?!--from)(.*) \S+$", (ROOT / "deploy" / "Dockerfile").read_text(), re.MULTILINE
    )
    ignored = (ROOT / "deploy" / "Dockerfile.dockerignore").read_text().splitlines()
    for path in " ".join(copied).split():
        assert (ROOT / path).exists() and f"!{path}" in ignored


def test_example_with_fresh_keys_is_a_production_that_starts(tmp_path: Path) -> None:
    example = ROOT / "deploy" / "clinic.env.example"
    given = Asked(env_file.read(example) | env_file.new_keys())
    assert settings.read(given).production
    written = re.findall(r"^#?([A-Z_]+)=", example.read_text(), re.MULTILINE)
    assert set(written) <= given.names
