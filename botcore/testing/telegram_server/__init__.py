"""A server that behaves like Telegram's Bot API, for the tests of bots.

It checks what the real one checks (tokens, forms, limits in UTF-16 units, keyboards, edits of messages that
are not there), refuses in its words, and keeps what was uploaded. People write, press and look through
:attr:`TelegramServer.people`.
"""

from botcore.testing.loopback import Hold
from botcore.testing.telegram_server.people import PERSON, People
from botcore.testing.telegram_server.server import TOKEN, USERNAME, TelegramServer
from botcore.testing.telegram_server.shown import Chat, Media, Shown
from botcore.testing.telegram_server.updates import SECRET_HEADER

__all__ = [
    "PERSON",
    "SECRET_HEADER",
    "TOKEN",
    "USERNAME",
    "Chat",
    "Hold",
    "Media",
    "People",
    "Shown",
    "TelegramServer",
]
