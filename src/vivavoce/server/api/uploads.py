"""Uploads (testing-api.md 2)."""

from typing import Any

from fastapi import Request, Response

from vivavoce.engine.uploads import upload
from vivavoce.formats.wire.uploads import uploaded
from vivavoce.server.bodies import Answer
from vivavoce.server.context import Ctx
from vivavoce.server.multipart import FileUpload
from vivavoce.server.routing import CallRouter, json_answer

router = CallRouter()

FORM: dict[str, Any] = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": ["file"],
                "properties": {
                    "file": {"type": "string", "format": "binary"},
                    "fileContext": {"type": "string", "enum": ["bulkImport"]},
                    "fileExtension": {
                        "type": "string",
                        "enum": ["json", "csv", "yaml"],
                        "description": "not relied on: the file is judged by its content",
                    },
                },
            }
        }
    },
}


class Uploaded(Answer):
    fileId: str
    hash: str


class UploadedNamed(Uploaded):
    fileName: str


@router.serves("upload_file", answer=Uploaded, requestBody=FORM)
async def upload_file(context: Ctx, request: Request) -> Response:
    return await _upload(context, request, named=False)


@router.serves("upload_bot_file", answer=UploadedNamed, requestBody=FORM)
async def upload_bot_file(context: Ctx, request: Request) -> Response:
    return await _upload(context, request, named=True)


async def _upload(context: Ctx, request: Request, *, named: bool) -> Response:
    part = FileUpload(request.stream(), request.headers.get("content-type", ""))
    name = await part.open()
    file = await upload(
        context.engine,
        name=name,
        chunks=part.chunks(),
        client_id=context.app.client_id,
        limit=max(context.engine.sizes.batch_file, context.engine.sizes.conversation_file),
    )
    return json_answer(uploaded(file, named=named))
