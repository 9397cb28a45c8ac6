"""Settings of the installation, read once from the environment. What a clinic decides is in the database."""

import base64
import binascii
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dotenv import load_dotenv
from flask import current_app
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

FILES = (".env", "var/run.env")  # the second tells where the servers listen that ./run started
LONGEST_SETTLE = 86_400.0  # seconds
DATABASES = "write it like sqlite:///var/clinic.db or postgresql://user:password@host:5432/name."
NO_KEY = "is missing or shorter than 32 characters; python3 -m runner.env_file prints new keys."


class WrongSetting(SystemExit):
    """Stops the program with one sentence that says which setting is wrong and why."""


@dataclass(frozen=True)
class Settle:
    """Settle times of the message engine in seconds (R4 to R7). The lease is at least 4 calls long."""

    lease: float = 60.0
    connect: float = 5.0
    call: float = 15.0
    look_up_after: float = 60.0
    look_up_gap: float = 300.0
    backoff: float = 30.0
    ring: float = 20.0  # how often beat rings the engine; what rings less often keeps its proportion
    lost_claims: int = 3  # a message that was lost so often with its worker is poison


@dataclass(frozen=True)
class Settings:
    """Every setting once, with its type. Meaning and defaults stand in the README."""

    env: str
    database_url: str
    owner_database_url: str
    redis_url: str
    port: int
    public_url: str
    trusted_proxies: int
    zone: str
    region: str
    sms_url: str
    sms_account: str
    sms_token: str
    sms_from: str
    sms_signing_keys: tuple[str, ...]
    sms_confirms_stop: str
    smtp_url: str
    mail_from: str
    secret_keys: tuple[str, ...]
    field_keys: Mapping[int, bytes]
    index_key: bytes
    link_keys: tuple[str, ...]
    audit_key: bytes
    password_cost: str
    state_folder: Path
    downtime_folder: Path | None
    settle: Settle

    @property
    def production(self) -> bool:
        """Whether real patients' data may be behind this program."""
        return self.env == "production"

    @property
    def https(self) -> bool:
        """Whether cookies may be marked Secure."""
        return self.public_url.startswith("https://")


def current() -> Settings:
    """The settings of the running application."""
    settings: Settings = current_app.extensions["clinic.settings"]
    return settings


def load() -> Settings:
    """The settings of this process: the environment, and what the files add to it. Raises WrongSetting."""
    for file in FILES:
        load_dotenv(file)
    return read(os.environ)


def read(env: Mapping[str, str]) -> Settings:
    """Read and check all settings. Raises WrongSetting with one sentence."""
    reader = _Reader(env)
    settings = reader.settings()
    _check(settings)
    return settings


