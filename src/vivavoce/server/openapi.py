"""The OpenAPI document: FastAPI describes the bodies, the table of calls says where and by whom."""

from collections.abc import Sequence
from copy import deepcopy
from importlib.metadata import version
from typing import Any

from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from vivavoce.server.calls import CALLS, Call, Limit, Size

# 3.0: what the installed Swagger UI reads.
OPENAPI = "3.0.3"
ERROR = {"$ref": "#/components/schemas/Errors"}
ERRORS_SCHEMA = {
    "type": "object",
    "required": ["errors"],
    "properties": {
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["msg", "code"],
                "properties": {"msg": {"type": "string"}, "code": {"type": "integer"}},
            },
        }
    },
}
SECURITY_SCHEMES = {
    "auth": {
        "type": "apiKey",
        "in": "header",
        "name": "auth",
        "description": "a JWT signed with the secret of a client app, with its client id as `appId`",
    },
    "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
}
LINK_PARAMETERS = ("e", "n", "s", "clientfilename", "batchtesting")


def openapi_document(endpoints: Sequence[APIRoute]) -> dict[str, Any]:
    """The public paths with the bodies of the endpoints behind them."""
    inner = get_openapi(
        title="Vivavoce testing API",
        version=version("vivavoce"),
        openapi_version=OPENAPI,
        routes=endpoints,
    )
    paths: dict[str, dict[str, Any]] = {}
    for call in CALLS:
        operation = inner["paths"][f"/{call.name}"][call.method.lower()]
        for position, path in enumerate(call.paths):
            public = _public(operation, call, path, alias=position > 0)
            paths.setdefault(path, {})[call.method.lower()] = public
    schemas = inner.get("components", {}).get("schemas", {})
    schemas = {name: schema for name, schema in schemas.items() if "ValidationError" not in name}
    components = {"schemas": {**schemas, "Errors": ERRORS_SCHEMA}, "securitySchemes": SECURITY_SCHEMES}
    document = {"openapi": OPENAPI, "info": inner["info"], "paths": paths, "components": components}
    return {name: _as_3_0(part) for name, part in document.items()}


def _as_3_0(value: Any) -> Any:
    """Without the one keyword of newer schemas that ours give rise to: `const`."""
    if isinstance(value, list):
        return [_as_3_0(item) for item in value]
    if not isinstance(value, dict):
        return value
    known = {name: _as_3_0(item) for name, item in value.items() if name != "const"}
    return {**known, "enum": [value["const"]]} if "const" in value else known


def _public(operation: dict[str, Any], call: Call, path: str, *, alias: bool) -> dict[str, Any]:
    """An operation at one of its call's paths."""
    public = deepcopy(operation)
    public["operationId"] = f"{call.name}_alias" if alias else call.name
    public["tags"] = [_tag(call)]
    if call.scope:
        public["description"] = f"Scope: {call.scope}."
    names = [part[1:-1] for part in path.split("/") if part.startswith("{")]
    in_path = [_parameter(name, "path") for name in names]
    in_query = [_parameter(name, "query") for name in LINK_PARAMETERS] if call.signed else []
    others = [one for one in public.get("parameters", []) if not call.signed or one["in"] != "header"]
    public["parameters"] = in_path + in_query + others
    public["security"] = [] if call.signed else [{"auth": []}, {"bearer": []}]
    responses = {code: answer for code, answer in public["responses"].items() if code != "422"}
    for code, description in _refusals(call).items():
        content = {"application/json": {"schema": ERROR}}
        responses[code] = {"description": description, "content": content}
    public["responses"] = responses
    return public


def _parameter(name: str, where: str) -> dict[str, Any]:
    return {"name": name, "in": where, "required": True, "schema": {"type": "string"}}


def _tag(call: Call) -> str:
    if "conversation" in call.name:
        return "Conversation tests"
    if "batch" in call.name:
        return "Batch tests"
    return "Find intent" if call.name == "find_intent" else "Files"


def _refusals(call: Call) -> dict[str, str]:
    if call.signed:
        return {"401": "A link that is changed or over", "404": "The file is gone"}
    found = {
        "400": "What is named does not exist",
        "401": "Token, stream or scope",
        "409": "In conflict with what is there",
        "412": "Wrong input, with one entry a problem",
        "413": "Too large",
    }
    if call.size is Size.FILE:
        del found["400"], found["409"]
        found["415"] = "Not multipart"
    if call.limit is not Limit.NONE:
        found["429"] = "Too many calls; `Retry-After` tells the seconds to wait"
    return found
