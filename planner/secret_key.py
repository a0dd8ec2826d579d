"""The key that signs sessions: made once, private to its owner, never replaced in silence."""

import os
import secrets
import stat
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

MINIMAL_LENGTH = 50


def read_or_make(path: Path) -> str:
    """The key in a file, which is made on first use.

    Any number of processes may start at once: one of them wins the exclusive
    link and all read the same key.

    Raises
    ------
    ImproperlyConfigured
        If the file cannot be read or made, is open to others, or is too short.
    """
    try:
        if not path.exists():
            _make(path)
        mode = stat.S_IMODE(path.stat().st_mode)
        key = path.read_text().strip()
    except OSError as error:
        raise ImproperlyConfigured(
            f"The data folder {path.parent} cannot be used: {error.strerror}."
            " Set PLENUM_DATA to a folder that you can write to."
        ) from error
    if mode & 0o077:
        raise ImproperlyConfigured(f"{path} can be read by others: run chmod 600 on it.")
    if len(key) < MINIMAL_LENGTH:
        raise ImproperlyConfigured(f"{path} is too short for a secret key.")
    return key


def _make(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.write(descriptor, secrets.token_urlsafe(64).encode())
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    try:
        # A link is whole from its first moment and fails if another process was first.
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
