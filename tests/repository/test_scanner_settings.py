"""Where the virus scanner is: read as it is written, or refused in one line."""

import pytest

from portal.settings.environment import Environment
from portal.settings.scanner import scanner_from


@pytest.mark.parametrize(
    "url", ["", "unix:///run/clamav/clamd.ctl", "tcp://127.0.0.1:3310", "tcp://[::1]:3310"]
)
def test_what_is_set_is_read(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("CLAMD_URL", f" {url} ")
    assert scanner_from(Environment()) == url


@pytest.mark.parametrize(
    "url",
    [
        "127.0.0.1:3310",
        "http://127.0.0.1:3310",
        "tcp://127.0.0.1",
        "tcp://:3310",
        "tcp://127.0.0.1:port",
        "tcp://127.0.0.1:3310/path",
        "unix://run/clamd.ctl",
        "unix:///",
        "/run/clamd.ctl",
    ],
)
def test_what_is_no_address_is_refused(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("CLAMD_URL", url)
    with pytest.raises(SystemExit, match="CLAMD_URL"):
        scanner_from(Environment())
