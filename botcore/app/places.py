"""Where an installation keeps what it knows."""

from __future__ import annotations

import os
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from pathlib import Path

from botcore.config import Settings
from botcore.errors import EnvironmentFault
from botcore.state import State, open_state, sqlite_url

DATABASE = "botcore.db"
_REMEDY = "Make it writable (chown or chmod), or set data_dir."


def open_database(settings: Settings, data_dir: Path) -> AbstractAsyncContextManager[State]:
    """The state of this installation, migrated to the newest version when it opens."""
    return open_state(
        database_url(settings, data_dir),
        pool=settings.database.pool,
        session_lifetime=timedelta(days=settings.session.days),
        video_lifetime=timedelta(hours=settings.video.hours),
    )


def database_url(settings: Settings, data_dir: Path) -> str:
    """Where the state of this installation is kept; may hold a password."""
    return settings.database.url.get_secret_value() or sqlite_url(data_dir / DATABASE)


def prepare_data_dir(settings: Settings) -> Path:
    """The data folder, made if it is not there, readable by its owner alone.

    :raises EnvironmentFault: it cannot be made, or not be written to.
    """
    path = settings.data_dir.absolute()
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise EnvironmentFault(
            str(error),
            problem=f"the data folder {path} cannot be made ({error.strerror})",
            remedy=_REMEDY,
        ) from None
    if not os.access(path, os.W_OK | os.X_OK):
        raise EnvironmentFault(problem=f"the data folder {path} cannot be written to", remedy=_REMEDY)
    return path
