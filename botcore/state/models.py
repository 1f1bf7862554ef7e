"""The tables. Rows leave this room as dataclasses of :mod:`botcore.model` and :mod:`botcore.state.records`.

Structured values (a source, a message, findings) are kept as JSON in text columns: they are never queried,
and PostgreSQL's ``jsonb`` refuses NUL characters, which hostile text may well hold. All times are UTC.
"""

from __future__ import annotations

from typing import Any, ClassVar

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

ID = 16
NAME = 32
SCOPE = 40
TOKEN = 96
KEY = 255


class SessionRow(Model):
    """``account`` is the name under which its use is counted: see :mod:`botcore.state.accounts`.
    ``lasting``: it ends at ``expires_at``, whatever is submitted."""

    id = fields.CharField(primary_key=True, max_length=ID)
    language = fields.CharField(max_length=NAME, default="")
    options = fields.TextField()
    provider = fields.CharField(max_length=NAME, null=True)
    account = fields.CharField(max_length=TOKEN, db_index=True)
    lasting = fields.BooleanField(default=False)
    created_at = fields.DatetimeField()
    expires_at = fields.DatetimeField(db_index=True)

    class Meta:
        table = "sessions"


class IdentityRow(Model):
    """``user_id`` is the platform's name for the person, or the hash of a web token."""

    id = fields.BigIntField(primary_key=True, generated=True)
    platform = fields.CharField(max_length=NAME)
    user_id = fields.CharField(max_length=KEY)
    session: Any = fields.ForeignKeyField("state.SessionRow", related_name="identities")
    session_id: str
    created_at = fields.DatetimeField()

    class Meta:
        table = "identities"
        unique_together: ClassVar = (("platform", "user_id"),)
        indexes: ClassVar = (Index(fields=("session_id",), name="idx_identities_session"),)


class LinkRow(Model):
    """A code by which one identity offers itself to another. ``maker`` and ``taker`` are the two sides as
    JSON, their keys are looked up."""

    id = fields.CharField(primary_key=True, max_length=ID)
    code_hash = fields.CharField(max_length=TOKEN, unique=True)
    state = fields.CharField(max_length=NAME)
    maker_key = fields.CharField(max_length=KEY, db_index=True)
    maker = fields.TextField()
    taker_key = fields.CharField(max_length=KEY, null=True, db_index=True)
    taker: Any = fields.TextField(null=True)
    expires_at = fields.DatetimeField(db_index=True)

    class Meta:
        table = "links"


class TallyRow(Model):
    """Something that counts against a limit until a time: a submission, a wrong code. ``name`` says what, and
    against whom, as a hash or an id of ours."""

    id = fields.BigIntField(primary_key=True, generated=True)
    name = fields.CharField(max_length=TOKEN)
    until = fields.DatetimeField(db_index=True)

    class Meta:
        table = "tallies"
        indexes: ClassVar = (Index(fields=("name", "until"), name="idx_tallies_name_until"),)


class DayKeyRow(Model):
    """The key under which addresses and forgotten people are hashed for one day (UTC). Once it is deleted,
    nobody can tell what a hash was made of."""

    day = fields.CharField(primary_key=True, max_length=ID)
    key = fields.CharField(max_length=TOKEN)

    class Meta:
        table = "day_keys"


class LeftoverRow(Model):
    """Under which account somebody who was forgotten is counted for the rest of the day. ``who`` is a hash
    under the day's key."""

    who = fields.CharField(primary_key=True, max_length=TOKEN)
    day = fields.CharField(max_length=ID, db_index=True)
    account = fields.CharField(max_length=TOKEN)

    class Meta:
        table = "leftovers"


class TokenRow(Model):
    """A bearer token; ``hash`` is that of its secret. What is null of its limits is as for everybody."""

    id = fields.CharField(primary_key=True, max_length=ID)
    name = fields.CharField(max_length=TOKEN)
    hash = fields.CharField(max_length=TOKEN, unique=True)
    scopes = fields.CharField(max_length=KEY)
    per_minute = fields.IntField(null=True)
    unfinished = fields.IntField(null=True)
    day_usd = fields.FloatField(null=True)
    created_at = fields.DatetimeField()
    expires_at = fields.DatetimeField(null=True, db_index=True)
    used_at = fields.DatetimeField(null=True)
    revoked_at = fields.DatetimeField(null=True, db_index=True)

    class Meta:
        table = "tokens"


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


