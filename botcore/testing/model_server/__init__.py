"""A server that speaks as the services of language models do, for the tests of providers.

It knows OpenAI's chat completions, with what Groq, DeepSeek, Hugging Face and Cloudflare do differently, and
Gemini's generateContent, both in a stream and in one piece. It checks the key, the model and the form of a
request, answers what a test scripts, and fails in the ways in which the real ones fail.
"""

from botcore.testing.model_server.replies import Breaks, Fails, Reply, Says, Sends, Then
from botcore.testing.model_server.server import KEY, MODEL, Asked, ModelServer
from botcore.testing.model_server.services import SERVICES, Service

__all__ = [
    "KEY",
    "MODEL",
    "SERVICES",
    "Asked",
    "Breaks",
    "Fails",
    "ModelServer",
    "Reply",
    "Says",
    "Sends",
    "Service",
    "Then",
]
