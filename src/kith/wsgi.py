"""The web application, for granian or any other WSGI server."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kith.settings")
application = get_wsgi_application()

# Read every page's code now, not while the first visitor waits; then let the collector of unused
# objects pass over all of it for ever, and come by less often than once in 700 new objects: a page
# makes thousands, and collecting took a fifth of its time.
get_resolver().url_patterns  # noqa: B018
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 50)
