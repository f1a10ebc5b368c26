"""Every fixed sentence of the portal in Japanese, English and やさしい日本語."""

from madoguchi.web.components import texts
from madoguchi.web.resident.texts import afterwards, applying, finding, outage, proving

for part in (finding, applying, afterwards, outage, proving):
    texts.add(part.TEXTS)
