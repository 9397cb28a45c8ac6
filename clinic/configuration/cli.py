"""Commands: what the clinic has decided, for the documents and for whoever asks."""

import click
from flask import Flask
from flask.cli import AppGroup

from clinic.configuration import queries
from clinic.configuration.rules import SETTINGS
from clinic.configuration.rules.words import in_words, range_words


@click.group("settings", cls=AppGroup)
def group() -> None:
    """What the clinic has decided."""


@group.command("list")
def list_settings() -> None:
    """All settings, tab by tab: key, value in force, default, allowed range, fact id, label."""
    for key, setting in SETTINGS.items():
        now, shipped = in_words(setting, queries.value(key)), in_words(setting, setting.default)
        click.echo("\t".join((key, now, shipped, range_words(setting), setting.fact, setting.label)))


def init_app(app: Flask) -> None:
    """Add the commands."""
    app.cli.add_command(group)
