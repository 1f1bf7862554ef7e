"""From what the SDK raises to botcore's errors. What a server writes is never repeated: it may hold keys."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import aiohttp
from botocore import exceptions as sdk

from botcore.errors import BotcoreError, StoreError, StoreFull, StoreMisconfigured, StoreUnavailable
from botcore_s3.plugin import S3Config

GONE = frozenset({"NoSuchKey", "NotFound", "404", "PreconditionFailed", "412"})
"""What the answer to a GET says when the object is not there, or is not the one that was meant."""

_KEYS = "Check access_key and secret_key"
_REMEDIES: Mapping[str, tuple[str, str]] = {
    "NoSuchBucket": ("the bucket {bucket} does not exist", "Make it, or correct bucket"),
    "InvalidBucketName": ("the server takes no bucket named {bucket}", "Correct bucket"),
    "InvalidAccessKeyId": ("the server does not know the access key", _KEYS),
    "Unauthorized": ("the server does not take the keys", _KEYS),
    "SignatureDoesNotMatch": ("the secret does not belong to the access key", _KEYS),
    "ExpiredToken": ("the keys have lapsed", "Renew them"),
    "RequestTimeTooSkewed": ("this machine's clock is wrong", "Set it; NTP keeps it right"),
    "AuthorizationHeaderMalformed": ("the bucket lies in another region", "Set region to the bucket's"),
    "PermanentRedirect": ("the bucket lies in another region", "Set region to the bucket's"),
    "IllegalLocationConstraintException": ("the bucket lies in another region", "Set region to the bucket's"),
    "NotImplemented": ("the server lacks what was asked of it", "Set tags or lifecycle to false there"),
}
"""By the server's code: what is wrong, and how the operator mends it."""
_FULL = frozenset({"QuotaExceeded", "InsufficientStorage", "StorageFull", "XMinioStorageFull", "507"})
_BUSY = frozenset({"RequestTimeout", "SlowDown", "ServiceUnavailable", "InternalError", "OperationAborted"})
_NO_CREDENTIALS = (
    sdk.NoCredentialsError,
    sdk.PartialCredentialsError,
    sdk.CredentialRetrievalError,
    sdk.TokenRetrievalError,
    sdk.ProfileNotFound,
)


def code_of(error: Exception) -> str:
    """What the server calls it; empty where no server answered."""
    if not isinstance(error, sdk.ClientError):
        return ""
    return str(error.response.get("Error", {}).get("Code", ""))


def as_store_error(what: str, error: Exception, config: S3Config) -> BotcoreError:
    """The error that tells the pipeline what to do about ``error``, which ``what`` met with."""
    where = f"{what} at {config.server}"
    match error:
        case BotcoreError():
            return error
        case sdk.ClientError():
            return _of_answer(what, where, error.response, config)
        case sdk.SSLError():
            return _misconfigured(where, "its certificate is not trusted", "Check endpoint_url", config)
        case sdk.ParamValidationError():
            return StoreError(f"{where}: the request cannot be made")
        case _ if isinstance(error, _NO_CREDENTIALS):
            return _misconfigured(
                where, "this machine has no credentials", "Set them up, or set credentials to “keys”", config
            )
        case sdk.BotoCoreError() | aiohttp.ClientError() | OSError():  # TimeoutError is an OSError
            return StoreUnavailable(f"{where}: the connection failed or broke ({type(error).__name__})")
        case _:
            return StoreError(f"{where}: {type(error).__name__}")


def _of_answer(what: str, where: str, answer: Mapping[str, Any], config: S3Config) -> StoreError:
    code = str(answer.get("Error", {}).get("Code", ""))[:80]
    about = answer.get("ResponseMetadata", {})
    status = int(about.get("HTTPStatusCode", 0))
    detail = f"{where}: {code} ({status})"
    if code in _FULL or status == 507:
        return StoreFull(detail)
    if code in _BUSY or status in {408, 409, 429} or (status >= 500 and code != "NotImplemented"):
        return StoreUnavailable(detail, retry_after=_seconds(about.get("HTTPHeaders", {})))
    if code in _REMEDIES:
        problem, remedy = _REMEDIES[code]
        return _misconfigured(detail, problem.format(bucket=config.bucket), remedy, config)
    if status in {401, 403}:
        return _misconfigured(
            detail,
            f"the key may not {what} in {config.bucket}",
            "Give it the rights that docs/operate.md lists",
            config,
        )
    return StoreError(detail)


def _misconfigured(detail: str, problem: str, remedy: str, config: S3Config) -> StoreMisconfigured:
    return StoreMisconfigured(
        detail, problem=f"{config.server}: {problem}", remedy=f"{remedy} ([plugins.s3])."
    )


def _seconds(headers: Mapping[str, str]) -> float | None:
    """The pause that a busy server asks for, a minute at most."""
    value = headers.get("retry-after", "")
    return min(float(value), 60.0) if value.isdecimal() else None
