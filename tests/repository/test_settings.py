"""Production refuses to start half-configured, in one line that names the variable."""

from pathlib import Path

import pytest

from tests.repository.project import run

SECRET = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
SETTINGS = ["python", "-c", "import portal.settings.production"]
MANAGE = ["python", "manage.py", "migrate", "--check"]
WEB = ["gunicorn", "portal.wsgi:application", "--preload", "--bind=127.0.0.1:0"]
WORKER = ["celery", "--app=portal", "worker", "--concurrency=1", "--pool=solo"]
SCHEDULER = ["celery", "--app=portal", "beat", "--pidfile=", "--schedule=/dev/null"]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return {
        "DJANGO_SETTINGS_MODULE": "portal.settings.production",
        "PORTAL_VAR": str(tmp_path),
        "SECRET_KEY": SECRET,
        "DATABASE_URL": "postgres://portal:secret@127.0.0.1:1/portal",
        "ALLOWED_HOSTS": "portal.example.org",
        "PUBLIC_URL": "https://portal.example.org",
        "REDIS_URL": "redis://127.0.0.1:1/0",
        "EMAIL_URL": "smtp://127.0.0.1:1",
        "DEFAULT_FROM_EMAIL": "portal@example.org",
    }


def assert_one_line(result: object, variable: str) -> None:
    assert result.returncode not in (0, None)  # type: ignore[attr-defined]
    said = result.stderr.strip().splitlines()  # type: ignore[attr-defined]
    assert len(said) == 1, said
    assert said[0].startswith(f"{variable}: ")


@pytest.mark.parametrize(
    "variable",
    [
        "SECRET_KEY",
        "DATABASE_URL",
        "ALLOWED_HOSTS",
        "PUBLIC_URL",
        "REDIS_URL",
        "EMAIL_URL",
        "DEFAULT_FROM_EMAIL",
    ],
)
def test_a_missing_variable_is_named(environment: dict[str, str], variable: str) -> None:
    del environment[variable]
    assert_one_line(run(SETTINGS, environment), variable)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("DEBUG", "1"),
        ("SECRET_KEY", "short"),
        ("SECRET_KEY", "   "),
        ("ALLOWED_HOSTS", "*"),
        ("DATABASE_URL", "sqlite:////tmp/portal.sqlite3"),
        ("DATABASE_URL", "no address"),
        ("EMAIL_URL", "pigeon://post"),
        ("PUBLIC_URL", "portal.example.org"),
        ("DOCUMENT_MAX_BYTES", "200 MB"),
        ("TRUSTED_PROXIES", "one"),
        ("PORTAL_VAR", "/proc/no-such-place"),
    ],
)
def test_a_bad_value_is_named(environment: dict[str, str], variable: str, value: str) -> None:
    environment[variable] = value
    assert_one_line(run(SETTINGS, environment), variable)


@pytest.mark.parametrize("command", [WEB, WORKER, SCHEDULER], ids=["web", "worker", "scheduler"])
def test_every_process_refuses(environment: dict[str, str], command: list[str]) -> None:
    del environment["SECRET_KEY"]
    result = run(command, environment, seconds=60)
    assert_one_line(result, "SECRET_KEY")


def test_sqlite_where_it_is_meant(environment: dict[str, str], tmp_path: Path) -> None:
    environment["DATABASE_URL"] = f"sqlite:///{tmp_path / 'small.sqlite3'}"
    environment["ALLOW_SQLITE"] = "1"
    assert run(SETTINGS, environment).returncode == 0


def test_deployment_checks_are_clean(environment: dict[str, str]) -> None:
    command = ["python", "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    result = run(command, environment)
    assert result.returncode == 0, result.stderr
    assert "no issues (0 silenced)" in result.stdout
