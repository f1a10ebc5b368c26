"""Every fixed sentence of the portal in Japanese, English and やさしい日本語."""

from madoguchi.web.components import texts
from madoguchi.web.resident.texts import afterwards, applying, finding, outage, resuming

for part in (finding, applying, resuming, afterwards, outage):
    texts.add(part.TEXTS)
