"""The engine's periodic jobs. Each is a pull, safe at any time, any number of times (reliability 9)."""

from clinic.core.periodic import Clock, job
from clinic.messaging.services import inbound, paging, receipts, repair, sending

PUMP_SECONDS = 25.0


@job("messaging.pump", every=20)
def pump(now: Clock) -> int:
    """Send what is due, for 25 seconds at most; the last call ends within 15 more."""
    return sending.send_due(seconds=PUMP_SECONDS)


@job("messaging.rescue", every=60)
def rescue(now: Clock) -> int:
    """Leases that ran out, and receipts that never came."""
    return repair.rescue() + repair.give_up_waiting()


@job("messaging.look_up", every=20)
def look_up(now: Clock) -> int:
    """Ask the provider for what is unknown."""
    return repair.look_up()


@job("messaging.apply", every=20)
def apply(now: Clock) -> int:
    """Receipts and texts that were kept but not applied."""
    return receipts.apply_waiting(at=now()) + inbound.apply_waiting(at=now())


@job("messaging.escalate", every=20)
def escalate(now: Clock) -> int:
    """Page the next person where nobody acknowledged."""
    return paging.escalate(at=now())
