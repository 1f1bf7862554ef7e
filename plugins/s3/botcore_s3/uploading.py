"""Takes a file up in parts. One part is in memory at a time; nothing half stays behind."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import io
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO

from botocore.exceptions import BotoCoreError, ClientError

from botcore.errors import StoreError

_ABORT_S = 10.0
"""Seconds for taking an unfinished upload back; the bucket's rule does it later where that fails."""


async def upload(client: Any, path: Path, size: int, part: int, about: Mapping[str, Any]) -> str:
    """Put the file at ``path`` under the name that ``about`` holds, with its marks; the new object's etag.

    A file of up to ``part`` bytes goes in one request, a longer one in several. The object appears whole or
    not at all. Raises what the SDK raises, and OSError for the file.
    """
    with await asyncio.to_thread(path.open, "rb") as file:
        if size <= part:
            answer = await client.put_object(**about, **await _body(file, size))
        else:
            async with _multipart(client, about) as (place, finished):
                for number, offset in enumerate(range(0, size, part), start=1):
                    body = await _body(file, min(part, size - offset))
                    sent = await client.upload_part(**place, PartNumber=number, **body)
                    finished.append({"PartNumber": number, "ETag": sent["ETag"]})
                answer = await client.complete_multipart_upload(**place, MultipartUpload={"Parts": finished})
    return str(answer["ETag"]).strip('"')


async def _body(file: BinaryIO, length: int) -> dict[str, Any]:
    """The next ``length`` bytes as the SDK takes them. With the digest the server finds out what the network
    broke, and the SDK need not read all of it again, in the event loop, to sign it (RFC 1864)."""

    def read() -> dict[str, Any]:
        content = file.read(length)
        if len(content) != length:
            raise StoreError("the file became shorter while it was read")
        digest = hashlib.md5(content, usedforsecurity=False).digest()
        return {
            "Body": io.BytesIO(content),
            "ContentLength": length,
            "ContentMD5": base64.b64encode(digest).decode(),
        }

    return await asyncio.to_thread(read)


@asynccontextmanager
async def _multipart(
    client: Any, about: Mapping[str, Any]
) -> AsyncIterator[tuple[dict[str, Any], list[dict[str, Any]]]]:
    """An upload in parts, taken back when the block does not end well."""
    begun = asyncio.ensure_future(client.create_multipart_upload(**about))
    try:
        answer = await asyncio.shield(begun)  # cancelled in between, it would begin and nobody know its id
        place = _place(answer, about)
        yield place, []
    except BaseException:
        taking_back = asyncio.ensure_future(_take_back(client, begun, about))
        try:
            await asyncio.shield(taking_back)
        except asyncio.CancelledError:  # a second time: it goes on, for as long as it may
            await asyncio.wait({taking_back}, timeout=_ABORT_S)
        raise


async def _take_back(client: Any, begun: asyncio.Future[Any], about: Mapping[str, Any]) -> None:
    with suppress(BotoCoreError, ClientError, OSError):
        async with asyncio.timeout(_ABORT_S):
            await client.abort_multipart_upload(**_place(await begun, about))


def _place(answer: Mapping[str, Any], about: Mapping[str, Any]) -> dict[str, Any]:
    return {"Bucket": about["Bucket"], "Key": about["Key"], "UploadId": answer["UploadId"]}
