from typing import Any

import pytest

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("address", ["/components/", "/components/desk/"])
def test_the_gallery_opens(client: Any, town: Any, address: str) -> None:
    assert client.get(address).status_code == 200
