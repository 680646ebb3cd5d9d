"""The server as one ASGI app: edge (faults, counts) > gate (who may do what) > testing API or site."""

from functools import cache, partial

from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.types import ASGIApp

from vivavoce.server import docs, health
from vivavoce.server.api import (
    batch_runs,
    batch_suites,
    conversation_runs,
    conversation_suites,
    find_intent,
    media,
    reports,
    uploads,
)
from vivavoce.server.edge import Edge
from vivavoce.server.exception_handlers import install
from vivavoce.server.gate import Gate
from vivavoce.server.media import MediaLinks
from vivavoce.server.metrics import Metrics
from vivavoce.server.openapi import openapi_document
from vivavoce.server.routing import ByName
from vivavoce.server.services import Services

RESOURCES = (
    uploads,
    conversation_suites,
    conversation_runs,
    batch_suites,
    batch_runs,
    reports,
    find_intent,
    media,
)
ENDPOINTS = [route for one in RESOURCES for route in one.router.routes if isinstance(route, APIRoute)]


def create_app(services: Services) -> ASGIApp:
    """The whole server. Whoever calls this starts and stops the dispatcher and closes the store."""
    metrics = Metrics()
    api = create_api(services)
    site = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False)
    site.state.services, site.state.metrics = services, metrics
    site.state.openapi = cache(partial(openapi_document, ENDPOINTS))  # 0.3 s: made when asked for
    site.include_router(health.router)
    site.include_router(docs.router)
    install(site)
    return Edge(Gate(api, site, services), metrics, services.engine.new_id)


def create_api(services: Services) -> FastAPI:
    """The endpoints under their internal paths; only behind the gate."""
    api = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False)
    engine = services.engine
    api.state.services = services
    api.state.links = MediaLinks(services.settings.secret_key, engine.clock, engine.new_id)
    api.router.routes.append(ByName(ENDPOINTS))
    install(api)
    return api
