"""The bucket's rule for what was left behind: files that nobody deleted, uploads that nobody finished."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from botocore.exceptions import ClientError

from botcore_s3.failures import code_of

UNFINISHED_DAYS = 1
"""Days after which the parts of an upload that was never finished go."""
_SIZE_DEFAULT = "TransitionDefaultMinimumObjectSize"


async def ensure_rule(client: Any, bucket: str, prefix: str, lifetime: timedelta) -> int:
    """Make sure that what lies under ``prefix`` goes after ``lifetime``, in whole days as S3 counts them, and
    not before. Other rules of the bucket stay as they are.

    A bucket's rules are one document, read and written as a whole: who changes others at the same moment may
    have to do it again. Raises what the SDK raises.

    :returns: the days.
    """
    days = max(1, -(-lifetime // timedelta(days=1)))
    document = await _document(client, bucket)
    rules = document.get("Rules", [])
    name = f"botcore {prefix}"
    others = [rule for rule in rules if rule.get("ID") != name]
    # Old rules name their prefix in another place, and S3 takes one kind or the other in one document.
    old_kind = any("Prefix" in rule for rule in others)
    ours = {
        "ID": name,
        "Status": "Enabled",
        **({"Prefix": prefix} if old_kind else {"Filter": {"Prefix": prefix}}),
        "Expiration": {"Days": days},
        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": UNFINISHED_DAYS},
    }
    if ours not in rules:
        kept = {_SIZE_DEFAULT: document[_SIZE_DEFAULT]} if _SIZE_DEFAULT in document else {}
        await client.put_bucket_lifecycle_configuration(
            Bucket=bucket, LifecycleConfiguration={"Rules": [*others, ours]}, **kept
        )
    return days


async def _document(client: Any, bucket: str) -> dict[str, Any]:
    try:
        answer: dict[str, Any] = await client.get_bucket_lifecycle_configuration(Bucket=bucket)
    except ClientError as error:
        if code_of(error) != "NoSuchLifecycleConfiguration":
            raise
        return {}
    return answer
