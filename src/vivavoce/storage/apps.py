"""Client apps; their secrets are sealed."""

import msgspec
from sqlalchemy import Row, bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError

from vivavoce.domain.catalog import App
from vivavoce.domain.errors import Conflict
from vivavoce.formats.payloads import encode
from vivavoce.storage.database import Database
from vivavoce.storage.sealing import Seal
from vivavoce.storage.tables import apps

_decode = msgspec.json.Decoder(App).decode
_by_id = select(apps).where(apps.c.client_id == bindparam("client_id"))  # at each call of the API


class SqlAppStore:
    """See engine.ports.store.AppStore."""

    def __init__(self, database: Database, seal: Seal) -> None:
        self._database = database
        self._seal = seal

    def add(self, app: App) -> None:
        """Raises Conflict when the client id is taken."""
        row = {
            "client_id": app.client_id,
            "created_on": app.created_on,
            "revoked": app.revoked,
            "secret": self._seal.close(app.secret, about=app.client_id),
            "payload": encode(msgspec.structs.replace(app, secret="")),
        }
        try:
            with self._database.write() as connection:
                connection.execute(insert(apps).values(row))
        except IntegrityError as error:
            raise Conflict(f"the client id {app.client_id} is taken") from error

    def get(self, client_id: str) -> App | None:
        with self._database.read() as connection:
            row = connection.execute(_by_id, {"client_id": client_id}).first()
        return None if row is None else self._app(row)

    def all(self) -> list[App]:
        with self._database.read() as connection:
            rows = connection.execute(select(apps).order_by(apps.c.created_on, apps.c.client_id)).all()
        return [self._app(row) for row in rows]

    def revoke(self, client_id: str) -> bool:
        """False when there is no such app; revoking again is fine."""
        statement = update(apps).where(apps.c.client_id == client_id).values(revoked=True)
        with self._database.write() as connection:
            return connection.execute(statement).rowcount > 0

    def _app(self, row: Row[tuple[object, ...]]) -> App:
        app = _decode(row.payload)
        secret = self._seal.open(row.secret, about=app.client_id)
        return msgspec.structs.replace(app, secret=secret, revoked=row.revoked)