class _Reader:
    def __init__(self, env: Mapping[str, str]) -> None:
        self.env = env

    def text(self, name: str, default: str = "") -> str:
        return self.env.get(name, "").strip() or default

    def many(self, name: str, default: str = "") -> tuple[str, ...]:
        return tuple(part.strip() for part in self.text(name, default).split(",") if part.strip())

    def key(self, name: str) -> bytes:
        value = self.text(name)
        if len(value) < 32:
            raise WrongSetting(f"{name} {NO_KEY}")
        return value.encode()

    def keys(self, name: str) -> tuple[str, ...]:
        values = self.many(name)
        if not values or any(len(value) < 32 for value in values):
            raise WrongSetting(f"{name} {NO_KEY}")
        return values

    def seconds(self, name: str, default: float) -> float:
        try:
            value = float(self.text(f"CLINIC_SETTLE_{name}_SECONDS", str(default)))
        except ValueError:
            raise WrongSetting(f"CLINIC_SETTLE_{name}_SECONDS must be a number of seconds.") from None
        if not 0 < value <= LONGEST_SETTLE:  # "nan" is a float too, and compares with nothing
            raise WrongSetting(f"CLINIC_SETTLE_{name}_SECONDS must be above 0 and at most a day.")
        return value

    def count(self, name: str, default: int, *, least: int = 1) -> int:
        text = self.text(name, str(default))
        if not (text.isascii() and text.isdecimal()) or int(text) < least:
            raise WrongSetting(f"{name} must be a whole number from {least} on.")
        return int(text)

    def database(self, name: str, default: str) -> str:
        try:
            url = make_url(self.text(name, default))
        except (ArgumentError, ValueError):
            raise WrongSetting(f"{name} is no address of a database; {DATABASES}") from None
        if url.drivername in ("postgres", "postgresql"):
            url = url.set(drivername="postgresql+psycopg")
        kinds = {"sqlite": url.database not in (None, "", ":memory:"), "postgresql+psycopg": True}
        if not kinds.get(url.drivername):
            raise WrongSetting(f"{name} names neither a SQLite file nor PostgreSQL; {DATABASES}")
        return url.render_as_string(hide_password=False)

    def redis(self, name: str, default: str) -> str:
        url = self.text(name, default)
        try:
            well_formed = urlsplit(url).scheme in ("redis", "rediss") and urlsplit(url).port != 0
        except ValueError:
            well_formed = False
        if not well_formed:
            raise WrongSetting(f"{name} is no address of a Redis; write it like redis://127.0.0.1:6379/0.")
        return url

    def field_keys(self) -> Mapping[int, bytes]:
        keys = {}
        for part in self.many("CLINIC_FIELD_KEYS"):
            version, _, text = part.partition(":")
            try:
                key = base64.b64decode(text, validate=True)
                keys[int(version)] = key
            except (ValueError, binascii.Error):
                raise WrongSetting("CLINIC_FIELD_KEYS must be a list of version:base64 keys.") from None
            if len(key) != 32 or not 0 < int(version) < 256:
                raise WrongSetting("CLINIC_FIELD_KEYS needs keys of 32 bytes with versions 1 to 255.")
        if not keys:
            raise WrongSetting("CLINIC_FIELD_KEYS is missing; python3 -m runner.env_file prints new keys.")
        return keys

    def settle(self) -> Settle:
        d = Settle()
        return Settle(
            lease=self.seconds("LEASE", d.lease),
            connect=self.seconds("CONNECT", d.connect),
            call=self.seconds("CALL", d.call),
            look_up_after=self.seconds("LOOK_UP_AFTER", d.look_up_after),
            look_up_gap=self.seconds("LOOK_UP_GAP", d.look_up_gap),
            backoff=self.seconds("BACKOFF", d.backoff),
            ring=self.seconds("RING", d.ring),
            lost_claims=self.count("CLINIC_SETTLE_LOST_CLAIMS", d.lost_claims),
        )

    def settings(self) -> Settings:
        port = self.text("CLINIC_PORT", "8000")
        if not port.isdecimal() or not 0 < int(port) < 65536:
            raise WrongSetting("CLINIC_PORT must be a number from 1 to 65535.")
        database = self.database("DATABASE_URL", "sqlite:///var/clinic.db")
        token = self.text("CLINIC_SMS_TOKEN")
        return Settings(
            env=self.text("CLINIC_ENV", "production"),
            database_url=database,
            owner_database_url=self.database("CLINIC_OWNER_DATABASE_URL", database),
            redis_url=self.redis("REDIS_URL", "redis://127.0.0.1:6379/0"),
            port=int(port),
            public_url=self.text("CLINIC_PUBLIC_URL", f"http://127.0.0.1:{port}").rstrip("/"),
            trusted_proxies=self.count("CLINIC_TRUSTED_PROXIES", 0, least=0),
            zone=self.text("CLINIC_ZONE", "America/New_York"),
            region=self.text("CLINIC_REGION", "US"),
            sms_url=self.text("CLINIC_SMS_URL").rstrip("/"),
            sms_account=self.text("CLINIC_SMS_ACCOUNT"),
            sms_token=token,
            sms_from=self.text("CLINIC_SMS_FROM", "+12025550100"),
            sms_signing_keys=self.many("CLINIC_SMS_SIGNING_KEYS", token),
            sms_confirms_stop=self.text("CLINIC_SMS_CONFIRMS_STOP", "provider"),
            smtp_url=self.text("CLINIC_SMTP_URL"),
            mail_from=self.text("CLINIC_MAIL_FROM", "Check-in <check-in@example.org>"),
            secret_keys=self.keys("CLINIC_SECRET_KEYS"),
            field_keys=self.field_keys(),
            index_key=self.key("CLINIC_INDEX_KEY"),
            link_keys=self.keys("CLINIC_LINK_KEYS"),
            audit_key=self.key("CLINIC_AUDIT_KEY"),
            password_cost=self.text("CLINIC_PASSWORD_COST", "full"),
            state_folder=Path(self.text("CLINIC_STATE_FOLDER", "var")).absolute(),
            downtime_folder=Path(folder).absolute()
            if (folder := self.text("CLINIC_DOWNTIME_FOLDER"))
            else None,
            settle=self.settle(),
        )


