"""Plays benchmarks by name, all of them without one."""

import argparse
import os
import platform
from collections.abc import Callable

from bench import batch_import, batch_scale, memory, nlu, status, turns

BENCHMARKS: dict[str, tuple[str, Callable[[], None]]] = {
    "turns": (turns.TITLE, turns.play),
    "memory": (memory.TITLE, memory.play),
    "batch_import": (batch_import.TITLE, batch_import.play),
    "nlu": (nlu.TITLE, nlu.play),
    "batch_scale": (batch_scale.TITLE, batch_scale.play),
    "status": (status.TITLE, status.play),
}


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m bench",
        description="Benchmarks on real processes.",
        epilog="\n".join(f"{name:14}{title}" for name, (title, _) in BENCHMARKS.items()),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("names", metavar="NAME", nargs="*", help="all of them where none is named")
    parser.add_argument("--full", action="store_true", help="batch_scale up to 1,000,000 utterances: minutes")
    arguments = parser.parse_args()
    names = arguments.names or list(BENCHMARKS)
    if unknown := [name for name in names if name not in BENCHMARKS]:
        parser.error(f"no benchmark {', '.join(unknown)}; there are {', '.join(BENCHMARKS)}")
    machine = f"{platform.machine()}, {os.cpu_count()} cores"
    print(f"Python {platform.python_version()}, {machine}, load {os.getloadavg()[0]:.1f}")
    for name in names:
        title, play = BENCHMARKS[name]
        print(f"\n{name}: {title}", flush=True)
        if name == "batch_scale":
            batch_scale.play(full=arguments.full)
        else:
            play()


if __name__ == "__main__":
    main()
