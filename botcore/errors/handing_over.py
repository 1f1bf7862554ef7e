"""Keeping videos, and bringing them to people."""

from __future__ import annotations

from botcore.errors.root import BotcoreError, Handling


class StoreError(BotcoreError):
    code = "store_failed"
    text = "The video could not be saved. Please try again."


class StoreUnavailable(StoreError):
    code = "store_unavailable"
    handling = Handling.RETRY


class StoreMisconfigured(StoreError):
    """``problem`` and ``remedy`` are for the operator: nothing can be kept until it is mended."""

    code = "store_misconfigured"
    text = "Videos cannot be saved at the moment. The operator has to look at it."


class StoreFull(StoreError):
    code = "store_full"
    text = "There is no room left to save the video. The operator has to look at it."


class ObjectMissing(StoreError):
    code = "object_missing"
    text = "This video is gone. Videos are deleted after they were seen, or after a day."


class VideoSeen(ObjectMissing):
    """Its single access was taken, and not by the one who asks now; or the time to look at it is over."""

    code = "video_seen"
    text = "This video was watched already. A link works once, in one browser."


class VideoExpired(ObjectMissing):
    code = "video_expired"
    text = "Nobody watched this video in time, so it has been deleted."


class VideoDeleted(ObjectMissing):
    """Its job was stopped, or the file went another way."""

    code = "video_deleted"
    text = "This video has been deleted."


class DeliveryError(BotcoreError):
    code = "delivery_failed"
    text = "The video could not be sent to you."


class DeliveryUnavailable(DeliveryError):
    code = "delivery_unavailable"
    handling = Handling.RETRY


class DeliveryUncertain(DeliveryUnavailable):
    """The request went out and no answer came back. On platforms with receipts it is not repeated at once."""

    code = "delivery_uncertain"


class ConversationClosed(DeliveryError):
    """The platform lets a bot write only for some time after the person wrote. The message is held."""

    code = "conversation_closed"


class DeliveryRejected(DeliveryError):
    code = "delivery_rejected"


class MediaRejected(DeliveryRejected):
    code = "media_rejected"


class MediaTooLarge(MediaRejected):
    code = "media_too_large"
    text = (
        "The video is {size_mb} MB, and no more than {limit_mb} MB can be sent here. Try a shorter scene or "
        "a lower quality."
    )
