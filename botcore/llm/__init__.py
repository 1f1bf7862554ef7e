"""What all providers share that ask a language model: settings, patience, the worth of an answer.

Knows no provider and no SDK. Provider packages import it from here.
"""

from botcore.llm.answers import Answer, Finish, Usage, result_of, sendable
from botcore.llm.failures import failure_of_status, retry_after
from botcore.llm.patience import patience
from botcore.llm.settings import ModelSettings, ServiceSettings

__all__ = [
    "Answer",
    "Finish",
    "ModelSettings",
    "ServiceSettings",
    "Usage",
    "failure_of_status",
    "patience",
    "result_of",
    "retry_after",
    "sendable",
]
