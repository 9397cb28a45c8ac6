"""Starts the simulator: python -m simulator --port 8010 --data var/simulator"""

import argparse
import os
import threading
import time
from dataclasses import replace
from pathlib import Path

from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from simulator import mailbox
from simulator.app import create_app
from simulator.store import Store
from simulator.webhooks import Dispatcher
from simulator.world import World


class Quiet(WSGIRequestHandler):
    """Writes no access log: a phone number may stand in an address."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        pass


def _options() -> argparse.Namespace:
    env = os.environ.get
    parser = argparse.ArgumentParser(prog="python -m simulator", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True, help="of the provider's API and of the pages")
    parser.add_argument("--smtp-port", type=int, help="also take e-mail here")
    parser.add_argument("--data", type=Path, default=Path("var/simulator"), help="folder of its memory")
    parser.add_argument("--clinic", default=env("CLINIC_PUBLIC_URL", "http://127.0.0.1:8000"))
    parser.add_argument("--account", default=env("CLINIC_SMS_ACCOUNT", ""))
    parser.add_argument("--token", default=env("CLINIC_SMS_TOKEN", ""))
    parser.add_argument(
        "--sender", default=env("CLINIC_SMS_FROM", "+12025550100"), help="the clinic's number"
    )
    parser.add_argument("--clock-offset", type=Path, help="file of the clinic's moved clock")
    options = parser.parse_args()
    if not options.account or not options.token:
        parser.error("set CLINIC_SMS_ACCOUNT and CLINIC_SMS_TOKEN, or give --account and --token")
    return options


def _serve(app: Flask, world: World, host: str, port: int) -> None:
    """Answer for ever; when asked to refuse, close the door for a while and open it again."""
    while True:
        server = make_server(host, port, app, threaded=True, request_handler=Quiet)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True).start()
        world.refuse.wait()
        server.shutdown()
        server.server_close()
        time.sleep(world.faults.refuse_seconds)
        world.faults = replace(world.faults, refuse_seconds=0)
        world.refuse.clear()


def main() -> None:
    """Read the options, remember what was, start."""
    options = _options()
    world = World(
        store=Store(options.data / "simulator.db"),
        account=options.account,
        token=options.token,
        clinic=options.clinic.rstrip("/"),
        sender=options.sender,
        clock_offset=options.clock_offset or options.data.parent / "clock-offset",
    )
    Dispatcher(world).start()
    if options.smtp_port:
        mailbox.start(world, options.smtp_port)
    _serve(create_app(world), world, options.host, options.port)


if __name__ == "__main__":
    main()
