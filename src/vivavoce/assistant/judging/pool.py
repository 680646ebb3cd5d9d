"""The processes that judge chunks: started when they are first needed, replaced when they die."""

import asyncio
import contextlib
import logging
import os
import pickle
import subprocess
import sys
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from vivavoce.assistant.judging.orders import Answer, Fault, Order
from vivavoce.domain.errors import InternalError

MOST = 8  # processes
TRIES = 3  # of an order whose worker died
_WORKER = [
    sys.executable,
    "-P",
    "-m",
    "vivavoce.assistant.judging.worker",
]  # -P: nothing of the current folder
_ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}  # there is a process a core already

log = logging.getLogger(__name__)


class WorkerGone(Exception):
    """The process ended before it answered."""


def cores() -> int:
    """Those that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class _Process:
    """One worker, used by one thread."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            _WORKER,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, **_ONE_THREAD},
            start_new_session=True,  # Ctrl-C is for the process that the user sees; it ends this one
        )

    @property
    def pid(self) -> int:
        return self._process.pid

    def ask(self, order: Order, limit_s: float) -> Answer:
        """Raises WorkerGone, and TimeoutError: the process is killed then."""
        orders, answers = self._process.stdin, self._process.stdout
        assert orders is not None and answers is not None
        late = threading.Event()

        def give_up() -> None:
            late.set()
            self._process.kill()

        timer = threading.Timer(limit_s, give_up)
        timer.daemon = True
        timer.start()
        try:
            pickle.dump(order, orders, pickle.HIGHEST_PROTOCOL)
            orders.flush()
            answer: Answer = pickle.load(answers)
            return answer
        except (OSError, EOFError, pickle.UnpicklingError) as error:
            if late.is_set():
                raise TimeoutError from error
            raise WorkerGone(f"worker {self.pid} ended") from error
        finally:
            timer.cancel()

    def end(self) -> None:
        """Kill it; it holds nothing that would be lost."""
        self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        self._process.wait()


class Pool:
    """As many workers as cores. Orders wait for a free one; who stops waiting for an answer leaves the worker
    to finish."""

    def __init__(self, size: int | None = None) -> None:
        self.size = size or min(cores(), MOST)
        self._threads = ThreadPoolExecutor(self.size, "viva-judge")  # one a worker; a process starts with it
        self._own = threading.local()
        self._guard = threading.Lock()
        self._processes: set[_Process] = set()
        self._closed = False
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    @property
    def folder(self) -> Path:
        """For what workers give to each other."""
        with self._guard:
            if self._folder is None:
                self._folder = tempfile.TemporaryDirectory(prefix="viva-judging-")
            return Path(self._folder.name)

    @property
    def pids(self) -> list[int]:
        """Of the workers that are there."""
        with self._guard:
            return [process.pid for process in self._processes]

    async def ask(self, order: Order, limit_s: float) -> Answer:
        """Raises TimeoutError, and InternalError when the order cannot be carried out."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._ask, order, limit_s)

    def close(self) -> None:
        """End the workers. Blocking, quick."""
        with self._guard:
            self._closed = True
            processes = list(self._processes)
        for process in processes:
            process.end()
        self._threads.shutdown(cancel_futures=True)
        if self._folder is not None:
            self._folder.cleanup()

    def _ask(self, order: Order, limit_s: float) -> Answer:
        for _ in range(TRIES):
            process = self._mine()
            try:
                answer = process.ask(order, limit_s)
            except WorkerGone as gone:
                self._drop(process)
                if not self._closed:
                    log.warning("%s; its order is given to another one", gone)
                continue
            except BaseException:
                self._drop(process)
                raise
            if isinstance(answer, Fault):
                log.error("a worker failed: %s", answer.trace)
                raise InternalError(f"judging failed: {answer.reason}")
            return answer
        raise InternalError("the processes that judge utterances died, several times over")

    def _mine(self) -> _Process:
        process: _Process | None = getattr(self._own, "process", None)
        if process is None:
            with self._guard:
                if self._closed:
                    raise InternalError("the processes that judge utterances are being ended")
                process = self._own.process = _Process()
                self._processes.add(process)
        return process

    def _drop(self, process: _Process) -> None:
        self._own.process = None
        with self._guard:
            self._processes.discard(process)
        process.end()
