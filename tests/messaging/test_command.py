"""`flask messages pump`: the whole engine by hand."""

from datetime import timedelta

from flask.testing import FlaskCliRunner

from tests.messaging.conftest import NOON, Agreed, Owe, state
from tests.messaging.provider import Provider


def test_until_idle_sends_what_is_due_and_leaves_the_rest(
    agreed: Agreed, owe: Owe, runner: FlaskCliRunner, provider: Provider
) -> None:
    due, later = owe(agreed()), owe(agreed("+12025550144"), due=NOON + timedelta(hours=1))
    first = runner.invoke(args=["messages", "pump", "--until-idle"])
    second = runner.invoke(args=["messages", "pump", "--until-idle"])
    assert (first.exit_code, second.exit_code) == (0, 0), first.output
    assert state(due)[0] == "accepted"
    assert state(later)[0] == "scheduled"
    assert second.output.startswith("0 changed")


def test_group_tells_what_it_is_for(runner: FlaskCliRunner) -> None:
    assert "--until-idle" in runner.invoke(args=["messages", "pump", "--help"]).output
