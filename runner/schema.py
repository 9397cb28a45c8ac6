"""Run by .venv's Python: is the database at DATABASE_URL `new`, `old` or `current`?"""

import os
import re
import sys

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine
from sqlalchemy.exc import SQLAlchemyError

url = re.sub(r"^postgres(ql)?://", "postgresql+psycopg://", os.environ["DATABASE_URL"])
try:
    with create_engine(url).connect() as connection:
        found = set(MigrationContext.configure(connection).get_current_heads())
except SQLAlchemyError as error:
    sys.exit(str(error.__cause__ or error).splitlines()[0])
heads = set(ScriptDirectory("migrations").get_heads())
print("current" if found == heads else "old" if found else "new")
