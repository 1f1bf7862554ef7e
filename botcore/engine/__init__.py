"""The embedded engine and its lock."""

from botcore.engine.embedded import LEASE, EmbeddedEngine
from botcore.engine.lock import DataDirLock

__all__ = ["LEASE", "DataDirLock", "EmbeddedEngine"]
