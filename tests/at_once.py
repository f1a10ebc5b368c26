"""Several people at the same moment."""

import threading
from collections.abc import Callable
from typing import Any

from django.db import connection

from madoguchi.ledgers.office.database_role import take_the_running_role
from madoguchi.ledgers.office.session import enter_municipality


def at_once(town: Any, acts: list[Callable[[], Any]]) -> list[Any]:
    """Run acts at one moment, each on a connection of its own."""
    gate = threading.Barrier(len(acts))
    results: list[Any] = []

    def run(act: Callable[[], Any]) -> None:
        take_the_running_role(connection)
        enter_municipality(town.pk)
        gate.wait()
        results.append(act())
        connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
