"""What an error says may be a patient's words: no line of a log holds them (T15)."""

import logging

import pytest
from celery import Celery
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from clinic.core import logs
from clinic.core.db import db

WORDS = "called her sister in Ohio"


def test_error_of_a_task_is_logged_without_its_words(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure()
    app = Celery("clinic", broker="memory://", set_as_current=False)

    @app.task(name="failing", shared=False)  # shared, it would be a task of every later app of this process
    def failing() -> None:
        raise ValueError(WORDS)

    failing.apply()
    logging.getLogger("kombu").error("lost: %r", ValueError(WORDS))
    said = capsys.readouterr().out
    assert "failing" in said
    assert "ValueError" in said
    assert WORDS not in said


def test_error_of_the_database_does_not_name_values(app: Flask) -> None:
    with pytest.raises(DBAPIError) as failed:
        db.session.execute(text("SELECT :words FROM no_such_table"), {"words": WORDS})
    assert WORDS not in str(failed.value)
