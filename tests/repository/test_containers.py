"""docker-compose.yml and Dockerfile: what is promised about them, read from the files."""

import re
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.repository.project import ROOT, inherited, interpolated, run

SECRETS = {
    "SECRET_KEY",
    "POSTGRES_PASSWORD",
    "REDIS_PASSWORD",
    "ELASTIC_PASSWORD",
    "OPERATOR_TOKEN",
}
GIVEN = dict.fromkeys(SECRETS, "x" * 50) | {
    "PUBLIC_URL": "https://portal.example.org",
    "ALLOWED_HOSTS": "portal.example.org",
    "DEFAULT_FROM_EMAIL": "portal@example.org",
}


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    return loaded


def test_every_part_is_there_and_watched(compose: dict[str, Any]) -> None:
    wanted = {"web", "worker", "scheduler", "postgres", "redis", "elasticsearch", "mail"}
    assert wanted <= set(compose["services"])
    for name in wanted:
        assert compose["services"][name]["healthcheck"]["test"], name


def test_only_the_web_port_is_published_on_loopback(compose: dict[str, Any]) -> None:
    published = {
        name: [interpolated(port, {}) for port in service["ports"]]
        for name, service in compose["services"].items()
        if "ports" in service
    }
    assert published == {"web": ["127.0.0.1:8000:8000"]}
    assert compose["networks"]["backend"] == {"internal": True}


def test_the_engine_is_the_version_of_the_client(compose: dict[str, Any]) -> None:
    assert compose["services"]["elasticsearch"]["image"].startswith("elasticsearch:8.19.")


@pytest.mark.parametrize("secret", sorted(SECRETS))
def test_no_secret_has_a_default(secret: str) -> None:
    text = (ROOT / "docker-compose.yml").read_text()
    without = {name: value for name, value in GIVEN.items() if name != secret}
    with pytest.raises(KeyError, match=secret):
        interpolated(text, without)


def test_processes_run_without_privileges(compose: dict[str, Any]) -> None:
    for name in ("setup", "web", "worker", "scheduler"):
        service = compose["services"][name]
        assert service["read_only"], name
        assert service["cap_drop"] == ["ALL"], name
        assert "no-new-privileges:true" in service["security_opt"], name


def test_the_image_is_small_and_not_root() -> None:
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    stages = [line for line in lines if line.startswith("FROM ")]
    assert len(stages) == 2
    assert all("-slim-" in stage for stage in stages)
    last_user = [line for line in lines if line.startswith("USER ")][-1]
    assert last_user.split()[1].isdecimal()
    assert last_user.split()[1] != "0"


def test_nothing_private_goes_into_the_image() -> None:
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    assert "*" in ignored
    assert not {"!var", "!.env", "!.git", "!tests"} & set(ignored)


def test_every_variable_is_explained() -> None:
    explained = (ROOT / ".env.example").read_text()
    asked = set(re.findall(r"\$\{(\w+)", (ROOT / "docker-compose.yml").read_text()))
    for path in (ROOT / "portal/settings").glob("*.py"):
        asked |= set(re.findall(r'env\.\w+\(\s*"(\w+)"', path.read_text()))
    # DEBUG is refused in production.
    for name in asked - {"DEBUG"}:
        assert f"{name}=" in explained, name


@pytest.mark.skipif(shutil.which("docker-compose") is None, reason="docker-compose is not here")
def test_docker_compose_reads_the_file(tmp_path: Path) -> None:
    result = run(["docker-compose", "--file", "docker-compose.yml", "config", "--quiet"], GIVEN)
    assert result.returncode == 0, result.stderr


@pytest.mark.skipif(shutil.which("docker-compose") is None, reason="docker-compose is not here")
def test_docker_compose_names_a_missing_secret() -> None:
    without = {name: value for name, value in GIVEN.items() if name != "SECRET_KEY"}
    result = run(["docker-compose", "--file", "docker-compose.yml", "config"], without)
    assert result.returncode != 0
    assert "set SECRET_KEY in .env" in result.stderr


@pytest.mark.skipif(
    shutil.which("hadolint", path=inherited()["PATH"]) is None, reason="hadolint is not here"
)
def test_the_dockerfile_is_clean() -> None:
    result = run(["hadolint", "Dockerfile"], {})
    assert result.returncode == 0, result.stdout


@pytest.mark.skipif(shutil.which("docker-compose") is None, reason="docker-compose is not here")
def test_the_test_servers_are_those_of_production_on_loopback() -> None:
    ports = {"PG_PORT": "55432", "REDIS_PORT": "56379", "ES_PORT": "59200"}
    files = ["--file", "docker-compose.yml", "--file", ".ci/services/docker-compose.ports.yml"]
    result = run(["docker-compose", *files, "config"], GIVEN | ports)
    assert result.returncode == 0, result.stderr
    services = yaml.safe_load(result.stdout)["services"]
    assert {name for name in services if "ports" in services[name]} == {
        "web",
        "postgres",
        "redis",
        "elasticsearch",
    }
