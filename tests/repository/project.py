"""Where the project's files are, and how its programs are called in tests."""

import os
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
# What a process needs to run at all; settings come from the test alone.
KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "PYTHONDONTWRITEBYTECODE")


def run(
    command: Sequence[str], environment: Mapping[str, str], *, seconds: float = 120
) -> subprocess.CompletedProcess[str]:
    """Run a program in the project with exactly this environment."""
    return subprocess.run(
        command,
        cwd=ROOT,
        env={**inherited(), **environment},
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )


def inherited() -> dict[str, str]:
    """Return the parts of the environment that say nothing about the portal."""
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    kept["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{kept.get('PATH', '')}"
    return kept


def tracked_files() -> list[Path]:
    """Return what the project carries: git's list, else everything but what is made here."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def interpolated(text: str, values: Mapping[str, str]) -> str:
    """Return `text` with ${NAME}, ${NAME:-default} and ${NAME:?reason} filled in, $$ as $."""

    def fill(match: re.Match[str]) -> str:
        if match["dollar"]:
            return "$"
        value = values.get(match["name"], "")
        if value:
            return value
        if match["kind"] == ":?":
            raise KeyError(match["name"])
        return match["rest"] or ""

    return re.sub(
        r"(?P<dollar>\$\$)|\$\{(?P<name>\w+)(?:(?P<kind>:[-?])(?P<rest>[^}]*))?\}", fill, text
    )
