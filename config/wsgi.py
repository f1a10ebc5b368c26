import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.serve")
application = get_wsgi_application()

# What is loaded now stays as long as the process: looking through it again and again for garbage would cost every
# page about a tenth of its time. A page leaves little behind, so looking less often is enough.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 100)
