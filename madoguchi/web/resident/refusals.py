"""What a room refuses, said in the reader's language."""

from madoguchi.common.errors import Refusal
from madoguchi.web.components import texts
from madoguchi.web.components.speech import speak_plain
from madoguchi.web.components.words import Reader


def refused(refusal: Refusal, reader: Reader) -> str:
    """The sentence and the next step. Japanese comes from the room itself; other voices by the code of the refusal."""
    if reader.voice == "ja":
        return str(refusal)
    key = f"refusal.{refusal.code}"
    return speak_plain(key if key in texts.BOOK else "refusal.other", reader)
