"""Sessions in the database, as Django keeps them; that of a request has come with its municipality."""

from django.contrib.sessions.backends.db import SessionStore as DjangoStore
from django.contrib.sessions.models import Session
from django.db.models.functions import Now

from madoguchi.ledgers.office.prepared import prepared_objects, slot
from madoguchi.ledgers.office.sittings import sitting_at_the_door

_ask = prepared_objects(
    lambda: Session.objects.filter(session_key=slot("key", "text"), expire_date__gt=Now())
)


class SessionStore(DjangoStore):
    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def _get_session_from_db(self) -> Session | None:
        here = sitting_at_the_door(self.session_key or "")
        found = here[0] if here else next(iter(_ask(key=self.session_key)), None)
        if found:
            return found
        self._session_key = None
        return None
