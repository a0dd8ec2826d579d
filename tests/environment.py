"""What the tests run in: a data folder of their own, and no server but themselves.

A pytest plugin, because Django's settings are read before any conftest.
"""

import atexit
import os
import shutil
import tempfile

folder = tempfile.mkdtemp(prefix="plenum-tests-")
atexit.register(shutil.rmtree, folder, ignore_errors=True)
os.environ.update(
    PLENUM_DATA=folder,
    PLENUM_PROFILE="embedded",
    ORIGINS="http://testserver,http://localhost,http://127.0.0.1",
    BROKER_URL="memory://",
    LAYER_URL="memory://",
    CACHE_URL="memory://",
    # Playwright's loop runs in the thread that also uses the ORM.
    DJANGO_ALLOW_ASYNC_UNSAFE="1",
)
