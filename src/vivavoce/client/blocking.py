"""The blocking face of the client: the same coroutine methods, run on a loop in a thread of its own."""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from types import TracebackType
from typing import Any, Concatenate, ParamSpec, Self, TypeVar

from vivavoce.client.client import Client

P = ParamSpec("P")
T = TypeVar("T")


def _blocking(
    method: Callable[Concatenate[Client, P], Coroutine[Any, Any, T]],
) -> "Callable[Concatenate[BlockingClient, P], T]":
    """The blocking twin of a method of Client, with its signature and documentation."""

    def call(self: "BlockingClient", /, *args: P.args, **kwargs: P.kwargs) -> T:
        return self._finish(method(self._client, *args, **kwargs))

    call.__name__, call.__qualname__, call.__doc__ = method.__name__, method.__qualname__, method.__doc__
    return call


class BlockingClient:
    """A Client without `await`; usable from several threads. Close it, or use it in a `with`."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="viva-client", daemon=True)
        self._thread.start()

    def _finish(self, coroutine: Coroutine[Any, Any, T]) -> T:
        future = asyncio.run_coroutine_threadsafe(coroutine, self._loop)
        try:
            return future.result()
        except BaseException:
            future.cancel()  # Ctrl-C while waiting: the coroutine must not go on unseen
            raise

    def close(self) -> None:
        """Close the connections and end the thread; calling it twice is fine."""
        if self._loop.is_closed():
            return
        self._finish(self._client.aclose())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    upload = _blocking(Client.upload)
    save = _blocking(Client.save)

    import_conversations = _blocking(Client.import_conversations)
    import_status = _blocking(Client.import_status)
    wait_import = _blocking(Client.wait_import)
    run = _blocking(Client.run)
    run_status = _blocking(Client.run_status)
    wait_run = _blocking(Client.wait_run)
    cancel = _blocking(Client.cancel)
    report = _blocking(Client.report)
    save_report = _blocking(Client.save_report)
    export = _blocking(Client.export)
    revisions = _blocking(Client.revisions)
    delete = _blocking(Client.delete)
    suites = _blocking(Client.suites)
    runs = _blocking(Client.runs)

    import_batch = _blocking(Client.import_batch)
    run_batch = _blocking(Client.run_batch)
    batch_status = _blocking(Client.batch_status)
    wait_batch = _blocking(Client.wait_batch)
    batch_report = _blocking(Client.batch_report)
    batch_run_report = _blocking(Client.batch_run_report)
    save_batch_run_report = _blocking(Client.save_batch_run_report)
    cancel_batch = _blocking(Client.cancel_batch)
    export_batch = _blocking(Client.export_batch)
    delete_batch = _blocking(Client.delete_batch)
    delete_batch_run = _blocking(Client.delete_batch_run)
    batch_suites = _blocking(Client.batch_suites)

    find_intent = _blocking(Client.find_intent)
