"""Commands: the first administrator, and what to do when nobody can sign in."""

import sys
from datetime import UTC, datetime
from uuid import UUID

import click
from flask import Flask

from clinic.accounts import queries, services
from clinic.accounts.registry import slots
from clinic.accounts.rules import Role
from clinic.core import actor, clock
from clinic.core.cli import DatabaseGroup
from clinic.core.errors import Refused


@click.group("users", cls=DatabaseGroup)
def group() -> None:
    """Staff who may sign in."""
    actor.set_for_request(actor.Actor(actor.ActorKind.COMMAND, name="users"))


def _password(from_stdin: bool) -> tuple[str, str]:
    """The password and what to tell about it."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n"), ""
    made = services.first_password()
    return made, f"\nPassword (shown once): {made}"


def _id(sign_in_name: str) -> UUID:
    found = queries.id_of(sign_in_name)
    if found is None:
        raise click.ClickException(f"Nobody has the sign-in name {sign_in_name}.")
    return found


@group.command("create")
@click.option("--name", required=True, help="Full name.")
@click.option("--sign-in-name", required=True, help="What is typed to sign in.")
@click.option(
    "--role", type=click.Choice([role.value for role in Role]), default="administrator", show_default=True
)
@click.option("--password-stdin", is_flag=True, help="Read the password from the first line of input.")
def create(name: str, sign_in_name: str, role: str, password_stdin: bool) -> None:
    """Add a member of staff; in an empty clinic the first administrator and the first site."""
    password, told = _password(password_stdin)
    now = clock.now()
    try:
        services.create_user(
            name=name,
            sign_in_name=sign_in_name,
            role=Role(role),
            site_id=slots.first_site(now),
            password=password,
            at=now,
        )
    except Refused as error:
        raise click.ClickException(error.message) from None
    click.echo(f"{name} can sign in as {sign_in_name.lower()}.{told}")


@group.command("disable")
@click.argument("sign_in_name")
def disable(sign_in_name: str) -> None:
    """End somebody's access now."""
    try:
        services.disable_user(_id(sign_in_name), reason="command", at=clock.now(), real=datetime.now(UTC))
    except Refused as error:
        raise click.ClickException(error.message) from None
    click.echo(f"{sign_in_name} can no longer sign in.")


@group.command("reset-password")
@click.argument("sign_in_name")
@click.option("--password-stdin", is_flag=True, help="Read the password from the first line of input.")
def reset_password(sign_in_name: str, password_stdin: bool) -> None:
    """Give a new password and end all sign-ins made with the old one."""
    password, told = _password(password_stdin)
    try:
        services.reset_password(_id(sign_in_name), password, at=clock.now(), real=datetime.now(UTC))
    except Refused as error:
        raise click.ClickException(error.message) from None
    click.echo(f"{sign_in_name} has a new password.{told}")


@group.command("list")
def list_users() -> None:
    """All staff: sign-in name, role, state, name."""
    for one in queries.entries():
        state = "disabled" if one.disabled_at else "enabled"
        click.echo(f"{one.sign_in_name}\t{one.role}\t{state}\t{one.name}")


def init_app(app: Flask) -> None:
    """Add the commands."""
    app.cli.add_command(group)
