"""A server that behaves like WhatsApp's Cloud API (the Graph API), for the tests of bots.

It checks what the real one checks (tokens, shapes, limits of texts, captions, buttons and lists, types and
sizes of files, the 24 hours in which a bot may answer), refuses with its codes, and keeps what was uploaded.
Its webhooks are signed, come in batches, again until they are taken, and in any order that a test wants.
People write, tap and look through :attr:`WhatsAppServer.people`.
"""

from botcore.testing.loopback import Hold
from botcore.testing.whatsapp_server.people import PERSON, People, Person
from botcore.testing.whatsapp_server.server import (
    APP_SECRET,
    PHONE_NUMBER_ID,
    TOKEN,
    VERIFY_TOKEN,
    WhatsAppServer,
)
from botcore.testing.whatsapp_server.shown import Chat, Media, Option, Shown
from botcore.testing.whatsapp_server.webhooks import SIGNATURE_HEADER, signature

__all__ = [
    "APP_SECRET",
    "PERSON",
    "PHONE_NUMBER_ID",
    "SIGNATURE_HEADER",
    "TOKEN",
    "VERIFY_TOKEN",
    "Chat",
    "Hold",
    "Media",
    "Option",
    "People",
    "Person",
    "Shown",
    "WhatsAppServer",
    "signature",
]
