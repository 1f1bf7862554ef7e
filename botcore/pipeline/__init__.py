"""What happens to a job between its submission and its delivery."""

from botcore.pipeline.control import JobControl
from botcore.pipeline.fixes import apply_fixes
from botcore.pipeline.pipeline import Pipeline
from botcore.pipeline.run import PipelineSettings, Plugins, Tools

__all__ = ["JobControl", "Pipeline", "PipelineSettings", "Plugins", "Tools", "apply_fixes"]