def _check(settings: Settings) -> None:
    if settings.env not in ("production", "development"):
        raise WrongSetting("CLINIC_ENV must be production or development.")
    if settings.production and not settings.https:
        raise WrongSetting("CLINIC_PUBLIC_URL must be the https:// address of the clinic in production.")
    if settings.production and (settings.state_folder / "clock-offset").exists():
        raise WrongSetting("A moved clock (clock-offset in the state folder) must not exist in production.")
    if settings.production and settings.password_cost != "full":
        raise WrongSetting("CLINIC_PASSWORD_COST must be full in production.")
    if settings.password_cost not in ("full", "cheap"):
        raise WrongSetting("CLINIC_PASSWORD_COST must be full or cheap.")
    if settings.sms_url and not (settings.sms_account and settings.sms_token):
        raise WrongSetting(
            "CLINIC_SMS_URL needs CLINIC_SMS_ACCOUNT and CLINIC_SMS_TOKEN; without them none is sent."
        )
    if settings.sms_confirms_stop not in ("provider", "clinic"):
        raise WrongSetting("CLINIC_SMS_CONFIRMS_STOP must be provider or clinic.")
    _check_mail(settings)
    if settings.settle.lease < 4 * settings.settle.call:
        raise WrongSetting(
            "CLINIC_SETTLE_LEASE_SECONDS must be at least four times CLINIC_SETTLE_CALL_SECONDS."
        )
    settle = settings.settle
    # the last moment at which a call that was held up may still reach the provider (R4, R6)
    if settle.look_up_gap < settle.lease / 2 + settle.connect + settle.call:
        raise WrongSetting(
            "CLINIC_SETTLE_LOOK_UP_GAP_SECONDS must be at least half the lease, a connect and a call."
        )
    try:
        ZoneInfo(settings.zone)
    except (ZoneInfoNotFoundError, ValueError):
        raise WrongSetting(f"CLINIC_ZONE must be an IANA zone name; {settings.zone} is none.") from None


def _check_mail(settings: Settings) -> None:
    relay = urlsplit(settings.smtp_url)
    try:
        complete = relay.scheme in ("smtp", "smtps") and bool(relay.hostname) and relay.port != 0
    except ValueError:  # a port that is no number
        complete = False
    if settings.smtp_url and not complete:
        raise WrongSetting(
            "CLINIC_SMTP_URL must be smtp:// or smtps:// with a host, like smtps://mail.example."
        )
    if settings.smtp_url and settings.production and settings.mail_from.endswith("@example.org>"):
        raise WrongSetting("CLINIC_MAIL_FROM is missing; CLINIC_SMTP_URL needs a sender in production.")
    if not re.fullmatch(r"[^@<>]+@[^@<>]+|[^<>]*<[^@<>]+@[^@<>]+>", settings.mail_from):
        raise WrongSetting("CLINIC_MAIL_FROM must be an address, like Check-in <check-in@mail.example>.")


if __name__ == "__main__":  # ./run asks before it starts anything
    load()