class JobRow(Model):
    """The checkpoint of a job.

    ``owner`` and ``lease_until`` belong to the worker that runs it; ``version`` counts every write that
    decides something. ``not_before`` delays the next claim. ``artifact`` is the rendered file while it is not
    stored yet. ``fingerprint`` is the hash of the whole request that brought ``submission_key``.
    """

    id = fields.CharField(primary_key=True, max_length=ID)
    session: Any = fields.ForeignKeyField("state.SessionRow", related_name="jobs")
    session_id: str
    scope = fields.CharField(max_length=SCOPE)
    submission_key = fields.CharField(max_length=KEY, null=True, unique=True)
    fingerprint = fields.CharField(max_length=TOKEN, null=True)
    kind = fields.CharField(max_length=NAME)
    platform = fields.CharField(max_length=NAME)
    chat_id = fields.CharField(max_length=KEY)
    renderer = fields.CharField(max_length=NAME)
    options = fields.TextField()
    status = fields.CharField(max_length=NAME)
    version = fields.IntField(default=0)
    text = fields.TextField()
    user_language = fields.CharField(max_length=NAME)
    provider = fields.CharField(max_length=NAME, null=True)
    priority = fields.IntField(default=0)
    source: Any = fields.TextField(null=True)
    artifact: Any = fields.TextField(null=True)
    generations = fields.IntField(default=0)
    processing_s = fields.FloatField(default=0.0)
    lost_workers = fields.IntField(default=0)
    failure: Any = fields.TextField(null=True)
    parent_id = fields.CharField(max_length=ID, null=True)
    wish: Any = fields.TextField(null=True)
    video_id = fields.CharField(max_length=ID, null=True)
    offered_at = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField()
    updated_at = fields.DatetimeField()
    owner = fields.CharField(max_length=TOKEN, null=True)
    lease_until = fields.DatetimeField(null=True)
    not_before = fields.DatetimeField(null=True)

    class Meta:
        table = "jobs"
        indexes: ClassVar = (
            Index(fields=("scope", "status"), name="idx_jobs_scope_status"),
            Index(fields=("session_id", "created_at"), name="idx_jobs_session_created"),
            Index(fields=("status", "lease_until"), name="idx_jobs_status_lease"),
            Index(fields=("status", "updated_at"), name="idx_jobs_status_updated"),
            Index(fields=("created_at", "id"), name="idx_jobs_created"),
        )


class JobMoveRow(Model):
    """A job's way into a status. ``version`` is the one that the job's row got with it."""

    id = fields.BigIntField(primary_key=True, generated=True)
    job: Any = fields.ForeignKeyField("state.JobRow", related_name="moves")
    job_id: str
    version = fields.IntField()
    status = fields.CharField(max_length=NAME)
    generation = fields.IntField()
    at = fields.DatetimeField()

    class Meta:
        table = "job_moves"
        unique_together: ClassVar = (("job_id", "version"),)


class AttemptRow(Model):
    """One generation of a job's source, and how it ended. ``failure`` is null while it stands."""

    id = fields.BigIntField(primary_key=True, generated=True)
    job: Any = fields.ForeignKeyField("state.JobRow", related_name="attempts")
    job_id: str
    number = fields.IntField()
    provider = fields.CharField(max_length=NAME)
    model = fields.CharField(max_length=KEY, default="")
    prompt_version = fields.CharField(max_length=NAME, default="")
    source = fields.TextField()
    failure: Any = fields.TextField(null=True)
    findings: Any = fields.TextField(null=True)
    fixes = fields.IntField(default=0)
    input_tokens = fields.BigIntField(default=0)
    output_tokens = fields.BigIntField(default=0)
    cost = fields.FloatField(default=0.0)
    generate_s = fields.FloatField(default=0.0)
    render_s = fields.FloatField(default=0.0)
    created_at = fields.DatetimeField()

    class Meta:
        table = "attempts"
        unique_together: ClassVar = (("job_id", "number"),)


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


class ProviderRow(Model):
    """How a provider fares: its circuit, and its last calls as JSON. ``probe`` names the one call that is let
    through a circuit which was open."""

    name = fields.CharField(primary_key=True, max_length=NAME)
    failures = fields.IntField(default=0)
    openings = fields.IntField(default=0)
    open_until = fields.DatetimeField(null=True)
    probe = fields.CharField(max_length=ID, null=True)
    probe_until = fields.DatetimeField(null=True)
    calls = fields.TextField(default="[]")
    last_success = fields.DatetimeField(null=True)
    error_code = fields.CharField(max_length=NAME, null=True)
    error_detail: Any = fields.TextField(null=True)
    error_at = fields.DatetimeField(null=True)

    class Meta:
        table = "providers"


class SpendingRow(Model):
    """What an account used in a day or a month, as providers counted it. ``cost`` in US dollars."""

    id = fields.BigIntField(primary_key=True, generated=True)
    account = fields.CharField(max_length=TOKEN)
    period = fields.CharField(max_length=ID, db_index=True)
    tokens = fields.BigIntField(default=0)
    cost = fields.FloatField(default=0.0)

    class Meta:
        table = "spending"
        unique_together: ClassVar = (("account", "period"),)


class ReservationRow(Model):
    """What a call that is under way may use at most. One that its process left behind lapses. ``account`` is
    the person's."""

    id = fields.CharField(primary_key=True, max_length=ID)
    provider = fields.CharField(max_length=NAME)
    account = fields.CharField(max_length=TOKEN)
    tokens = fields.BigIntField()
    cost = fields.FloatField()
    until = fields.DatetimeField(db_index=True)

    class Meta:
        table = "reservations"
