"""`viva app` and `viva token`: client apps of the testing API."""

import os
from typing import Annotated, Any

import typer

from vivavoce import wiring
from vivavoce.cli.console import out, print_json, print_table
from vivavoce.cli.options import DatabaseUrl, DataDir, Json, settings_of
from vivavoce.client.token import sign
from vivavoce.domain.catalog import SCOPES, App
from vivavoce.domain.errors import InputError, NotFound
from vivavoce.wiring import new_app

app = typer.Typer(no_args_is_help=True, help="Client apps: who may call the testing API.")

UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def seconds(text: str) -> int:
    """`90s`, `15m`, `1h`, `7d`, or plain seconds."""
    number, factor = (text[:-1], UNITS[text[-1]]) if text and text[-1] in UNITS else (text, 1)
    if not number.isdecimal() or int(number) == 0:
        raise InputError(f"{text!r} is no length of time; write 90s, 15m, 1h or 7d")
    return int(number) * factor


@app.command("create")
def create(
    context: typer.Context,
    name: Annotated[str, typer.Option("--name", metavar="N", help="A name for people.")],
    stream: Annotated[
        list[str] | None, typer.Option("--stream", metavar="ID", help="A bot it may touch; repeatable.")
    ] = None,
    all_streams: Annotated[bool, typer.Option("--all-streams", help="It may touch every bot.")] = False,
    scope: Annotated[
        list[str] | None, typer.Option("--scope", metavar="S", help="A scope by name; repeatable.")
    ] = None,
    all_scopes: Annotated[bool, typer.Option("--all-scopes", help="It has every scope.")] = False,
    max_lifetime: Annotated[
        str, typer.Option("--max-lifetime", metavar="T", help="Of a token without `exp`: 15m, 1h, 7d.")
    ] = "1d",
    algorithm: Annotated[
        str, typer.Option("--algorithm", metavar="A", help="How its tokens are signed: HS256 or HS512.")
    ] = "HS256",
    json: Json = False,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Create a client app; its secret is shown this once."""
    settings = settings_of(context, data_dir=data_dir, database_url=database_url)
    if algorithm not in ("HS256", "HS512"):
        raise InputError(f"--algorithm {algorithm}: HS256 or HS512")
    scopes = SCOPES if all_scopes else tuple(known for known in SCOPES if known in (scope or ()))
    unknown = sorted(set(scope or ()) - set(SCOPES))
    if unknown:
        raise InputError(f"unknown scope {', '.join(unknown)}; the scopes are: {', '.join(SCOPES)}")
    with wiring.open_store_of(settings) as store:
        for bot_id in stream or ():
            if store.bots.get(bot_id) is None:
                raise NotFound(f"there is no bot {bot_id}; `viva bot list` shows the known ones")
        made = new_app(
            name,
            scopes=scopes,
            streams=tuple(stream or ()),
            all_streams=all_streams,
            max_lifetime_s=seconds(max_lifetime),
            algorithm=algorithm,
        )
        store.apps.add(made)
    if json:
        print_json({"clientId": made.client_id, "clientSecret": made.secret, **_public(made)})
    else:
        out().print(f"clientId: {made.client_id}")
        out().print(f"clientSecret: {made.secret}")


@app.command("list")
def list_apps(
    context: typer.Context,
    json: Json = False,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Show the client apps, without their secrets."""
    settings = settings_of(context, data_dir=data_dir, database_url=database_url)
    with wiring.open_store_of(settings) as store:
        apps = store.apps.all()
    if json:
        print_json([{"clientId": one.client_id, **_public(one)} for one in apps])
        return
    print_table(("client id", "name", "state", "streams", "scopes"), map(_row, apps))


@app.command("revoke")
def revoke(
    context: typer.Context,
    client_id: Annotated[str, typer.Argument(metavar="ID", help="The app's client id.")],
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Refuse the app's tokens from now on."""
    settings = settings_of(context, data_dir=data_dir, database_url=database_url)
    with wiring.open_store_of(settings) as store:
        if not store.apps.revoke(client_id):
            raise NotFound(f"there is no app {client_id}; `viva app list` shows the known ones")
    out().print(f"revoked {client_id}")


def token(
    context: typer.Context,
    client_id: Annotated[str, typer.Option("--client-id", metavar="ID", help="The app's client id.")],
    ttl: Annotated[str, typer.Option("--ttl", metavar="T", help="How long it is good: 15m, 1h, 7d.")] = "1h",
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Print a JWT for curl: `curl -H "auth: $(viva token --client-id ...)" ...`."""
    settings = settings_of(context, data_dir=data_dir, database_url=database_url)
    with wiring.open_store_of(settings) as store:
        known = store.apps.get(client_id)
    if known is None or known.revoked:
        raise NotFound(f"there is no active app {client_id}; `viva app list` shows the known ones")
    signed = sign(
        known.client_id,
        known.secret,
        audience="vivavoce",
        subject=os.environ.get("USER", "viva"),
        lifetime_s=seconds(ttl),
        algorithm=known.algorithm,
    )
    out().print(signed)


def _row(one: App) -> tuple[str, ...]:
    streams = "all" if one.all_streams else ", ".join(one.streams)
    return one.client_id, one.name, "revoked" if one.revoked else "active", streams, ", ".join(one.scopes)


def _public(one: App) -> dict[str, Any]:
    return {
        "name": one.name,
        "algorithm": one.algorithm,
        "scopes": one.scopes,
        "streams": "all" if one.all_streams else one.streams,
        "maxLifetime": one.max_lifetime_s,
        "revoked": one.revoked,
    }
