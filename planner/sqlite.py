"""Puts a SQLite without the WAL-reset race in place of the interpreter's own.

SQLite before 3.51.3 can corrupt a WAL database when two processes reset the log at
the same moment. Imported by the settings, thus before Django opens any database.
"""

import sqlite3
import sys

SAFE_WAL = (3, 51, 3)


def install() -> bool:
    """Swap the newer library in; say whether write-ahead logging is safe with what there is."""
    try:
        import pysqlite3
        import pysqlite3.dbapi2
    except ImportError:
        return sqlite3.sqlite_version_info >= SAFE_WAL
    if pysqlite3.sqlite_version_info <= sqlite3.sqlite_version_info:
        return sqlite3.sqlite_version_info >= SAFE_WAL
    sys.modules["sqlite3"] = pysqlite3
    sys.modules["sqlite3.dbapi2"] = pysqlite3.dbapi2
    return bool(pysqlite3.sqlite_version_info >= SAFE_WAL)
