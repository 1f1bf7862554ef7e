"""What people sent and asked for."""

from __future__ import annotations

from botcore.errors.root import BotcoreError


class InputError(BotcoreError):
    code = "input_invalid"
    text = "That message cannot be used: {problem}"


class EmptyText(InputError):
    code = "text_empty"
    text = "The message is empty. Send a maths problem, for example: solve x^2 - 5x + 6 = 0"


class EmptyFile(EmptyText):
    code = "file_empty"
    text = "That file is empty. Send the problem in words or as a formula, or code as text or a .py file."


class TextTooShort(InputError):
    code = "text_too_short"
    text = (
        "That is too short for me to know what to do with it. Write the problem out (at least {minimum} "
        "characters), for example: solve x^2 - 5x + 6 = 0"
    )


class TextTooLong(InputError):
    code = "text_too_long"
    text = "That is too long: {length} characters, and {maximum} is the limit. Send one problem at a time."


class CodeTooLong(TextTooLong):
    code = "code_too_long"
    text = "That is too much code: {maximum} characters is the limit. Send a shorter scene."


class NotText(InputError):
    code = "text_binary"
    text = "That is not plain text. Send the problem in words or as a formula, or code as text or a .py file."


class ForbiddenCharacter(NotText):
    code = "text_character"
    text = "There is a character in it that nobody can see ({character}). Send the text without it."


class UnsupportedAttachment(InputError):
    code = "attachment_unsupported"
    text = "I can read text only. Send the problem in words or as a formula, or code as text or a .py file."


class UnsupportedPicture(UnsupportedAttachment):
    code = "attachment_picture"
    text = "I cannot read pictures yet. Type the problem, for example: solve x^2 - 5x + 6 = 0"


class PictureTooLarge(InputError):
    code = "picture_too_large"
    text = "That picture is too large: {limit_mb} MB is the limit. Send a smaller one, or type the problem."


class PictureUnreadable(InputError):
    """Its bytes are of no format that can be passed on."""

    code = "picture_unreadable"
    text = "I cannot open that picture. Send it as a photo (JPEG, PNG or WebP), or type the problem."


class NoProblemInPicture(InputError):
    code = "picture_without_problem"
    text = (
        "I see no problem in this picture that I can read. Send a sharp picture of one problem, or type it."
    )


class PicturesNotRead(InputError):
    """Whoever could read it does not answer."""

    code = "picture_not_read"
    text = (
        "I cannot read pictures at the moment. Type the problem, or send the picture again in a few minutes."
    )


class PictureOver(InputError):
    code = "picture_over"
    text = "I do not have that picture any more. Send it again, or type the problem."


class PictureNotYours(InputError):
    code = "picture_not_yours"
    text = "Somebody else sent that picture: only they can answer."


class UnsupportedVideo(UnsupportedAttachment):
    code = "attachment_video"
    text = "I cannot watch videos. Type the problem, for example: solve x^2 - 5x + 6 = 0"


class UnsupportedSound(UnsupportedAttachment):
    code = "attachment_sound"
    text = "I cannot listen to voice or sound. Type the problem, for example: solve x^2 - 5x + 6 = 0"


class UnsupportedFile(UnsupportedAttachment):
    code = "attachment_file"
    text = "I cannot read this kind of file. Type the problem, or send code as text or a .py file."


class NotDrawnYet(InputError):
    code = "not_drawn_yet"
    text = "That video is not drawn yet. Wait until it is there, then reply to it with what shall change."


class NotYours(InputError):
    code = "not_yours"
    text = "That video is being made for somebody else: only they can cancel it."


class AgainUnclear(InputError):
    code = "again_unclear"
    text = (
        "I know the qualities low, medium and high, and the shapes 16:9, 9:16 and 1:1. For example: "
        "/again high 9:16"
    )


class UnknownCommand(InputError):
    code = "command_unknown"
    text = "I do not know the command {command}. Send /help to see what I can do."


class UnknownChoice(InputError):
    code = "choice_unknown"
    text = "“{value}” is not one of them. Choose one of {choices}."


class UnknownLanguage(InputError):
    code = "language_unknown"
    text = "I do not speak “{name}”. I know {available}."


class LinkCodeWrong(InputError):
    code = "link_code_wrong"
    text = (
        "That code is wrong, or it was used, or its 10 minutes are over. Send /link in your other chat to "
        "get a new one."
    )


class OwnLinkCode(InputError):
    code = "link_code_own"
    text = "That is the code that I gave you here. Type it in your other chat."


class AlreadyLinked(InputError):
    code = "already_linked"
    text = "These two are linked already."


class LinkOver(InputError):
    code = "link_over"
    text = "There is nothing to confirm any more. Send /link to begin again."


class LinkNotReady(InputError):
    code = "link_not_ready"
    text = "Your other chat comes first: type the code there and say yes."


class LimitError(BotcoreError):
    code = "limit"
    text = "That is more than is allowed right now."


class RateLimited(LimitError):
    code = "rate_limited"
    text = "That was quick! You can send {limit} problems a minute. Please try again in {seconds} s."


class TooManyJobs(LimitError):
    code = "too_many_jobs"
    text = "You already have {limit} videos on the way. Wait for one of them, or cancel one with /cancel."


class LinkTriesUsedUp(LimitError):
    code = "link_tries_used_up"
    text = "Those were too many wrong codes. Please try again in {minutes} min."


class AccessRefused(BotcoreError):
    code = "access_refused"
    text = "Sorry, I may not answer you here: this bot is open to certain people only. Its operator decides."
