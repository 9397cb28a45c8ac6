"""The programs that make up a running clinic, in the order in which they start."""

from urllib.parse import urlsplit

from runner import postgres, redis_server
from runner.addresses import Addresses
from runner.environment import PYTHON, VENV
from runner.processes import Child, House
from runner.steps import VAR

ROOT_IS_SAID_IN_THE_README = "ignore:You're running the worker with superuser privileges:UserWarning"
WORKER_PATIENCE = 30.0  # a send under way takes up to 15 s, the soft shutdown waits for it


def start_servers(house: House, at: Addresses) -> None:
    """Redis, and PostgreSQL where it is ours; PostgreSQL answers when this returns."""
    if "REDIS_URL" in at.own:
        house.start(redis_server.child(at.port("REDIS_URL"), at.env))
    else:
        redis_server.require(at.env["REDIS_URL"])
    if "DATABASE_URL" in at.own:
        folder, port = VAR / "postgres", at.port("DATABASE_URL")
        password = urlsplit(at.env["DATABASE_URL"]).password or ""
        new = postgres.create(folder, password)
        house.start(postgres.child(folder, port, at.env))
        postgres.wait(house, port)
        if new:
            postgres.create_database(port, password, "clinic")


def start_clinic(house: House, at: Addresses) -> None:
    """Simulator, web, worker and beat."""
    for child in _clinic(at):
        house.start(child)


def _clinic(at: Addresses) -> list[Child]:
    celery = [str(VENV / "bin" / "celery"), "--quiet", "-A", "worker"]
    web = [str(VENV / "bin" / "gunicorn"), "wsgi:app"]  # the rest stands in gunicorn.conf.py
    quiet = {**at.env, "PYTHONWARNINGS": ROOT_IS_SAID_IN_THE_README}
    children = [
        Child("web", web, at.env, essential=True, patience=15.0),
        Child("worker", [*celery, "worker", "--concurrency", "4"], quiet, patience=WORKER_PATIENCE),
        Child("beat", [*celery, "beat", "--pidfile", ""], at.env),
    ]
    return [_simulator(at), *children] if "CLINIC_SMS_URL" in at.own else children


def _simulator(at: Addresses) -> Child:
    command = [PYTHON, "-m", "simulator", "--data", str(VAR / "simulator")]
    command += ["--port", str(at.port("CLINIC_SMS_URL"))]
    if "CLINIC_SMTP_URL" in at.own:
        command += ["--smtp-port", str(at.port("CLINIC_SMTP_URL"))]
    return Child("simulator", command, at.env)
