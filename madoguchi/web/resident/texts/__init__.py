"""Every fixed sentence of the portal in Japanese, English and やさしい日本語."""

from madoguchi.web.components import texts
from madoguchi.web.resident.texts import (
    afterwards,
    applying,
    finding,
    looking,
    outage,
    proving,
    proxy,
    resuming,
)

for part in (finding, applying, resuming, looking, proxy, afterwards, outage, proving):
    texts.add(part.TEXTS)
