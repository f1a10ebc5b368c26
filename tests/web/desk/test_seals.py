from datetime import UTC, datetime

from madoguchi.web.desk.views.decisions import stamped


def test_a_seal_carries_the_day_of_the_office() -> None:
    """Shortly after midnight in Tokyo it is still yesterday in UTC."""
    assert stamped(datetime(2026, 11, 17, 15, 7, tzinfo=UTC)) == "11.18"
