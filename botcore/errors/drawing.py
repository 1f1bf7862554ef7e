"""Sources, and the drawing of them."""

from __future__ import annotations

from botcore.errors.root import BotcoreError, Handling


class SourceError(BotcoreError):
    code = "source_invalid"
    text = "The code cannot be rendered: {problem}"
    handling = Handling.FAIL_OVER


class SourceInvalid(SourceError):
    code = "code_invalid"
    text = "The code cannot be rendered. Line {line}: {problem}"


class SourceSyntaxError(SourceError):
    code = "code_syntax"
    text = "The code is not valid Python. Line {line}, column {column}: {problem}"


class SceneMissing(SourceError):
    code = "scene_missing"
    text = (
        "The code has no scene to draw. Write a class such as “class Demo(Scene)” with a construct method "
        "that plays something."
    )


class AnswerWrong(SourceError):
    code = "answer_wrong"
    text = "The answer in the script was not right, so it was not drawn."


class LayoutPoor(SourceError):
    """It can be drawn, and looks bad."""

    code = "layout_poor"
    text = "Words in the video lie over each other, or leave the picture."


class RenderError(BotcoreError):
    code = "render_failed"
    text = "The video could not be rendered."
    handling = Handling.FAIL_OVER


class SceneFailed(RenderError):
    code = "scene_failed"
    text = "The code stopped with an error in line {line}: {problem}"


class RenderTimeout(RenderError):
    code = "render_timeout"
    text = "Drawing took longer than {seconds} s, so I stopped. Try a shorter or simpler scene."


class RenderMemoryExceeded(RenderError):
    code = "render_memory"
    text = "Drawing needed more than {limit_mb} MB of memory, so I stopped. Try fewer or simpler objects."


class RenderCrashed(RenderError):
    code = "render_crashed"
    text = "The drawing program crashed while it ran this code. Try a simpler version."


class RenderOutputFlood(RenderError):
    code = "render_output_flood"
    text = "The code prints far too much text. Remove the print calls and send it again."


class VideoMissing(RenderError):
    code = "video_missing"
    text = "The code ran to its end but drew no video. Play an animation or add something to the scene."


class VideoInvalid(RenderError):
    code = "video_invalid"
    text = "The code left something that is not a playable video."


class VideoTooLarge(RenderError):
    code = "video_too_large"
    text = "The video grew over {limit_mb} MB. Try a shorter scene or a lower quality."


class RendererUnavailable(RenderError):
    code = "renderer_unavailable"
    text = "The drawing program is restarting. Please try again in a minute."
    handling = Handling.RETRY
