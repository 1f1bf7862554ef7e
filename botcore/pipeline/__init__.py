"""What happens to a job between its submission and its delivery."""

from botcore.pipeline.control import JobControl
from botcore.pipeline.findings import findings_of
from botcore.pipeline.fixes import apply_fixes
from botcore.pipeline.history import GIVEN
from botcore.pipeline.pipeline import Pipeline
from botcore.pipeline.run import PipelineSettings, Plugins, Tools
from botcore.pipeline.watching import Sight, Watched, Watching

__all__ = [
    "GIVEN",
    "JobControl",
    "Pipeline",
    "PipelineSettings",
    "Plugins",
    "Sight",
    "Tools",
    "Watched",
    "Watching",
    "apply_fixes",
    "findings_of",
]
