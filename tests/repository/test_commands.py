"""The commands: every target has its script, scripts are strict, requirements are locked."""

import re
import shutil
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.repository.project import ROOT, run, tracked_files

SCRIPTS = sorted(
    path
    for path in [*(ROOT / "bin").iterdir(), ROOT / ".ci/run", *(ROOT / ".ci/services").iterdir()]
    if path.is_file() and path.read_text().startswith("#!")
)
SHELL = [path for path in SCRIPTS if "bash" in path.read_text().splitlines()[0]]
# In two halves, so that this file does not name them itself.
REGISTRY_HOSTS = [
    "pypi" + ".org",
    "pythonhosted" + ".org",
    "npmjs" + ".org",
    "registry" + ".yarnpkg",
    "maven" + ".org",
    "crates" + ".io",
    "proxy.golang" + ".org",
    "deb.debian" + ".org",
    "docker" + ".elastic.co",
    "ghcr" + ".io",
    "quay" + ".io",
]
PINNED = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^ ;\\]+)")


def test_every_target_has_its_script() -> None:
    makefile = (ROOT / "Makefile").read_text()
    for script in re.findall(r"exec bin/([a-z-]+)", makefile):
        assert (ROOT / "bin" / script) in SCRIPTS, script
    for target in ("run", "test", "test-services", "bench", "clean"):
        assert re.search(rf"^{target}:.*## ", makefile, re.MULTILINE), target


def test_make_lists_its_targets() -> None:
    result = run(["make"], {})
    assert result.returncode == 0
    assert "make run" in result.stdout


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_a_script_can_be_started(script: Path) -> None:
    assert script.stat().st_mode & 0o111


@pytest.mark.parametrize("script", SHELL, ids=lambda path: path.name)
def test_a_script_is_strict(script: Path) -> None:
    # Some go on after a failure and say so at the end; an unset variable is never empty.
    assert re.search(r"^set -e?uo pipefail$", script.read_text(), re.MULTILINE)


@pytest.mark.skipif(shutil.which("shellcheck") is None, reason="shellcheck is not here")
def test_scripts_are_clean() -> None:
    result = run(["shellcheck", "-x", *map(str, SHELL)], {})
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize("name", ["runtime", "dev"])
def test_requirements_are_exact_and_hashed(name: str) -> None:
    text = (ROOT / f"requirements/{name}.txt").read_text()
    for entry in re.split(r"\n(?=\S)", text.strip()):
        if entry.startswith("#"):
            continue
        assert PINNED.match(entry), entry.splitlines()[0]
        assert "--hash=sha256:" in entry, entry.splitlines()[0]
    assert "://" not in text


def test_development_holds_the_runtime_set() -> None:
    pins = {}
    for name in ("runtime", "dev"):
        text = (ROOT / f"requirements/{name}.txt").read_text()
        pins[name] = {line.split(" ")[0] for line in text.splitlines() if PINNED.match(line)}
    assert pins["runtime"] <= pins["dev"]


def test_no_registry_is_named() -> None:
    """Where packages come from is the machine's business, not the project's."""
    for path in tracked_files():
        data = path.read_bytes()
        for host in REGISTRY_HOSTS:
            assert host.encode() not in data, f"{path.relative_to(ROOT)} names a registry"


def test_no_lock_with_addresses_is_carried() -> None:
    assert not {"uv.lock", "poetry.lock", "Pipfile.lock"} & {p.name for p in tracked_files()}


def test_new_env_writes_secrets_once(tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    shutil.copy(ROOT / "bin/new-env", tmp_path / "bin/new-env")
    shutil.copy(ROOT / ".env.example", tmp_path / ".env.example")
    command = [str(tmp_path / "bin/new-env")]
    assert run(command, {}).returncode == 2
    made = run(command, {"PUBLIC_URL": "https://portal.example.net/"})
    assert made.returncode == 0, made.stderr
    written = tmp_path / ".env"
    assert written.stat().st_mode & 0o777 == 0o600
    values = dict(
        line.split("=", 1)
        for line in written.read_text().splitlines()
        if line and not line.startswith("#")
    )
    assert values["PUBLIC_URL"] == "https://portal.example.net"
    assert values["ALLOWED_HOSTS"] == "portal.example.net"
    assert len(values["SECRET_KEY"]) >= 50
    assert len({values[n] for n in ("POSTGRES_PASSWORD", "REDIS_PASSWORD")}) == 2
    assert run(command, {"PUBLIC_URL": "https://portal.example.net/"}).returncode == 1


def test_import_contracts_hold() -> None:
    result = run(["lint-imports", "--no-cache"], {})
    assert result.returncode == 0, result.stdout


def test_every_range_is_locked() -> None:
    with (ROOT / "pyproject.toml").open("rb") as file:
        project = tomllib.load(file)["project"]
    wanted = {
        "runtime": project["dependencies"],
        "dev": project["dependencies"] + project["optional-dependencies"]["dev"],
    }
    for name, ranges in wanted.items():
        text = (ROOT / f"requirements/{name}.txt").read_text()
        pins = {
            canonicalize_name(match["name"]): match["version"]
            for line in text.splitlines()
            if (match := PINNED.match(line))
        }
        for requirement in map(Requirement, ranges):
            assert requirement.specifier.contains(pins[canonicalize_name(requirement.name)]), name
