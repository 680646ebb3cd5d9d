"""`/openapi.json`, `/docs` and the JSON Schemas of native suites and of the JSON report.

Swagger UI comes from an installed package, so that it works offline.
"""

from pathlib import Path

from fastapi import APIRouter, Request, Response
from starlette.responses import FileResponse, HTMLResponse
from swagger_ui_bundle import swagger_ui_path

from vivavoce.formats.native import schema as native
from vivavoce.formats.reports import report_schema as reports
from vivavoce.formats.wire.encoding import encode
from vivavoce.server.refusals import no_such_path

router = APIRouter()

ASSETS = {
    "swagger-ui.css": "text/css",
    "swagger-ui-bundle.js": "text/javascript",
    "favicon-32x32.png": "image/png",
}
START = """window.onload = () => SwaggerUIBundle({
  url: "openapi.json", dom_id: "#swagger-ui", deepLinking: true, validatorUrl: null,
});
"""
PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Vivavoce testing API</title>
<link rel="icon" href="docs/favicon-32x32.png">
<link rel="stylesheet" href="docs/swagger-ui.css">
</head>
<body>
<div id="swagger-ui"></div>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/start.js"></script>
</body>
</html>
"""


@router.get("/openapi.json")
async def document(request: Request) -> Response:
    return Response(encode(request.app.state.openapi()), media_type="application/json")


@router.get(f"/{native.SCHEMA_NAME}")
async def suite_schema() -> Response:
    return Response(native.schema_text(), media_type="application/schema+json")


@router.get(f"/{reports.SCHEMA_NAME}")
async def report_schema() -> Response:
    return Response(reports.schema_text(), media_type="application/schema+json")


@router.get("/docs")
async def page() -> Response:
    return HTMLResponse(PAGE)


@router.get("/docs/start.js")
async def start() -> Response:
    return Response(START, media_type="text/javascript")


@router.get("/docs/{asset}")
async def asset(asset: str) -> Response:
    media_type = ASSETS.get(asset)
    if media_type is None:
        raise no_such_path()
    return FileResponse(Path(str(swagger_ui_path)) / asset, media_type=media_type)
