"""Claim, begin, call, settle: the path of every message, safe whatever dies and whenever (reliability 4)."""

from collections.abc import Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextvars import copy_context
from time import monotonic

from sqlalchemy.exc import OperationalError

from clinic.core.logs import log
from clinic.core.settings import current
from clinic.messaging.channels import carriers
from clinic.messaging.channels.carriers import CARRIERS
from clinic.messaging.rules.decision import Claim
from clinic.messaging.rules.outcomes import Answer, Fault, Outcome
from clinic.messaging.services.claims import claim, give_up
from clinic.messaging.services.engine import twice
from clinic.messaging.services.intent import Intent, begin, elapsed
from clinic.messaging.services.settling import Answered, settle

IN_FLIGHT = 32
GATHER = 0.005  # seconds

Calls = set[Future[Answered]]


def send_due(*, seconds: float) -> int:
    """Send what is due until nothing is or time is over, 32 calls at a time. How many were handled.

    One thread writes, for many messages at once, and the calls' threads touch no database. The price: an
    outcome waits up to 5 ms for others to share its commit, and a process that dies leaves 32 calls to be
    looked up instead of one. Until a call was accepted there is one at a time: a provider that refuses us is
    not met by 32.
    """
    if not carriers.running():
        return 0
    until, handled, room = monotonic() + seconds, 0, 1
    calls: Calls = set()
    with ThreadPoolExecutor(IN_FLIGHT) as callers:
        while True:
            try:
                while len(calls) < room and monotonic() < until and (claims := claim(room - len(calls))):
                    calls |= {callers.submit(copy_context().run, _call, intent) for intent in _begin(claims)}
                    handled += len(claims)
            except Exception:
                if not calls:
                    raise
                log.exception("nothing_more_claimed")
                until = 0.0  # how the calls under way end is kept before anything else
            if not calls:
                return handled
            wait(calls, return_when=FIRST_COMPLETED)
            done, calls = wait(calls, timeout=GATHER)
            answered = [call.result() for call in done]
            if not _settle(answered):
                until = 0.0  # what was kept of none must not become of many
            if any(each.judgement.outcome is Outcome.ACCEPTED for each in answered):
                room = IN_FLIGHT


def _call(intent: Intent) -> Answered:
    if elapsed() - intent.begun > current().settle.lease / 2:
        return Answered(intent, Answer(fault=Fault.TOO_LATE))
    try:
        return Answered(intent, CARRIERS[intent.claim.channel].send(intent.post))
    except Exception:  # no carrier should; what it did before that is in doubt, and its neighbours go on
        log.exception("carrier_failed", message_id=str(intent.claim.message_id))
        return Answered(intent, Answer(fault=Fault.CUT_OFF))


def _begin(claims: Sequence[Claim]) -> list[Intent]:
    """The intents of claims, together; each alone where one of them spoils it for the others."""
    try:
        return twice(lambda: begin(claims))
    except Exception as error:
        if len(claims) > 1:
            return [intent for one in claims for intent in _begin([one])]
        log.exception("message_not_begun", message_id=str(claims[0].message_id))
        # a database that was away says nothing about the message
        give_up(claims[0], counted=not isinstance(error, OperationalError))
        return []


def _settle(calls: Sequence[Answered]) -> bool:
    """Keep how calls ended, together or each alone. False where one could not be kept: it is looked up."""
    try:
        twice(lambda: settle(calls))
    except Exception:
        if len(calls) > 1:
            alone = [_settle([call]) for call in calls]
            return all(alone)
        log.exception("outcome_not_kept", message_id=str(calls[0].intent.claim.message_id))
        return False
    return True
