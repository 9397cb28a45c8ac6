"""The engine as it runs in a clinic: worker and Redis die and are wiped, the provider loses answers."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
import pytest
import redis

from tests.conftest import ENV
from tests.walk import house as houses
from tests.walk.house import House, until
from tests.walk.people import PASSWORD

CHECK_INS = 60
# Settle times in their proportions, a tenth as long: what is lost is looked for within seconds.
SETTLE = {
    "LEASE": "8",
    "CONNECT": "1",
    "CALL": "2",
    "LOOK_UP_AFTER": "2",
    "LOOK_UP_GAP": "8",
    "BACKOFF": "1",
    "RING": "2",
}
QUICK = {f"CLINIC_SETTLE_{name}_SECONDS": seconds for name, seconds in SETTLE.items()}
PATIENCE = 240.0  # seconds; each loss costs a ring of beat


@pytest.fixture
def house(empty: Callable[[], str], tmp_path: Path) -> Iterator[House]:
    """The whole clinic with quick settle times; a lost worker is never a message's fault."""
    base = {**ENV, **QUICK, "CLINIC_SETTLE_LOST_CLAIMS": "20", "DATABASE_URL": empty()}
    built = houses.build(base, tmp_path)
    try:
        built.start()
        yield built
    finally:
        built.end()


def at_noon(house: House) -> None:
    """Go to an hour in which everybody may be texted."""
    tomorrow = datetime.now(ZoneInfo("America/New_York")).date() + timedelta(days=1)
    house.flask("clock", "set", f"{tomorrow.isoformat()}T12:00")


def accepted(house: House) -> Counter[str]:
    """How many texts each phone got."""
    journal = httpx.get(f"{house.simulator}/journal.json", timeout=10).json()
    return Counter(message["to"] for message in journal["accepted"])


@pytest.mark.long
def test_whatever_dies_each_phone_gets_one_text(house: House) -> None:
    house.flask(
        "users", "create", "--name", "Miriam Okafor", "--sign-in-name", "therapist", "--role", "therapist",
        "--password-stdin", typed=PASSWORD,
    )  # fmt: skip
    at_noon(house)
    httpx.post(f"{house.simulator}/faults.json", json={"lose_answers": 0.1}).raise_for_status()
    house.kill("worker")
    house.flask("demo", "due", str(CHECK_INS))
    for sent in (1, 20, 40):
        house.restart("worker")
        until(lambda sent=sent: sum(accepted(house).values()) >= sent, PATIENCE, f"{sent} texts are out")
        house.kill("worker")
        redis.Redis.from_url(house.env["REDIS_URL"]).flushall()
    house.kill("redis")
    house.restart("redis")
    house.restart("worker")
    until(lambda: sum(accepted(house).values()) >= CHECK_INS, PATIENCE, "every text is out")
    until(lambda: _settled(house), PATIENCE, "every check-in is delivered")
    phones = accepted(house)
    assert len(phones) == CHECK_INS
    assert set(phones.values()) == {1}


def _settled(house: House) -> bool:
    ledger = json.loads(house.flask("messages", "ledger", "--json"))
    assert ledger["unexplained"] == 0
    return bool(ledger["delivered"] == ledger["due"] == CHECK_INS)
