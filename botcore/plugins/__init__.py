"""Finding, loading and diagnosing plugins; the host that the rest of the core asks for them."""

from botcore.plugins.catalog import Catalog
from botcore.plugins.diagnosis import Outcome, PluginRecord
from botcore.plugins.host import PluginHost
from botcore.plugins.loader import LIMIT, load_plugins

__all__ = ["LIMIT", "Catalog", "Outcome", "PluginHost", "PluginRecord", "load_plugins"]
