"""Who there is: sessions, the names that lead to them, tokens, and what counts against a limit."""

from __future__ import annotations

from typing import Any, ClassVar

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from botcore.state.models.widths import ID, KEY, NAME, TOKEN


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
