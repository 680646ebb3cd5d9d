"""Rolling windows of a minute and of an hour."""

from hypothesis import given
from hypothesis import strategies as st

from vivavoce.server.rate_limits import RollingLimits


class Seconds:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_the_minutes_window_moves():
    clock = Seconds()
    limits = RollingLimits(2, 0, clock)
    assert limits.take(("a",)) == 0
    clock.now += 30
    assert limits.take(("a",)) == 0
    assert limits.take(("a",)) == 30
    clock.now += 29.5
    assert limits.take(("a",)) == 1
    clock.now += 0.5
    assert limits.take(("a",)) == 0
    assert limits.take(("a",)) == 30


def test_the_hours_window_holds_when_the_minutes_is_free():
    clock = Seconds()
    limits = RollingLimits(2, 3, clock)
    for _ in range(3):
        assert limits.take(("a",)) == 0
        clock.now += 60
    assert limits.take(("a",)) == 3600 - 180
    clock.now += 3600 - 180
    assert limits.take(("a",)) == 0


def test_refused_calls_do_not_count():
    clock = Seconds()
    limits = RollingLimits(1, 0, clock)
    assert limits.take(("a",)) == 0
    for _ in range(100):
        assert limits.take(("a",)) == 60
    clock.now += 60
    assert limits.take(("a",)) == 0


def test_keys_are_apart():
    limits = RollingLimits(1, 1, Seconds())
    assert limits.take(("stream", "a")) == 0
    assert limits.take(("stream", "b")) == 0
    assert limits.take(("app", "a")) == 0
    assert limits.take(("stream", "a")) == 3600


def test_nought_is_no_limit():
    limits = RollingLimits(0, 0, Seconds())
    assert {limits.take(("a",)) for _ in range(5000)} == {0}


def test_idle_keys_are_dropped():
    clock = Seconds()
    limits = RollingLimits(60, 1800, clock)
    for number in range(2000):
        limits.take((str(number),))
    clock.now += 3601
    for _ in range(1000):
        limits.take(("one",))
    assert len(limits._taken) == 1


@given(
    st.lists(st.floats(min_value=0, max_value=40), max_size=60),
    st.integers(min_value=1, max_value=4),
    st.integers(min_value=1, max_value=8),
)
def test_no_window_ever_holds_more_than_its_limit(pauses, per_minute, per_hour):
    clock = Seconds()
    limits = RollingLimits(per_minute, per_hour, clock)
    taken = []
    for pause in pauses:
        clock.now += pause
        wait = limits.take(("a",))
        in_minute = [moment for moment in taken if moment > clock.now - 60]
        in_hour = [moment for moment in taken if moment > clock.now - 3600]
        full = len(in_minute) >= per_minute or len(in_hour) >= per_hour
        assert (wait > 0) == full
        if not wait:
            taken.append(clock.now)
