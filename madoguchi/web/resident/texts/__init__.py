"""Every fixed sentence of the portal in Japanese, English and やさしい日本語."""

from madoguchi.web.components import texts
from madoguchi.web.resident.texts import (
    about,
    afterwards,
    applying,
    calendar,
    finding,
    outage,
    refusals,
    talking,
)

for part in (about, finding, applying, afterwards, calendar, outage, refusals, talking):
    texts.add(part.TEXTS)
