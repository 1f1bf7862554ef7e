"""What leaves: the outbox and its runner, the core's deliverers, the local store, retention."""

from botcore.delivery.buttons import fixable, status_buttons, video_buttons
from botcore.delivery.deliverers import NativeDeliverer, OwnerDeliverer
from botcore.delivery.links import LinkDeliverer
from botcore.delivery.local_store import LocalStore
from botcore.delivery.outbox import OutboxRunner
from botcore.delivery.retention import Reaper
from botcore.delivery.single_access import SingleAccess
from botcore.delivery.wording import failure_text, status_text

__all__ = [
    "LinkDeliverer",
    "LocalStore",
    "NativeDeliverer",
    "OutboxRunner",
    "OwnerDeliverer",
    "Reaper",
    "SingleAccess",
    "failure_text",
    "fixable",
    "status_buttons",
    "status_text",
    "video_buttons",
]
