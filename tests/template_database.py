"""The migrated test database, made once and copied for each worker.

Migrating Wagtail takes longer than most of the suite. Invariant: the copy is of the very migrations
that lie in the tree and of the installed set; a change of either makes a new template.
"""

import fcntl
import hashlib
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from django.apps import apps
from django.conf import settings


def fingerprint() -> str:
    """Return a short hash of every migration and of the data that migrations load."""
    digest = hashlib.sha256()
    for config in sorted(apps.get_app_configs(), key=lambda config: config.name):
        folder = Path(config.path)
        for path in sorted((folder / "migrations").glob("*.py")):
            digest.update(path.read_bytes())
    for path in sorted((settings.BASE_DIR / "coalitions/network/vocabulary_data").glob("*")):
        digest.update(path.read_bytes())
    for name in (
        "coalitions/network/append_only.py",
        "coalitions/network/vocabularies.py",
        "search/watched.py",
        "search/watching.py",
    ):
        digest.update((settings.BASE_DIR / name).read_bytes())
    return digest.hexdigest()[:16]


def template() -> Path:
    """Return the migrated SQLite file, made now if nobody made it yet."""
    path = Path(tempfile.gettempdir()) / f"portal-test-template-{fingerprint()}.sqlite3"
    with path.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            making = path.with_suffix(".making")
            making.unlink(missing_ok=True)
            subprocess.run(
                [sys.executable, "manage.py", "migrate", "-v0", "--settings=portal.settings.test"],
                cwd=settings.BASE_DIR,
                env={"DATABASE_URL": f"sqlite:///{making}", "PATH": "/usr/bin:/bin"},
                check=True,
            )
            making.rename(path)
    return path


def copy_for_worker(worker: str) -> Path:
    """Return a fresh copy of the template for one worker of this run."""
    folder = Path(tempfile.mkdtemp(prefix=f"portal-test-{worker}-"))
    return Path(shutil.copy(template(), folder / "test.sqlite3"))
