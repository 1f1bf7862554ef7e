"""What came in, and what goes out."""

from __future__ import annotations

from typing import Any, ClassVar

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from botcore.state.models.widths import ID, KEY, NAME, SCOPE, TOKEN


class InboxRow(Model):
    """A received message. The key is made of platform and message id, so the insert is the dedupe.

    ``sender`` has no index: only who is forgotten is looked for, and each index makes each message dearer.
    """

    key = fields.CharField(primary_key=True, max_length=KEY)
    scope = fields.CharField(max_length=SCOPE)
    chat = fields.CharField(max_length=KEY)
    sender = fields.CharField(max_length=KEY)
    message = fields.TextField()
    status = fields.CharField(max_length=NAME)
    tries = fields.IntField(default=0)
    code = fields.CharField(max_length=NAME, null=True)
    received_at = fields.DatetimeField()
    due = fields.DatetimeField()
    owner = fields.CharField(max_length=TOKEN, null=True)
    lease_until = fields.DatetimeField(null=True)

    class Meta:
        table = "inbox"
        indexes: ClassVar = (
            Index(fields=("scope", "status", "tries", "received_at"), name="idx_inbox_next"),
            Index(fields=("chat", "status", "received_at"), name="idx_inbox_chat"),
            Index(fields=("status", "received_at"), name="idx_inbox_settled"),
        )


class PictureRow(Model):
    """A picture of a problem on its way to a person's yes. ``message`` brought it; ``text`` is what was read
    in it. The first picture of an album has the album's ``key``."""

    id = fields.CharField(primary_key=True, max_length=ID)
    key = fields.CharField(max_length=KEY, unique=True)
    scope = fields.CharField(max_length=SCOPE)
    platform = fields.CharField(max_length=NAME)
    user_id = fields.CharField(max_length=KEY)
    message = fields.TextField()
    language = fields.CharField(max_length=NAME)
    status = fields.CharField(max_length=NAME)
    text = fields.TextField(default="")
    tries = fields.IntField(default=0)
    due = fields.DatetimeField()
    owner = fields.CharField(max_length=TOKEN, null=True)
    lease_until = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField()
    expires_at = fields.DatetimeField(db_index=True)

    class Meta:
        table = "pictures"
        indexes: ClassVar = (
            Index(fields=("scope", "status", "due"), name="idx_pictures_scope_status_due"),
            Index(fields=("platform", "user_id", "created_at"), name="idx_pictures_person"),
        )


class OutboxRow(Model):
    """A message to a person. ``revision`` counts changes of the payload: a status message is written over in
    place, and a write that happens while it is being sent makes it due again. ``sending`` is the tracker of a
    part that may be with the platform although no answer came."""

    id = fields.BigIntField(primary_key=True, generated=True)
    dedupe = fields.CharField(max_length=KEY, unique=True)
    scope = fields.CharField(max_length=SCOPE)
    platform = fields.CharField(max_length=NAME)
    chat_id = fields.CharField(max_length=KEY)
    job: Any = fields.ForeignKeyField("state.JobRow", related_name="outgoing", null=True)
    job_id: str | None
    payload = fields.TextField()
    revision = fields.IntField(default=0)
    status = fields.CharField(max_length=NAME)
    message_ids = fields.TextField(default="[]")
    parts_sent = fields.IntField(default=0)
    sending = fields.CharField(max_length=TOKEN, null=True)
    tries = fields.IntField(default=0)
    reason: Any = fields.TextField(null=True)
    due = fields.DatetimeField()
    created_at = fields.DatetimeField()
    settled_at = fields.DatetimeField(null=True)
    owner = fields.CharField(max_length=TOKEN, null=True)
    lease_until = fields.DatetimeField(null=True)

    class Meta:
        table = "outbox"
        indexes: ClassVar = (
            Index(fields=("scope", "status", "due"), name="idx_outbox_scope_status_due"),
            Index(fields=("platform", "chat_id", "scope", "status"), name="idx_outbox_chat"),
            Index(fields=("status", "settled_at"), name="idx_outbox_settled"),
            Index(fields=("job_id",), name="idx_outbox_job"),
        )


class SentMessageRow(Model):
    """A message as a platform knows it: which part of which outbox row it is, and what became of it."""

    id = fields.BigIntField(primary_key=True, generated=True)
    outgoing: Any = fields.ForeignKeyField("state.OutboxRow", related_name="messages")
    outgoing_id: int
    platform = fields.CharField(max_length=NAME)
    chat_id = fields.CharField(max_length=KEY)
    message_id = fields.CharField(max_length=KEY)
    revision = fields.IntField()
    part = fields.IntField()
    receipt = fields.CharField(max_length=NAME, null=True)
    code = fields.CharField(max_length=NAME, null=True)
    detail: Any = fields.TextField(null=True)

    class Meta:
        table = "sent_messages"
        # Receipts name no chat, and elsewhere an id is one chat's only.
        unique_together: ClassVar = (("platform", "message_id", "chat_id"),)
        indexes: ClassVar = (Index(fields=("outgoing_id", "revision"), name="idx_sent_messages_outgoing"),)
