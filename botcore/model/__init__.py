"""The words of the domain as immutable types. No I/O, no platform, no library."""

from botcore.model.answers import (
    Button,
    Delivered,
    NotMine,
    Offered,
    Outgoing,
    OutgoingKind,
    Receipt,
    ReceiptKind,
    Sent,
)
from botcore.model.artifacts import (
    Artifact,
    Edit,
    Finding,
    RenderProgress,
    Severity,
    StoredObject,
)
from botcore.model.capabilities import (
    Capabilities,
    MediaLimit,
    TextUnit,
)
from botcore.model.generation import (
    Change,
    GenerationRequest,
    GenerationResult,
    Prompt,
    Repair,
)
from botcore.model.jobs import (
    TRANSITIONS,
    Aspect,
    Failure,
    Format,
    Job,
    JobKind,
    Quality,
    RenderOptions,
    Session,
    Source,
    Status,
    check_move,
)
from botcore.model.messages import (
    Attachment,
    AttachmentKind,
    Message,
)
from botcore.model.names import (
    new_id,
    valid_name,
)

__all__ = [
    "TRANSITIONS",
    "Artifact",
    "Aspect",
    "Attachment",
    "AttachmentKind",
    "Button",
    "Capabilities",
    "Change",
    "Delivered",
    "Edit",
    "Failure",
    "Finding",
    "Format",
    "GenerationRequest",
    "GenerationResult",
    "Job",
    "JobKind",
    "MediaLimit",
    "Message",
    "NotMine",
    "Offered",
    "Outgoing",
    "OutgoingKind",
    "Prompt",
    "Quality",
    "Receipt",
    "ReceiptKind",
    "RenderOptions",
    "RenderProgress",
    "Repair",
    "Sent",
    "Session",
    "Severity",
    "Source",
    "Status",
    "StoredObject",
    "TextUnit",
    "check_move",
    "new_id",
    "valid_name",
]
