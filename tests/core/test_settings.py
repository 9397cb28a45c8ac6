"""Settings that are wrong stop the start with one sentence; a trusted proxy is believed, no other."""

from collections.abc import Mapping

import pytest
from flask import Flask, request

from clinic.app import create_app
from clinic.core import settings
from tests.conftest import ENV

WRONG = {
    "CLINIC_ENV": "testing",
    "CLINIC_OWNER_DATABASE_URL": "mysql://clinic",
    "CLINIC_INDEX_KEY": "",
    "CLINIC_PORT": "0",
    "CLINIC_ZONE": "Mars/Olympus",
    "CLINIC_FIELD_KEYS": "1:short",
    "CLINIC_SECRET_KEYS": "short",
    "CLINIC_TRUSTED_PROXIES": "-1",
    "CLINIC_SMS_CONFIRMS_STOP": "nobody",
    "CLINIC_SETTLE_LEASE_SECONDS": "10",
}


@pytest.mark.parametrize(("name", "value"), WRONG.items(), ids=WRONG)
def test_a_wrong_setting_is_named(name: str, value: str) -> None:
    with pytest.raises(settings.WrongSetting) as stopped:
        settings.read({**ENV, name: value})
    assert name in str(stopped.value)
    assert str(stopped.value).count(". ") == 0, "one sentence"


ADDRESSES = {
    "DATABASE_URL": [
        "clinic",
        "mysql://host/clinic",
        "postgresql://host:port/clinic",
        "sqlite://",
        "sqlite:///",
    ],
    "REDIS_URL": ["clinic", "http://host", "redis://host:port", "redis://host:70000"],
}


@pytest.mark.parametrize("name", ADDRESSES)
def test_an_address_that_is_none_is_shown_how_to_write(name: str) -> None:
    for address in ADDRESSES[name]:
        with pytest.raises(settings.WrongSetting, match=f"^{name} .*; write it like [^;]*$"):
            settings.read({**ENV, name: address})


def test_every_way_to_write_postgresql_is_understood() -> None:
    for scheme in ("postgres", "postgresql", "postgresql+psycopg"):
        given = settings.read({**ENV, "DATABASE_URL": f"{scheme}://clinic:a%40b@host/clinic"})
        assert given.database_url == "postgresql+psycopg://clinic:a%40b@host/clinic"


def test_production_needs_https() -> None:
    with pytest.raises(settings.WrongSetting, match="CLINIC_PUBLIC_URL"):
        settings.read({**ENV, "CLINIC_ENV": "production", "CLINIC_PASSWORD_COST": "full"})


@pytest.mark.parametrize(("hops", "address"), [("0", "127.0.0.1"), ("1", "203.0.113.7")])
def test_only_trusted_proxies_are_believed(env: Mapping[str, str], hops: str, address: str) -> None:
    app: Flask = create_app({**env, "CLINIC_TRUSTED_PROXIES": hops})
    seen: list[str | None] = []

    @app.before_request
    def note() -> None:
        seen.append(request.remote_addr)

    app.test_client().get("/about", headers={"X-Forwarded-For": "203.0.113.7"})
    assert seen == [address]
