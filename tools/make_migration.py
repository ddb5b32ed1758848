"""Write the next numbered revision from the difference between the tables and the newest schema.

``python tools/make_migration.py "add visits"`` upgrades an empty SQLite file to the newest revision,
compares, and writes ``storage/migrations/versions/NNNN_add_visits.py`` for a person to read and finish.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from alembic import command

from storage import migrations
from storage.database import Database
from storage.migrations import config, current, upgrade
from storage.sealing import Keyring

VERSIONS = Path(migrations.__file__).parent / "versions"


def main(words: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder)}/kit.db", keyring=Keyring.fresh())
        upgrade(database)
        number = int(current(database) or 0) + 1
        settings = config()
        with database.engine.begin() as connection:
            settings.attributes["connection"] = connection
            command.revision(settings, words, autogenerate=True, rev_id=f"{number:04d}")
        database.close()
    subprocess.run([sys.executable, "-m", "ruff", "format", "--quiet", str(VERSIONS)], check=True)
    subprocess.run([sys.executable, "-m", "ruff", "check", "--fix", "--quiet", str(VERSIONS)], check=True)


if __name__ == "__main__":
    main(" ".join(sys.argv[1:]) or "change")
