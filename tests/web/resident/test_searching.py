"""The search page: what is found comes first, and nothing found is not the end."""

from typing import Any

import pytest

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("query", ["見本クラブ", "みほんくらぶ", "ﾐﾎﾝｸﾗﾌﾞ", "mihon", "見本倶楽部 見本"])
def test_it_is_found_however_it_is_written(client: Any, loaded: Any, query: str) -> None:
    page = client.get("/search", {"q": query}).content.decode()
    assert "/procedures/mihon-club/" in page
    assert "1件あります" in page


def test_nothing_found_says_what_to_do_next(client: Any, loaded: Any) -> None:
    page = client.get("/search", {"q": "宇宙旅行"}).content.decode()
    assert "「宇宙旅行」は見つかりませんでした" in page
    for way in ("くらしの出来事から探す", "/calendar/", "電話で聞く"):
        assert way in page


def test_markup_in_a_question_stays_text(client: Any, loaded: Any) -> None:
    page = client.get("/search", {"q": "<script>alert(1)</script>"}).content.decode()
    assert "<script>alert" not in page
