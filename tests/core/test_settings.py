"""Settings that are wrong stop the start with one sentence; a trusted proxy is believed, no other."""

from collections.abc import Mapping

import pytest
from flask import Flask, request

from clinic.app import create_app
from clinic.core import settings
from tests.conftest import ENV

WRONG = {
    "CLINIC_ENV": "testing",
    "DATABASE_URL": "mysql://clinic",
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
