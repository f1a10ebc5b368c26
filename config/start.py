"""What every command does before its own work: find the database, enter Django."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

from config.database import check_database
from config.embedded_database import start_embedded_database

BASE_DIR = Path(__file__).resolve().parent.parent
SETTINGS = "config.settings.serve"


def var_dir() -> Path:
    """Where this installation keeps its data."""
    return Path(os.environ.get("MADOGUCHI_VAR", BASE_DIR / "var"))


def find_database() -> str:
    """The address of the database: DATABASE_URL, or the embedded PostgreSQL, started when needed."""
    given = os.environ.get("DATABASE_URL")
    url = given or start_embedded_database(var_dir() / "database")
    check_database(url)
    os.environ["DATABASE_URL"] = url
    return url


def migrate(url: str) -> None:
    """Make or update every table. Runs as the owner of the tables, in a process of its own."""
    environment = os.environ | {
        "DATABASE_URL": url,
        "MADOGUCHI_RUN_AS_OWNER": "1",
        "DJANGO_SETTINGS_MODULE": SETTINGS,
    }
    command = [sys.executable, "-m", "django", "migrate", "--verbosity", "0"]
    subprocess.run(command, env=environment, cwd=BASE_DIR, check=True)


def migrate_when_needed(url: str) -> None:
    """`migrate`, unless this embedded database has been brought to exactly this state of the code before."""
    stamp, state = var_dir() / "database" / "madoguchi-tables", _state_of_the_tables()
    embedded = stamp.parent.exists() and str(var_dir()) in url
    if embedded and stamp.exists() and stamp.read_text() == state:
        return
    migrate(url)
    if embedded:
        stamp.write_text(state)


def _state_of_the_tables() -> str:
    digest = hashlib.sha256((BASE_DIR / "requirements.lock").read_bytes())
    # Not only the migrations: who may see a row is written at the models and laid down after migrating.
    for file in sorted((BASE_DIR / "madoguchi").rglob("*.py")):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def enter_django() -> None:
    """Load the rooms, and refuse to go on under a role that row-level security does not bind."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    import django

    django.setup()
    from madoguchi.ledgers.office.database_role import refuse_an_unsafe_role

    refuse_an_unsafe_role()
