"""Settings of the search server: read as they are written, or refused in one line."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal.settings.engines import elasticsearch_from
from portal.settings.environment import Environment

NAMES = ("URL", "API_KEY", "CA_CERTS", "INDEX_PREFIX")
HERE = "https://search.example.org:9200"


def read(monkeypatch: pytest.MonkeyPatch, **values: str) -> dict[str, str]:
    for name in NAMES:
        monkeypatch.delenv(f"ELASTICSEARCH_{name}", raising=False)
        if name in values:
            monkeypatch.setenv(f"ELASTICSEARCH_{name}", values[name])
    return elasticsearch_from(Environment())


def test_without_an_address_there_is_no_server(monkeypatch: pytest.MonkeyPatch) -> None:
    nothing = {"url": "", "api_key": "", "ca_certs": "", "prefix": "portal"}
    assert read(monkeypatch) == nothing
    assert read(monkeypatch, URL=" ", API_KEY="", INDEX_PREFIX="") == nothing


def test_what_is_set_is_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    authority = tmp_path / "ca.pem"
    authority.touch()
    found = read(
        monkeypatch, URL=HERE, API_KEY="a2V5", CA_CERTS=str(authority), INDEX_PREFIX="net-2"
    )
    assert found == {"url": HERE, "api_key": "a2V5", "ca_certs": str(authority), "prefix": "net-2"}
    with_user = "http://portal:pass%2Fword@127.0.0.1:9200"
    assert read(monkeypatch, URL=with_user)["url"] == with_user


@pytest.mark.parametrize(
    ("variable", "values"),
    [
        ("URL", {"URL": "search.example.org:9200"}),
        ("URL", {"URL": "ftp://search.example.org:9200"}),
        ("URL", {"URL": "https://search.example.org"}),
        ("URL", {"URL": "https://search.example.org:port"}),
        ("URL", {"URL": "https://:9200"}),
        ("URL", {"URL": f"{HERE}/?pretty"}),
        ("API_KEY", {"API_KEY": "a2V5"}),
        ("API_KEY", {"URL": "https://me:hush@search.example.org:9200", "API_KEY": "a2V5"}),
        ("CA_CERTS", {"CA_CERTS": __file__}),
        ("CA_CERTS", {"URL": "http://search.example.org:9200", "CA_CERTS": __file__}),
        ("CA_CERTS", {"URL": HERE, "CA_CERTS": "/nowhere/ca.pem"}),
        ("INDEX_PREFIX", {"URL": HERE, "INDEX_PREFIX": "Portal"}),
        ("INDEX_PREFIX", {"URL": HERE, "INDEX_PREFIX": "a" * 41}),
        ("INDEX_PREFIX", {"INDEX_PREFIX": "*"}),
    ],
)
def test_what_contradicts_itself_is_refused(
    monkeypatch: pytest.MonkeyPatch, variable: str, values: dict[str, str]
) -> None:
    with pytest.raises(SystemExit) as refused:
        read(monkeypatch, **values)
    said = str(refused.value)
    assert said.startswith(f"ELASTICSEARCH_{variable}: ")
    assert "\n" not in said
    assert "hush" not in said
