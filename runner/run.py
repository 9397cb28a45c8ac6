"""./run: from a bare clone to a clinic that answers."""

import argparse
import fcntl
import os
import signal
import time
from collections.abc import Sequence
from typing import IO

from runner import addresses, database, disk, env_file, environment, program
from runner.addresses import Addresses
from runner.children import start_clinic, start_servers
from runner.processes import House
from runner.steps import ROOT, VAR, Stop, say, step
from runner.watch import Watch, wait_until_ready

DEMO = VAR / "demo.txt"
ROOM = 50  # MB for what the servers write in their first hours
FIRST_ADMINISTRATOR = (
    ".venv/bin/flask users create --name 'Your Name' --sign-in-name admin --role administrator"
)


def main(arguments: Sequence[str]) -> int:
    """Set up, start, look after, end. 0 after a wanted end."""
    options = _options(arguments)
    disk.require_ours()
    disk.require_room(VAR, ROOM)
    house = House()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _wanted_end)
    with _only_one():
        try:
            _serve(options, house)
        except SystemExit:
            say("Ending.")
        finally:
            house.end()
    return 0


def _wanted_end(*_: object) -> None:
    raise SystemExit


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./run", description="Starts the clinic; its data is in var/.")
    parser.add_argument("--port", type=int, help="of the web server; without it CLINIC_PORT or 8000")
    parser.add_argument("--no-demo", action="store_true", help="a new database stays empty")
    parser.add_argument("--postgres", action="store_true", help="a private PostgreSQL instead of SQLite")
    return parser.parse_args(arguments)


def _only_one() -> IO[str]:
    lock = (VAR / "run.lock").open("a")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise Stop("This copy of the clinic is running already; end that ./run first.") from None
    return lock


def _serve(options: argparse.Namespace, house: House) -> None:
    start = time.monotonic()
    if os.environ.get("CLINIC_ENV") != "production" and env_file.make_keys(ROOT / ".env"):
        say("          .env is made with keys of this copy; back it up apart from the data")
    at = addresses.find(options.port, private_postgres=options.postgres)
    with step("Python packages"):
        environment.prepare("requirements.txt")
    os.umask(0o077)  # what is kept under var/ is for the owner's eyes
    with step("settings"):
        database.require_settings(at.env)
    with step("servers"):
        start_servers(house, at)
    with step("database"):
        new = database.upgrade(at.env)
    if new:
        DEMO.unlink(missing_ok=True)  # it told of another database
        if at.env.get("CLINIC_ENV") == "development" and not options.no_demo:
            env_file.write_text(DEMO, "")  # a load that breaks off is tried again by the next start
    if DEMO.exists() and not DEMO.read_text():
        with step("demo"):
            env_file.write_text(DEMO, database.flask(at.env, "demo", "load"))
    with step("web, worker, beat"):
        start_clinic(house, at)
        wait_until_ready(house, at.clinic)
    say(f"{time.monotonic() - start:6.1f} s  in all\n\n{_welcome(at, new)}\n")
    watch = Watch(at.clinic)
    while True:
        house.turn(1.0)
        watch.look(house)


def _welcome(at: Addresses, new: bool) -> str:
    lines = [f"Clinic      {at.clinic}"]
    if "CLINIC_SMS_URL" in at.own:
        lines += [f"Simulator   {at.env['CLINIC_SMS_URL']}  (phones, mail, faults)"]
    if DEMO.exists():
        lines += ["", DEMO.read_text().strip()]
    elif new:
        lines += ["", "Nobody can sign in yet. Make the first administrator:", f"  {FIRST_ADMINISTRATOR}"]
    return "\n".join([*lines, "", "Ctrl-C ends all of it."])


if __name__ == "__main__":
    program.run(main)
