"""`flask users`."""

import re

from flask.testing import FlaskClient, FlaskCliRunner

from clinic.configuration import queries as configuration
from tests.accounts.test_sign_in import MINE, enter
from tests.conftest import PASSWORD, SignIn

CREATE = ["users", "create", "--name", "Alex Admin", "--sign-in-name", "Alex"]


def test_the_first_administrator_of_an_empty_clinic(runner: FlaskCliRunner, client: FlaskClient) -> None:
    assert configuration.sites() == []
    made = runner.invoke(args=CREATE)
    assert made.exit_code == 0
    password = re.search(r"Password \(shown once\): (\S+)", made.output)
    assert password is not None
    assert [site.zone for site in configuration.sites()] == ["America/New_York"]
    assert enter(client, "alex", password[1]).status_code == 303
    assert client.get("/administration/staff").status_code == 200


def test_a_password_from_input(runner: FlaskCliRunner, client: FlaskClient) -> None:
    made = runner.invoke(args=[*CREATE, "--role", "nurse", "--password-stdin"], input=f"{PASSWORD}\n")
    assert (made.exit_code, made.output) == (0, "Alex Admin can sign in as alex.\n")
    assert enter(client, "alex").status_code == 303


def test_what_cannot_be_is_said_and_nothing_made(runner: FlaskCliRunner) -> None:
    short = runner.invoke(args=[*CREATE, "--password-stdin"], input="short\n")
    assert short.exit_code == 1
    assert "at least 15 characters" in short.output
    assert runner.invoke(args=CREATE).exit_code == 0
    taken = runner.invoke(args=CREATE)
    assert (taken.exit_code, "This one is taken" in taken.output) == (1, True)
    assert runner.invoke(args=["users", "list"]).output == "alex\tadministrator\tenabled\tAlex Admin\n"


def test_disable_and_reset(runner: FlaskCliRunner, sign_in: SignIn) -> None:
    browser = sign_in("nurse")
    reset = runner.invoke(args=["users", "reset-password", "nurse1", "--password-stdin"], input="x" * 16)
    assert reset.exit_code == 1
    fresh = runner.invoke(args=["users", "reset-password", "nurse1"])
    password = re.search(r"once\): (\S+)", fresh.output)
    assert password is not None
    assert browser.get(MINE).status_code == 303
    assert enter(browser, "nurse1", password[1]).status_code == 303
    assert runner.invoke(args=["users", "disable", "NURSE1"]).exit_code == 0
    assert browser.get(MINE).status_code == 303
    assert "disabled" in runner.invoke(args=["users", "list"]).output
    assert "Nobody has the sign-in name ghost" in runner.invoke(args=["users", "disable", "ghost"]).output
