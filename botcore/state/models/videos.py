"""Stored files, and the links that lead to them."""

from __future__ import annotations

from typing import Any, ClassVar

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from botcore.state.models.widths import ID, KEY, TOKEN


class VideoRow(Model):
    """A file in the store. The row exists before the file, so that no file is ever without a row.

    ``viewer`` has taken the single access, up to ``taken_until``. ``ended_at`` is the tombstone: from then on
    nobody is given the file, and it is deleted.
    """

    id = fields.CharField(primary_key=True, max_length=ID)
    job: Any = fields.ForeignKeyField("state.JobRow", related_name="videos")
    job_id: str
    key = fields.CharField(max_length=KEY)
    etag = fields.CharField(max_length=KEY, default="")
    thumb_key = fields.CharField(max_length=KEY, null=True)
    media_type = fields.CharField(max_length=KEY)
    size = fields.BigIntField()
    duration = fields.FloatField()
    width = fields.IntField()
    height = fields.IntField()
    created_at = fields.DatetimeField()
    expires_at = fields.DatetimeField(db_index=True)
    viewer = fields.CharField(max_length=TOKEN, null=True)
    taken_at = fields.DatetimeField(null=True)
    taken_until = fields.DatetimeField(null=True)
    ended_at = fields.DatetimeField(null=True)
    deleted_at = fields.DatetimeField(null=True)

    class Meta:
        table = "videos"
        indexes: ClassVar = (
            Index(fields=("job_id",), name="idx_videos_job"),
            Index(fields=("deleted_at",), name="idx_videos_deleted"),
        )


class AccessLinkRow(Model):
    """A link that was sent for a video; of its token only the hash is kept."""

    hash = fields.CharField(primary_key=True, max_length=TOKEN)
    video: Any = fields.ForeignKeyField("state.VideoRow", related_name="links")
    video_id: str
    created_at = fields.DatetimeField()

    class Meta:
        table = "access_links"
        indexes: ClassVar = (Index(fields=("video_id",), name="idx_access_links_video"),)
