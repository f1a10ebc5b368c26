from importlib import import_module

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ApplicationsConfig(AppConfig):
    name = "madoguchi.services.applications"
    label = "applications"
    verbose_name = "申請"

    def ready(self) -> None:
        """Load the answers to the bells of the rooms below; after migrating, lay down the rule of the search.

        The pauses of older cases are kept then, too, and what can be found of them is queued.
        """
        from madoguchi.services.applications import search_rule, stay_rule
        from madoguchi.services.applications.older_pauses import keep_older_pauses
        from madoguchi.services.applications.older_searches import queue_search_texts

        import_module("madoguchi.services.applications.actions")
        import_module("madoguchi.services.applications.proofs")
        post_migrate.connect(keep_older_pauses, sender=self)
        post_migrate.connect(search_rule.lay_down_the_rule, sender=self)
        post_migrate.connect(queue_search_texts, sender=self)
        post_migrate.connect(stay_rule.lay_down_the_stays, sender=self)
