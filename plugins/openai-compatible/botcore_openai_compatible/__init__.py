"""One client for every server that speaks OpenAI's chat completions.

A package for one service needs two things from here: a subclass of :class:`ChatServiceSettings` and
:func:`chat_provider`. Neither imports the SDK.
"""

from botcore_openai_compatible.service import ChatServiceSettings, ChatSettings, chat_provider

__all__ = ["ChatServiceSettings", "ChatSettings", "chat_provider"]
