"""How well do providers do? Problems go through the real parts, and what comes of them is counted.

Answers of models can be recorded to files and replayed without a network.
"""

from botcore.evaluation.prompts import PromptFile, PromptFileWrong, Question, read_prompts
from botcore.evaluation.recording import recorded_providers
from botcore.evaluation.report import Figures, Report, figures_of
from botcore.evaluation.results import Result, Verdict, Way
from botcore.evaluation.running import Plan, evaluate

__all__ = [
    "Figures",
    "Plan",
    "PromptFile",
    "PromptFileWrong",
    "Question",
    "Report",
    "Result",
    "Verdict",
    "Way",
    "evaluate",
    "figures_of",
    "read_prompts",
    "recorded_providers",
]
