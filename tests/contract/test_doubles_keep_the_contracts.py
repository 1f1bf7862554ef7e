"""Every double keeps the contract of its port: contracts can be kept, and doubles can be trusted."""

from __future__ import annotations

from botcore.hooks.descriptors import (
    AdapterDescriptor,
    ProviderDescriptor,
    RendererDescriptor,
    StoreDescriptor,
    ValidatorDescriptor,
)
from botcore.model import Capabilities, MediaLimit
from botcore.ports import Adapter
from botcore.testing.contracts import (
    AdapterContract,
    ProviderContract,
    RendererContract,
    StoreContract,
    ValidatorContract,
)
from botcore.testing.doubles import (
    ChatAdapter,
    EchoProvider,
    FlatRenderer,
    MemoryStore,
    WordValidator,
    made_by,
)
from botcore.testing.samples import make_message


class TestEchoProvider(ProviderContract):
    descriptor = ProviderDescriptor(
        name="echo",
        languages=("flat",),
        factory=made_by(EchoProvider),
        recognises=lambda text: "solve" in text,
    )
    problems = ("solve x + 1 = 2", "solve y = 3")
    foreign = ("what is love?",)


class TestWordValidator(ValidatorContract):
    descriptor = ValidatorDescriptor(name="words", languages=("flat",), factory=made_by(WordValidator))
    good = ("draw this", "")
    bad = (("draw\n  forbidden things", "forbidden"),)


class TestFlatRenderer(RendererContract):
    descriptor = RendererDescriptor(
        name="flat",
        language="flat",
        title="Flat",
        factory=made_by(FlatRenderer),
        detect=lambda text: text if text.startswith(("draw", "fail", "wait")) else None,
    )
    code = "draw a line"
    broken = "fail"
    endless = "wait"


_kept = MemoryStore()  # a store outlives its opening


class TestMemoryStore(StoreContract):
    descriptor = StoreDescriptor(name="memory", factory=made_by(lambda: _kept))


class TestChatAdapter(AdapterContract):
    descriptor = AdapterDescriptor(
        name="test",
        capabilities=Capabilities(edit_text=True, media=(MediaLimit("video/*", 1_000_000),)),
        factory=made_by(ChatAdapter),
    )

    async def say(self, adapter: Adapter, text: str) -> None:
        assert isinstance(adapter, ChatAdapter)
        await adapter.say(make_message(text))
