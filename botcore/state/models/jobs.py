"""Jobs and how they went."""

from __future__ import annotations

from typing import Any, ClassVar

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from botcore.state.models.widths import ID, KEY, NAME, SCOPE, TOKEN


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
