"""What each kind of plugin has to keep, as test classes.

Subclass one, name what is tested, and pytest runs the whole contract::

    class TestEcho(ProviderContract):
        descriptor = echo
        problems = ("solve x + 1 = 2",)

The tests are asynchronous: pytest-asyncio has to be installed.
"""

from botcore.testing.contracts.adapter import AdapterContract
from botcore.testing.contracts.descriptor import DescriptorContract
from botcore.testing.contracts.provider import ProviderContract
from botcore.testing.contracts.renderer import RendererContract
from botcore.testing.contracts.store import StoreContract
from botcore.testing.contracts.validator import ValidatorContract

__all__ = [
    "AdapterContract",
    "DescriptorContract",
    "ProviderContract",
    "RendererContract",
    "StoreContract",
    "ValidatorContract",
]
