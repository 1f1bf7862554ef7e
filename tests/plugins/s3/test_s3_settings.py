from __future__ import annotations

from typing import Any

import pytest
from botcore_s3.plugin import S3, S3Config
from botocore.exceptions import ClientError
from pydantic import ValidationError

from botcore.errors import BotcoreError, StoreError, StoreFull, StoreMisconfigured, StoreUnavailable

R2 = "https://0123456789abcdef.r2.cloudflarestorage.com"
KEYS = {"access_key": "id", "secret_key": "hush"}


@pytest.mark.parametrize(
    ("values", "missing"),
    [
        ({}, "bucket"),
        ({"bucket": "videos"}, "access_key"),
        ({"bucket": "videos", "access_key": "id"}, "secret_key"),
        ({"bucket": "videos", **KEYS}, ""),
        ({"bucket": "videos", "credentials": "machine"}, ""),
        ({"credentials": "machine"}, "bucket"),
    ],
)
def test_it_is_off_until_it_has_a_bucket_and_credentials(values: dict[str, Any], missing: str) -> None:
    assert S3.config.model_validate(values).missing() == missing


@pytest.mark.parametrize(
    "values",
    [
        {"bucket": "No Such Name"},
        {"bucket": "../x"},
        {"endpoint_url": "ftp://example.org"},
        {"endpoint_url": "https://user:pass@example.org"},
        {"endpoint_url": "https://example.org/bucket"},
        {"prefix": ""},
        {"prefix": "/"},
        {"prefix": "botcore"},
        {"prefix": "../"},
        {"part_mb": 4},
        {"secret_key": "two words"},
        {"credentials": "guess"},
    ],
)
def test_what_cannot_work_is_refused(values: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        S3Config.model_validate(values)


def test_r2_gets_no_tags_unless_they_are_asked_for() -> None:
    assert S3Config().tagged
    assert not S3Config(endpoint_url=R2).tagged
    assert S3Config(endpoint_url=R2, tags=True).tagged
    assert not S3Config(tags=False).tagged
    assert S3Config(endpoint_url="https://r2.cloudflarestorage.com.example.org").tagged


def test_the_region_follows_the_server() -> None:
    assert S3Config().region_name == "us-east-1"
    assert S3Config(endpoint_url=R2).region_name == "auto"
    assert S3Config(region="eu-central-1").region_name == "eu-central-1"


@pytest.mark.parametrize(
    ("code", "status", "expected"),
    [
        ("SlowDown", 503, StoreUnavailable),
        ("InternalError", 500, StoreUnavailable),
        ("", 502, StoreUnavailable),
        ("TooManyRequests", 429, StoreUnavailable),
        ("RequestTimeout", 400, StoreUnavailable),
        ("AccessDenied", 403, StoreMisconfigured),
        ("RequestTimeTooSkewed", 403, StoreMisconfigured),
        ("NoSuchBucket", 404, StoreMisconfigured),
        ("NotImplemented", 501, StoreMisconfigured),
        ("QuotaExceeded", 403, StoreFull),
        ("EntityTooLarge", 400, StoreError),
    ],
)
def test_every_refusal_has_its_class_and_repeats_nothing_of_the_servers_words(
    code: str, status: int, expected: type[BotcoreError]
) -> None:
    from botcore_s3.failures import as_store_error

    said = {
        "Error": {"Code": code, "Message": "AKIA-leaked"},
        "ResponseMetadata": {"HTTPStatusCode": status, "HTTPHeaders": {"retry-after": "7"}},
    }
    error = as_store_error("write", ClientError(said, "PutObject"), S3Config(bucket="videos", **KEYS))
    assert type(error) is expected
    assert "leaked" not in f"{error!r} {error.detail} {dict(error.params)}"
    assert error.retry_after == (7.0 if expected is StoreUnavailable else None)
    if expected is StoreMisconfigured:
        assert error.params["problem"]
        assert error.params["remedy"]
