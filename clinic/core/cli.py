"""Commands that need the database."""

from typing import Any

import click
from flask.cli import AppGroup, ScriptInfo

from clinic.core import startup


class DatabaseGroup(AppGroup):
    """Its commands end with one sentence where the database does not answer or has other tables (R16)."""

    def invoke(self, ctx: click.Context) -> Any:
        """Look first, then run the command. Raises CannotStart."""
        app = ctx.ensure_object(ScriptInfo).load_app()
        startup.require_current(app.extensions["clinic.settings"].database_url)
        return super().invoke(ctx)
