"""Sessions in the database, as Django keeps them; the question every page begins with is a prepared one."""

from django.contrib.sessions.backends.db import SessionStore as DjangoStore
from django.contrib.sessions.models import Session
from django.db.models.functions import Now

from madoguchi.ledgers.office.prepared import prepared_objects, slot

_ask = prepared_objects(
    lambda: Session.objects.filter(session_key=slot("key", "text"), expire_date__gt=Now())
)


class SessionStore(DjangoStore):
    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def _get_session_from_db(self) -> Session | None:
        found = _ask(key=self.session_key)
        if found:
            return found[0]
        self._session_key = None
        return None
