"""The client of clamd: verdicts of a stand-in, and every way in which there is none."""

import time
from pathlib import Path

import pytest

from coalitions.documents import clamd
from tests.documents.clamd_server import EICAR, FOUND, StandIn, standing_in


def test_clean_and_infected(scanner: StandIn) -> None:
    clamd.ping(scanner.url)
    assert clamd.scan(scanner.url, [b"harmless"]) == ""
    assert clamd.scan(scanner.url, [b""]) == ""
    assert clamd.scan(scanner.url, [b"before ", EICAR, b" after"]) == FOUND
    # Over the edge of two chunks, and with blocks larger than a chunk.
    assert clamd.scan(scanner.url, [b"x" * 200_000 + EICAR[:20], EICAR[20:]]) == FOUND
    assert scanner.scanned == [8, 0, 7 + len(EICAR) + 6, 200_000 + len(EICAR)]


def test_over_a_socket_of_the_file_system(tmp_path: Path) -> None:
    with standing_in(tmp_path / "clamd.sock") as scanner:
        clamd.ping(scanner.url)
        assert clamd.scan(scanner.url, [EICAR]) == FOUND


def test_more_than_the_scanner_takes(scanner: StandIn) -> None:
    scanner.limit = 100_000
    assert clamd.scan(scanner.url, [b"x" * 100_000]) == ""
    with pytest.raises(clamd.BeyondLimits):
        clamd.scan(scanner.url, (b"x" * 50_000 for _ in range(3)))


@pytest.mark.parametrize("mode", ["drops", "stumbles"])
def test_no_verdict(scanner: StandIn, mode: str) -> None:
    scanner.mode = mode
    with pytest.raises(clamd.ScannerDown):
        clamd.scan(scanner.url, [b"harmless"] * 1000)


def test_a_scanner_that_hangs(scanner: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    scanner.mode = "hangs"
    monkeypatch.setattr(clamd, "SILENCE_SECONDS", 0.2)
    started = time.monotonic()
    with pytest.raises(clamd.ScannerDown):
        clamd.scan(scanner.url, [b"harmless"])
    monkeypatch.setattr(clamd, "PATIENCE", 0.1)
    with pytest.raises(clamd.ScannerDown):
        clamd.scan(scanner.url, (b"x" * 65536 for _ in range(10_000)))
    assert time.monotonic() - started < 5


@pytest.mark.parametrize("url", ["tcp://127.0.0.1:9", "unix:///nowhere/clamd.sock"])
def test_nobody_there(url: str) -> None:
    with pytest.raises(clamd.ScannerDown):
        clamd.ping(url)
    with pytest.raises(clamd.ScannerDown):
        clamd.scan(url, [b"x"])


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        ("stream: OK", ""),
        ("stream: Win.Test\x07 FOUND", "Win.Test"),
        ("stream: Odd FOUND name FOUND", "Odd FOUND name"),
    ],
)
def test_words_of_a_verdict(answer: str, verdict: str) -> None:
    assert clamd._verdict(answer) == verdict


@pytest.mark.parametrize("answer", ["", "OK stream", "stream: FOUND", "UNKNOWN COMMAND"])
def test_words_that_are_none(answer: str) -> None:
    with pytest.raises(clamd.ScannerDown):
        clamd._verdict(answer)


def test_a_file_that_is_only_looked_at_in_part_is_not_clean() -> None:
    with pytest.raises(clamd.BeyondLimits):
        clamd._verdict("stream: Heuristics.Limits.Exceeded.MaxFileSize FOUND")
