"""Aftercare with a provider that takes texts, and time that passes."""

from collections.abc import Callable, Mapping

import pytest
from flask.testing import FlaskCliRunner

from clinic.core.db import db
from tests.conftest import MovedClock
from tests.messaging.provider import Provider


@pytest.fixture
def env(env: Mapping[str, str], provider: Provider) -> Mapping[str, str]:
    """The usual environment with this provider."""
    return {**env, "CLINIC_SMS_URL": provider.url}


Later = Callable[..., None]


@pytest.fixture
def later(runner: FlaskCliRunner, clock: MovedClock) -> Later:
    """Time passes, and every periodic job runs until nothing changes."""

    def go(**by: float) -> None:
        clock.advance(**by)
        runner.invoke(args=["messages", "pump", "--until-idle"], catch_exceptions=False)
        db.session.rollback()

    return go
