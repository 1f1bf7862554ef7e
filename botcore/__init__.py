"""What the author of a plugin needs, in one place::

    from botcore import GenerationResult, ProviderDescriptor, hookimpl

Names are imported when they are first used, so that ``import botcore.errors`` costs what ``errors`` costs and
nothing more. No room of the core imports from here.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from botcore.hooks.descriptors import (
        AdapterDescriptor,
        Check,
        CheckResult,
        Command,
        DelivererDescriptor,
        EngineDescriptor,
        NoConfig,
        PluginConfig,
        PluginContext,
        ProviderDescriptor,
        RendererDescriptor,
        Route,
        StoreDescriptor,
        ValidatorDescriptor,
    )
    from botcore.hooks.results import Decision, Pass, Reject, Replace, Reply
    from botcore.hooks.specs import Registry, hookimpl
    from botcore.languages import LANGUAGES, Catalogue, sentence
    from botcore.model import (
        VERIFIED,
        Artifact,
        Aspect,
        Attachment,
        AttachmentKind,
        Button,
        Capabilities,
        Change,
        Completion,
        Delivered,
        Edit,
        Failure,
        Finding,
        Format,
        GenerationRequest,
        GenerationResult,
        Job,
        JobKind,
        MediaLimit,
        Message,
        NotMine,
        Offered,
        Outgoing,
        OutgoingKind,
        PresignedPut,
        Prompt,
        Quality,
        Receipt,
        ReceiptKind,
        RenderOptions,
        RenderProgress,
        Repair,
        Sent,
        Severity,
        Source,
        Status,
        StoredObject,
        TextUnit,
    )
    from botcore.ports import (
        Adapter,
        Completes,
        Deliverer,
        Engine,
        Fetches,
        HoldsFiles,
        Prepares,
        Progress,
        Provider,
        Receive,
        Renderer,
        RenderLimits,
        Run,
        Shrinks,
        Store,
        Validator,
    )
    from botcore.telemetry import get_logger

    __version__: str

__all__ = [
    "LANGUAGES",
    "VERIFIED",
    "Adapter",
    "AdapterDescriptor",
    "Artifact",
    "Aspect",
    "Attachment",
    "AttachmentKind",
    "Button",
    "Capabilities",
    "Catalogue",
    "Change",
    "Check",
    "CheckResult",
    "Command",
    "Completes",
    "Completion",
    "Decision",
    "Delivered",
    "Deliverer",
    "DelivererDescriptor",
    "Edit",
    "Engine",
    "EngineDescriptor",
    "Failure",
    "Fetches",
    "Finding",
    "Format",
    "GenerationRequest",
    "GenerationResult",
    "HoldsFiles",
    "Job",
    "JobKind",
    "MediaLimit",
    "Message",
    "NoConfig",
    "NotMine",
    "Offered",
    "Outgoing",
    "OutgoingKind",
    "Pass",
    "PluginConfig",
    "PluginContext",
    "Prepares",
    "PresignedPut",
    "Progress",
    "Prompt",
    "Provider",
    "ProviderDescriptor",
    "Quality",
    "Receipt",
    "ReceiptKind",
    "Receive",
    "Registry",
    "Reject",
    "RenderLimits",
    "RenderOptions",
    "RenderProgress",
    "Renderer",
    "RendererDescriptor",
    "Repair",
    "Replace",
    "Reply",
    "Route",
    "Run",
    "Sent",
    "Severity",
    "Shrinks",
    "Source",
    "Status",
    "Store",
    "StoreDescriptor",
    "StoredObject",
    "TextUnit",
    "Validator",
    "ValidatorDescriptor",
    "get_logger",
    "hookimpl",
    "sentence",
]

if not TYPE_CHECKING:  # a type checker that saw __getattr__ would take any name for real
    _ROOMS = ("languages", "model", "ports", "telemetry", "hooks.results", "hooks.descriptors", "hooks.specs")

    def __getattr__(name):
        if name == "__version__":
            from importlib.metadata import version

            return version("botcore-framework")
        if name in __all__:
            for room in _ROOMS:
                module = import_module(f"botcore.{room}")
                if hasattr(module, name):
                    return getattr(module, name)
        raise AttributeError(f"module 'botcore' has no attribute {name!r}")

    def __dir__():
        return [*__all__, "__version__"]
