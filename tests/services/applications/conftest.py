from datetime import datetime
from typing import Any

import pytest

from tests.factories_applications import small_package


@pytest.fixture
def loaded(section: Any, now: datetime) -> Any:
    """The small package, live in サンプル市."""
    return small_package(now)
