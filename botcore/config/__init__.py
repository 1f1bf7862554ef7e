"""Settings: TOML file, secrets directory and environment, as typed and frozen models.

:func:`load_settings` is the one way in. Every mistake is one line that names the file or the environment
variable, the key and what is allowed; all mistakes are shown together.
"""

from botcore.config.models import (
    AccessSettings,
    BudgetSettings,
    GenerationSettings,
    HookSettings,
    LimitSettings,
    LogSettings,
    PipelineSettings,
    PluginSection,
    RenderSettings,
    SessionSettings,
    Settings,
    VideoSettings,
    WebSettings,
)
from botcore.config.reading import load_settings, plugin_config

__all__ = [
    "AccessSettings",
    "BudgetSettings",
    "GenerationSettings",
    "HookSettings",
    "LimitSettings",
    "LogSettings",
    "PipelineSettings",
    "PluginSection",
    "RenderSettings",
    "SessionSettings",
    "Settings",
    "VideoSettings",
    "WebSettings",
    "load_settings",
    "plugin_config",
]
