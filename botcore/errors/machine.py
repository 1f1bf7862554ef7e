"""This machine, its settings and its plugins."""

from __future__ import annotations

from botcore.errors.root import BotcoreError


class ConfigError(BotcoreError):
    """Settings are wrong; ``problems`` holds one line for each, and ``str()`` gives them all."""

    code = "config_invalid"
    text = "The configuration is not valid: {problem}"

    def __init__(self, *problems: str) -> None:
        self.problems = problems
        super().__init__("\n".join(problems), problem="; ".join(problems))


class EnvironmentFault(BotcoreError):
    """Something about this machine has to be mended first. ``remedy`` says how."""

    code = "environment"
    text = "This does not work on this machine yet: {problem}. {remedy}"


class CannotListen(EnvironmentFault):
    code = "cannot_listen"
    text = "Cannot listen on {address}: {problem}. {remedy}"


class SandboxUnavailable(EnvironmentFault):
    code = "sandbox_unavailable"
    text = "Videos cannot be rendered safely here, so nothing was rendered. The operator has to mend it."


class PluginError(BotcoreError):
    code = "plugin_failed"
    text = "A part of the bot is broken. The operator has to look at it."


class UnknownPlugin(PluginError):
    code = "plugin_unknown"
    text = "There is no {kind} named “{name}”. Available: {available}."


class UnknownProvider(UnknownPlugin):
    code = "provider_unknown"
    text = "There is no provider named “{name}”. Available: {available}."
