"""Bots that misbehave, one way a path: what a tester must survive."""

import asyncio
import gzip

from aiohttp import web

routes = web.RouteTableDef()
MEGABYTE = 1024 * 1024
GOOD = b'{"messages": [{"text": "Hello!"}]}'


@routes.route("*", "/nasty/hang")
async def hang(request: web.Request) -> web.Response:
    """Answers after an hour."""
    await asyncio.sleep(3600)
    return web.Response(body=GOOD)


@routes.route("*", "/nasty/status/{status}")
async def status(request: web.Request) -> web.Response:
    """Any status; `?after=` becomes Retry-After."""
    headers = {"Retry-After": request.query["after"]} if "after" in request.query else {}
    return web.json_response({"error": "as asked"}, status=int(request.match_info["status"]), headers=headers)


@routes.route("*", "/nasty/drop")
async def drop(request: web.Request) -> web.Response:
    """Closes the connection without an answer."""
    await request.read()
    assert request.transport is not None
    request.transport.close()
    return web.Response()


@routes.route("*", "/nasty/cut")
async def cut(request: web.Request) -> web.StreamResponse:
    """Promises 1000 bytes, sends a few and closes."""
    response = web.StreamResponse(headers={"Content-Length": "1000", "Content-Type": "application/json"})
    await response.prepare(request)
    await response.write(b'{"messages": [')
    assert request.transport is not None
    request.transport.close()
    return response


@routes.route("*", "/nasty/text")
async def text(request: web.Request) -> web.Response:
    return web.Response(text="<html>Something went wrong</html>", content_type="text/html")


@routes.route("*", "/nasty/encoding")
async def encoding(request: web.Request) -> web.Response:
    return web.Response(body='{"messages": [{"text": "Grüße"}]}'.encode("latin-1"))


@routes.route("*", "/nasty/deep")
async def deep(request: web.Request) -> web.Response:
    return web.Response(body=b"[" * 100_000 + b"]" * 100_000)


@routes.route("*", "/nasty/empty")
async def empty(request: web.Request) -> web.Response:
    return web.Response(body=b"")


@routes.route("*", "/nasty/shape")
async def shape(request: web.Request) -> web.Response:
    """JSON of quite another shape."""
    return web.json_response([1, {"messages": None}, "three"])


@routes.route("*", "/nasty/huge")
async def huge(request: web.Request) -> web.StreamResponse:
    """50 MB, announced."""
    response = web.StreamResponse(headers={"Content-Length": str(50 * MEGABYTE)})
    return await _pour(request, response)


@routes.route("*", "/nasty/huge-chunked")
async def huge_chunked(request: web.Request) -> web.StreamResponse:
    """50 MB that nobody announced."""
    response = web.StreamResponse()
    response.enable_chunked_encoding()
    return await _pour(request, response)


async def _pour(request: web.Request, response: web.StreamResponse) -> web.StreamResponse:
    await response.prepare(request)
    for _ in range(50):
        await response.write(b" " * MEGABYTE)
    return response


@routes.route("*", "/nasty/bomb")
async def bomb(request: web.Request) -> web.Response:
    """50 MB, packed into a few kilobytes."""
    return web.Response(body=gzip.compress(b" " * 50 * MEGABYTE), headers={"Content-Encoding": "gzip"})


@routes.route("*", "/nasty/packing")
async def packing(request: web.Request) -> web.Response:
    """Says gzip and is not."""
    return web.Response(body=GOOD, headers={"Content-Encoding": "gzip"})


@routes.route("*", "/nasty/trickle")
async def trickle(request: web.Request) -> web.StreamResponse:
    """One byte every 0.2 seconds."""
    response = web.StreamResponse(headers={"Content-Length": str(len(GOOD))})
    await response.prepare(request)
    for byte in GOOD:
        await response.write(bytes([byte]))
        await asyncio.sleep(0.2)
    return response


@routes.route("*", "/nasty/redirect")
async def redirect(request: web.Request) -> web.Response:
    return web.Response(
        status=int(request.query.get("status", "302")), headers={"Location": request.query["to"]}
    )


async def fail(request: web.Request, way: str) -> web.StreamResponse:
    """Fail in the way of that name, or with that status."""
    if way.isdecimal():
        return web.json_response({"error": "as asked"}, status=int(way), headers={"Retry-After": "0"})
    handlers = {route.path: route.handler for route in routes if isinstance(route, web.RouteDef)}
    return await handlers[f"/nasty/{way}"](request)
