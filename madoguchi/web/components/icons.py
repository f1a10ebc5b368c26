"""The house's own icons: 24 px grid, 1.9 px round stroke, drawn in the colour of the words beside them.

An icon never stands without a word, except up, down, remove and close, which carry an accessible name on their button.
"""

from functools import lru_cache

from django.utils.html import format_html
from django.utils.safestring import SafeString

WORK = {
    "alert": '<circle cx="12" cy="12" r="9"/><path d="M12 7.5v5.5M12 16.4v.1"/>',
    "add": '<path d="M12 5v14M5 12h14"/>',
    "arrow-down": '<path d="M12 5v14M6.5 13.5 12 19l5.5-5.5"/>',
    "arrow-right": '<path d="M4.5 12h15M13.5 6l6 6-6 6"/>',
    "arrow-up": '<path d="M12 19V5M6.5 10.5 12 5l5.5 5.5"/>',
    "bell": '<path d="M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 1.5h-15L6 16.5ZM10 20.5h4"/>',
    "calendar": '<rect x="4" y="5.5" width="16" height="14.5" rx="2"/><path d="M4 10h16M8.5 3.5v4M15.5 3.5v4"/>',
    "camera": '<path d="M4 8.5a1.5 1.5 0 0 1 1.5-1.5H8l1.5-2.5h5L16 7h2.5A1.5 1.5 0 0 1 20 8.5v9a1.5 1.5 0 0 1-1.5 1.5h-13A1.5 1.5 0 0 1 4 17.5v-9Z"/><circle cx="12" cy="13" r="3.4"/>',  # noqa: E501
    "card": '<rect x="3.5" y="5.5" width="17" height="13" rx="2"/><circle cx="8.5" cy="11" r="1.8"/><path d="M6 15.5c.6-1.6 4.4-1.6 5 0M14 10h3.5M14 13.5h3.5"/>',  # noqa: E501
    "chart": '<path d="M4.5 4v15.5H20M8 14.5l3.5-4 3 2.5L19.5 7"/>',
    "check": '<path d="m5 12.5 4.5 4.5L19 7.5"/>',
    "chevron-down": '<path d="m6 9 6 6 6-6"/>',
    "chevron-left": '<path d="m15 5-7 7 7 7"/>',
    "chevron-right": '<path d="m9 5 7 7-7 7"/>',
    "clip": '<path d="m19 11.5-7.3 7.3a4.6 4.6 0 0 1-6.5-6.5l7.7-7.7a3.1 3.1 0 0 1 4.4 4.4l-7.6 7.6a1.5 1.5 0 0 1-2.2-2.2l6.8-6.7"/>',
    "clock": '<circle cx="12" cy="12" r="8.5"/><path d="M12 7v5l3.2 2.2"/>',
    "close": '<path d="m6 6 12 12M18 6 6 18"/>',
    "columns": '<rect x="4" y="5" width="16" height="14" rx="1.5"/><path d="M9.3 5v14M14.7 5v14"/>',
    "counter": '<circle cx="12" cy="6.5" r="2.6"/><path d="M7.5 14c0-3 2-4.5 4.5-4.5s4.5 1.5 4.5 4.5M3.5 14h17M6 14v6M18 14v6"/>',
    "done": '<circle cx="12" cy="12" r="9"/><path d="m8 12.3 2.8 2.8L16 9.5"/>',
    "download": '<path d="M12 4v11M7 10.5l5 5 5-5M5 20h14"/>',
    "eye": '<path d="M2.5 12C5 7.5 8.5 5.5 12 5.5s7 2 9.5 6.5c-2.5 4.5-6 6.5-9.5 6.5S5 16.5 2.5 12Z"/><circle cx="12" cy="12" r="2.8"/>',
    "filter": '<path d="M4.5 5.5h15L14 12v6.5l-4-2V12L4.5 5.5Z"/>',
    "flow": '<rect x="3.5" y="4" width="7" height="5.5" rx="1.5"/><rect x="13.5" y="14.5" width="7" height="5.5" rx="1.5"/><path d="M7 9.5v7.7h6.5"/>',  # noqa: E501
    "gear": '<circle cx="12" cy="12" r="3.2"/><path d="M12 3.5v3M12 17.5v3M3.5 12h3M17.5 12h3M6 6l2.1 2.1M15.9 15.9 18 18M6 18l2.1-2.1M15.9 8.1 18 6"/>',  # noqa: E501
    "globe": '<circle cx="12" cy="12" r="8.5"/><path d="M3.5 12h17M12 3.5c-5 5.5-5 11.5 0 17M12 3.5c5 5.5 5 11.5 0 17"/>',
    "help": '<circle cx="12" cy="12" r="9"/><path d="M9.5 9.5a2.5 2.5 0 1 1 3.7 2.2c-.8.5-1.2 1-1.2 1.9M12 16.6v.1"/>',
    "home": '<path d="m4 11 8-7 8 7M6 9.5V20h4.5v-5.5h3V20H18V9.5"/>',
    "info": '<circle cx="12" cy="12" r="9"/><path d="M12 11v5.5M12 7.5v.1"/>',
    "letter": '<rect x="3.5" y="5.5" width="17" height="13" rx="2"/><path d="m4 7 8 6 8-6"/>',
    "link": '<path d="M10 14a4 4 0 0 0 5.7 0l3-3a4 4 0 0 0-5.7-5.7l-1 1M14 10a4 4 0 0 0-5.7 0l-3 3A4 4 0 0 0 11 18.7l1-1"/>',
    "list": '<path d="M9 6.5h11M9 12h11M9 17.5h11M4.5 6.5h.1M4.5 12h.1M4.5 17.5h.1"/>',
    "lock": '<rect x="5.5" y="10.5" width="13" height="9.5" rx="2"/><path d="M8.5 10.5V8a3.5 3.5 0 0 1 7 0v2.5"/>',
    "look": '<path d="M12 4 2.8 19.5h18.4L12 4ZM12 10v4.5M12 17v.1"/>',
    "mail": '<rect x="3.5" y="5.5" width="17" height="13" rx="2"/><path d="m4 7 8 6 8-6"/>',
    "maybe": '<circle cx="12" cy="12" r="9"/><path d="M9.5 9.5a2.5 2.5 0 1 1 3.7 2.2c-.8.5-1.2 1-1.2 1.9M12 16.6v.1"/>',
    "menu": '<path d="M4 6.5h16M4 12h16M4 17.5h16"/>',
    "paper": '<path d="M6 3.5h8l4.5 4.5v12.5H6v-17ZM13.5 4v4.5H18M9 12.5h6M9 16.5h6"/>',
    "pen": '<path d="m4.5 19.5 1-4.5L16 4.5l3.5 3.5L9 18.5l-4.5 1ZM13.5 7l3.5 3.5"/>',
    "people": '<circle cx="9" cy="8" r="3.2"/><path d="M3 19.5c0-4 2.5-6 6-6s6 2 6 6M15.5 5.2a3.2 3.2 0 0 1 0 5.8M17.5 14c2.2.8 3.5 2.6 3.5 5.5"/>',  # noqa: E501
    "person": '<circle cx="12" cy="8" r="3.6"/><path d="M5 20c0-4.5 3-6.5 7-6.5s7 2 7 6.5"/>',
    "phone": '<path d="M5 4h3.5l1.8 4.5-2.3 1.7a11 11 0 0 0 5.8 5.8l1.7-2.3L20 15.5V19a1.5 1.5 0 0 1-1.5 1.5C10.5 20.5 3.5 13.5 3.5 5.5A1.5 1.5 0 0 1 5 4Z"/>',  # noqa: E501
    "phone-net": '<rect x="7" y="3" width="10" height="18" rx="2.2"/><path d="M11 17.8h2"/>',
    "printer": '<path d="M7 9V4h10v5M7 17H5a1.5 1.5 0 0 1-1.5-1.5v-5A1.5 1.5 0 0 1 5 9h14a1.5 1.5 0 0 1 1.5 1.5v5A1.5 1.5 0 0 1 19 17h-2M7 14.5h10V20H7v-5.5Z"/>',  # noqa: E501
    "proxy": '<circle cx="9" cy="8" r="3.2"/><path d="M3 19.5c0-4 2.5-6 6-6s6 2 6 6M15.5 5.2a3.2 3.2 0 0 1 0 5.8M17.5 14c2.2.8 3.5 2.6 3.5 5.5"/>',  # noqa: E501
    "robot": '<rect x="5" y="8.5" width="14" height="10" rx="2.5"/><path d="M12 8.5V5M9.5 13v.6M14.5 13v.6M2.5 12.5v3M21.5 12.5v3"/><circle cx="12" cy="4" r="1"/>',  # noqa: E501
    "save": '<path d="M5 5h11.5L19 7.5V19H5V5ZM8.5 5v4.5h6V5M8 19v-5.5h8V19"/>',
    "search": '<circle cx="10.5" cy="10.5" r="6.3"/><path d="m15.5 15.5 4.8 4.8"/>',
    "seal": '<circle cx="12" cy="7.5" r="3.8"/><path d="M10.3 11v3.5H6.5a2 2 0 0 0-2 2V18h15v-1.5a2 2 0 0 0-2-2h-3.8V11M4.5 20.8h15"/>',
    "sound": '<path d="M4 9.5h3.5L12 5.5v13l-4.5-4H4v-5ZM15.5 9a4.2 4.2 0 0 1 0 6M18 6.5a8 8 0 0 1 0 11"/>',
    "speech": '<path d="M4 5h16v11.5h-9L6.5 20v-3.5H4V5Z"/>',
    "ticket": '<path d="M3.5 7h17v3a2 2 0 0 0 0 4v3h-17v-3a2 2 0 0 0 0-4V7ZM14 7.5v2M14 11.5v1M14 14.5v2"/>',
    "trash": '<path d="M5 7h14M9.5 7V4.5h5V7M7 7l.8 13h8.4L17 7M10.5 11v5.5M13.5 11v5.5"/>',
    "undo": '<path d="M8.5 5 4.5 9l4 4M5 9h9a5.5 5.5 0 0 1 0 11H9"/>',
    "wait": '<path d="M7 4h10M7 20h10M8 4c0 5 8 5.5 8 8s-8 3-8 8M16 4c0 5-8 5.5-8 8s8 3 8 8"/>',
    "yen": '<path d="m6.5 4.5 5.5 7.5 5.5-7.5M12 12v8M7.5 12.5h9M7.5 16h9"/>',
    "face-good": '<circle cx="12" cy="12" r="9"/><path d="M8.5 9.7v.1M15.5 9.7v.1M7.5 13.5c1 4.2 8 4.2 9 0"/>',
    "face-fair": '<circle cx="12" cy="12" r="9"/><path d="M8.5 9.7v.1M15.5 9.7v.1M8.5 14.5c1.5 1.8 5.5 1.8 7 0"/>',
    "face-poor": '<circle cx="12" cy="12" r="9"/><path d="M8.5 9.7v.1M15.5 9.7v.1M8.5 15h7"/>',
    "face-bad": '<circle cx="12" cy="12" r="9"/><path d="M8.5 9.7v.1M15.5 9.7v.1M8 16.3c1.5-2.4 6.5-2.4 8 0"/>',
}

