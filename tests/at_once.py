"""Several people at the same instant: threads that start together, each with a connection."""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import close_old_connections, connection


@pytest.fixture
def real_connections(transactional_db: None, tmp_path: Path) -> Iterator[None]:
    """Give each thread a connection of its own: SQLite's database in memory has no such thing."""
    if connection.vendor != "sqlite" or not connection.is_in_memory_db():
        yield
        return
    connection.ensure_connection()
    in_memory, name = connection.connection, connection.settings_dict["NAME"]
    with sqlite3.connect(tmp_path / "file.sqlite3") as target:
        in_memory.backup(target)
    target.close()
    connection.connection = None
    connection.settings_dict["NAME"] = str(tmp_path / "file.sqlite3")
    yield
    connection.close()
    connection.settings_dict["NAME"] = name
    connection.connection = in_memory


def at_once(
    *acts: Callable[[], object], refused: type[Exception] | tuple[type[Exception], ...]
) -> list[Exception]:
    """Run the acts in threads that start together; return the refusals."""
    barrier = threading.Barrier(len(acts))
    refusals: list[Exception] = []
    errors: list[Exception] = []

    def run(act: Callable[[], object]) -> None:
        barrier.wait()
        try:
            act()
        except refused as refusal:
            refusals.append(refusal)
        except Exception as error:
            errors.append(error)
        finally:
            close_old_connections()
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    return refusals
