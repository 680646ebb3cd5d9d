"""An owner is a process, not its number."""

import os
import subprocess
import sys

from vivavoce.dispatch.lease import Owner


def test_this_process_lives_and_has_a_name_of_its_own_each_time() -> None:
    one, other = Owner.this_process(), Owner.this_process()
    assert one.alive() and other.alive()
    assert one.name != other.name


def test_a_process_that_ended_does_not_live_not_even_as_a_zombie() -> None:
    code = "from vivavoce.dispatch.lease import Owner; print(Owner.this_process().name, flush=True); input()"
    process = subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None and process.stdin is not None
    owner = Owner(process.stdout.readline().strip(), "here")
    assert owner.alive()
    process.kill()
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)  # ended, but nobody has asked for its end yet
    assert not owner.alive()
    process.communicate()
    assert not owner.alive()


def test_a_later_process_with_the_same_number_is_another_one() -> None:
    pid, began, rest = Owner.this_process().name.split("-", 2)
    assert not Owner(f"{pid}-{int(began) - 1}-{rest}", "here").alive()
