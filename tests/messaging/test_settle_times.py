"""A wrong settle time stops the program with a sentence that says which and why (R18)."""

import pytest

from clinic.core import settings
from tests.conftest import ENV


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("LEASE_SECONDS", "59", "LEASE_SECONDS must be at least four times"),
        ("LOOK_UP_GAP_SECONDS", "49", "LOOK_UP_GAP_SECONDS must be at least half the lease"),
        ("CALL_SECONDS", "soon", "CALL_SECONDS must be a number of seconds"),
        ("CALL_SECONDS", "nan", "CALL_SECONDS must be above 0"),
        ("BACKOFF_SECONDS", "-1", "BACKOFF_SECONDS must be above 0"),
        ("LOOK_UP_GAP_SECONDS", "inf", "LOOK_UP_GAP_SECONDS must be above 0 and at most a day"),
        ("LOST_CLAIMS", "0", "LOST_CLAIMS must be a whole number from 1 on"),
    ],
)
def test_wrong_settle_time_stops_the_start(name: str, value: str, sentence: str) -> None:
    with pytest.raises(settings.WrongSetting, match=sentence):
        settings.read({**ENV, f"CLINIC_SETTLE_{name}": value})


@pytest.mark.parametrize("name", ["CLINIC_SMS_ACCOUNT", "CLINIC_SMS_TOKEN"])
def test_provider_without_its_account_stops_the_start(name: str) -> None:
    with pytest.raises(settings.WrongSetting, match="CLINIC_SMS_URL needs"):
        settings.read({**ENV, name: ""})


def test_times_of_the_facts_are_the_default() -> None:
    settle = settings.read(ENV).settle
    assert (settle.lease, settle.connect, settle.call, settle.backoff) == (60, 5, 15, 30)
    assert (settle.look_up_after, settle.look_up_gap, settle.lost_claims) == (60, 300, 3)
