"""Moving the schema forward. Revisions are numbered, and never import the mapped classes."""

import threading
from collections.abc import Callable
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from messages.errors import KitError
from storage.database import Database

_one_thread = threading.Lock()


class NewerSchema(KitError):
    """The database was written by a newer release: install that release, or restore an older backup."""


def config() -> Config:
    settings = Config()
    settings.set_main_option("script_location", str(Path(__file__).parent))
    settings.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    settings.set_main_option("path_separator", "os")
    return settings


def upgrade(database: Database, revision: str = "head") -> None:
    """Bring the schema to ``revision``. Safe to call by several processes and threads at once."""
    if current(database) not in {None, *_known()}:
        raise NewerSchema
    _run(database, command.upgrade, revision)


def downgrade(database: Database, revision: str) -> None:
    _run(database, command.downgrade, revision)


def _run(database: Database, step: Callable[[Config, str], None], revision: str) -> None:
    settings = config()
    writer = database.engine.execution_options(writes=True)
    # Alembic keeps its context in module globals: one thread at a time.
    with _one_thread, database.writing(), writer.begin() as connection:
        settings.attributes["connection"] = connection
        step(settings, revision)


def current(database: Database) -> str | None:
    """The revision the database is at; None for an empty one."""
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def newest() -> str:
    return str(ScriptDirectory.from_config(config()).get_current_head())


def _known() -> set[str]:
    return {script.revision for script in ScriptDirectory.from_config(config()).walk_revisions()}