EVENTS = {
    "event-birth": '<path d="M4 5.5h2l1.5 6h11a5.5 5.5 0 0 1-5.5 5h-1.5a5 5 0 0 1-4.7-6M13 11.5V5a6 6 0 0 1 6 6.5"/><g class="accent"><circle cx="9" cy="19.3" r="1.5"/><circle cx="15.5" cy="19.3" r="1.5"/></g>',  # noqa: E501
    "event-care": '<path d="M3 14.5h3l3-1.5h3.5c1.5 0 1.5 2 0 2H10M13.5 15l5-2c1.5-.6 2.7 1 1.5 2l-4.5 4.5H6.5L3 18.5v-4"/><path class="accent" d="M12.5 10.5C9 8.2 8.8 6.5 9.5 5.3c.8-1.2 2.3-.9 3 .3.7-1.2 2.2-1.5 3-.3.7 1.2.5 2.9-3 5.2Z"/>',  # noqa: E501
    "event-child": '<circle cx="8.5" cy="6" r="2.7"/><path d="M3.5 20v-5.5a5 5 0 0 1 8-4M7 20v-4.5M3.5 20H7"/><g class="accent"><circle cx="16" cy="11" r="2.2"/><path d="M12 20v-2.5a4 4 0 0 1 8 0V20M16 18v2"/></g>',  # noqa: E501
    "event-end": '<path d="M12 12.5v8M12 17.5c-2.5 0-4-1-4-3 2.5 0 4 1 4 3Zm0 2c2.5 0 4-1 4-3-2.5 0-4 1-4 3Z"/><path d="M12 2.8 13.7 5l2.8-.3-.3 2.8 2 1.5-2 1.5.3 2.3-2.8-.3L12 14l-1.7-1.5-2.8.3.3-2.3-2-1.5 2-1.5-.3-2.8 2.8.3L12 2.8Z"/><circle class="accent" cx="12" cy="8.7" r="1.8"/>',  # noqa: E501
    "event-marriage": '<circle cx="9" cy="14" r="5.5"/><path d="m7 6.5 2-3h0l2 3-2 2-2-2Z"/><path class="accent" d="M13 9.3a5.5 5.5 0 1 1 0 9.4"/>',  # noqa: E501
    "event-move": '<path d="M4 12.5 12 5l8 7.5M6 11v9h12v-9"/><path class="accent" d="M10 20v-5h4v5M15 4.5h5.5M18.5 2.5l2 2-2 2"/>',
    "event-school": '<path d="M7 20V9a5 5 0 0 1 10 0v11H7ZM10 4.5V3h4v1.5M7 13H4.5v6H7M17 13h2.5v6H17M9.5 9.5h5"/><path class="accent" d="M9.5 13h5v4h-5zM12 12v2.5"/>',  # noqa: E501
    "event-work": '<rect x="3.5" y="7.5" width="17" height="12" rx="1.5"/><path d="M9 7.5V5h6v2.5M3.5 12.5H10M14 12.5h6.5"/><path class="accent" d="M10 11h4v3.5h-4z"/>',  # noqa: E501
    "event-house": '<path d="M4 20V9l8-5 8 5v11H4Z"/><path class="accent" d="M9 20v-6h6v6M12 8.5v.1"/>',
    "event-disaster": '<path d="M12 3.5 3 10v10h18V10l-9-6.5Z"/><path class="accent" d="m12.5 9.5-3 4.5h4l-2.5 4"/>',
}

SHAPES = WORK | EVENTS
EMBLEM = '<circle cx="20" cy="20" r="20"/><path d="M12 29V19a8 8 0 0 1 16 0v10M9.5 29h21M20 11v18M12 20h16"/>'


@lru_cache(maxsize=512)
def icon(name: str, extra: str = "") -> SafeString:
    """The drawing of that name as HTML, hidden from whoever listens to the page."""
    kind = "icon icon--event" if name in EVENTS else "icon"
    return format_html(
        '<svg class="{}" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{}</svg>',
        f"{kind} {extra}".strip(),
        SafeString(SHAPES[name]),
    )
