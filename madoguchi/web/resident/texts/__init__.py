"""Every fixed sentence of the portal in Japanese, English and やさしい日本語."""

from madoguchi.web.components import texts
from madoguchi.web.resident.texts import (
    about,
    afterwards,
    applying,
    calendar,
    claiming,
    finding,
    looking,
    outage,
    proving,
    proxy,
    refusals,
    resuming,
    talking,
    verifying,
)

for part in (
    about,
    finding,
    applying,
    resuming,
    looking,
    proxy,
    afterwards,
    claiming,
    calendar,
    outage,
    proving,
    refusals,
    talking,
    verifying,
):
    texts.add(part.TEXTS)
