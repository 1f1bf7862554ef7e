"""The composition root: builds every part from the settings, checks that they fit, starts and stops them.

::

    async with open_app(settings, role) as app:      # opened and checked, nothing runs yet
        async with app.working():                    # engine, outbox, inbox, pictures, reaper, adapters
            ...

A process has a :class:`Role`. Its scope is written on every row that it makes, and it runs only rows of its
own scope: a ``render`` beside a ``serve`` takes none of its jobs.
"""

from __future__ import annotations

from botcore.app.building import open_app
from botcore.app.naming import WEB, check_parts, platform_title, require
from botcore.app.places import DATABASE, database_url, open_database, prepare_data_dir
from botcore.app.running import App, Role, default_options

__all__ = [
    "DATABASE",
    "WEB",
    "App",
    "Role",
    "check_parts",
    "database_url",
    "default_options",
    "open_app",
    "open_database",
    "platform_title",
    "prepare_data_dir",
    "require",
]
