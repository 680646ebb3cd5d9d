"""The geometry of the charts: where a template's SVG draws its marks. Units are those of the view box."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil, log10
from typing import Final

from vivavoce.domain.evaluation.intervals import Interval, wilson
from vivavoce.domain.evaluation.values import Calibration, ScoreBin, SweepPoint

WIDTH: Final = 460.0
HEIGHT: Final = 220.0
LEFT: Final = 44.0
TOP: Final = 10.0
RIGHT: Final = 10.0
BOTTOM: Final = 34.0
PLOT_WIDTH: Final = WIDTH - LEFT - RIGHT
PLOT_HEIGHT: Final = HEIGHT - TOP - BOTTOM


@dataclass(frozen=True)
class Tick:
    at: float
    text: str


@dataclass(frozen=True)
class Bar:
    """One bin of the histogram: the wrong ones below, the right ones on top of them."""

    x: float
    width: float
    right_y: float
    right_height: float
    wrong_y: float
    wrong_height: float
    bin: ScoreBin


@dataclass(frozen=True)
class Histogram:
    bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...]  # of the counts


@dataclass(frozen=True)
class Dot:
    """One bin of the calibration: its mean score against the share that was right."""

    x: float
    y: float
    radius: float
    low: float
    high: float
    score: float
    share: float
    interval: Interval
    count: int


@dataclass(frozen=True)
class Line:
    """A figure over all thresholds; where it is undefined the line is interrupted."""

    key: str
    name: str
    path: str


@dataclass(frozen=True)
class Sweep:
    lines: tuple[Line, ...]
    best: SweepPoint
    best_x: float
    best_y: float


def x_of(share: float) -> float:
    """Where 0 to 1 lies from left to right."""
    return round(LEFT + share * PLOT_WIDTH, 1)


def y_of(share: float) -> float:
    """Where 0 to 1 lies from bottom to top."""
    return round(TOP + (1 - share) * PLOT_HEIGHT, 1)


SHARES: Final = tuple(Tick(part / 4, f"{part / 4:.2f}") for part in range(5))
SCORES: Final = tuple(Tick(part / 5, f"{part / 5:.1f}") for part in range(6))


def histogram_of(calibration: Calibration) -> Histogram | None:
    """None where no match had a score."""
    top = max((one.right + one.wrong for one in calibration.bins), default=0)
    if not top:
        return None
    step = _step(top)
    ceiling = step * ceil(top / step)
    bars = []
    for one in calibration.bins:
        wrong, all_of_it = one.wrong / ceiling, (one.right + one.wrong) / ceiling
        x = x_of(one.low)
        bars.append(
            Bar(
                x=x + 0.5,
                width=round(x_of(one.high) - x - 1, 1),
                right_y=y_of(all_of_it),
                right_height=round(y_of(wrong) - y_of(all_of_it), 1),
                wrong_y=y_of(wrong),
                wrong_height=round(y_of(0) - y_of(wrong), 1),
                bin=one,
            )
        )
    ticks = tuple(Tick(y_of(number / ceiling), f"{number:,}") for number in range(0, ceiling + 1, step))
    return Histogram(tuple(bars), ticks)


def _step(top: int) -> int:
    """A round distance between at most some six ticks."""
    power = int(10 ** int(log10(top)))
    steps = (max(1, power // 5), max(1, power // 2), power, 2 * power)
    return next(step for step in steps if top <= 5 * step)


def dots_of(calibration: Calibration) -> tuple[Dot, ...]:
    """A dot for each bin that holds anything."""
    most = max((one.right + one.wrong for one in calibration.bins), default=0)
    found = []
    for one in calibration.bins:
        count = one.right + one.wrong
        interval = wilson(one.right, count)
        if interval is None or one.mean_score is None:
            continue
        found.append(
            Dot(
                x=x_of(one.mean_score),
                y=y_of(one.right / count),
                radius=round(2.5 + 4.5 * (count / most) ** 0.5, 1),
                low=y_of(interval.low),
                high=y_of(interval.high),
                score=one.mean_score,
                share=one.right / count,
                interval=interval,
                count=count,
            )
        )
    return tuple(found)


_SWEPT: Final[tuple[tuple[str, str, Callable[[SweepPoint], float | None]], ...]] = (
    ("precision", "Precision", lambda point: point.precision),
    ("recall", "Recall", lambda point: point.recall),
    ("f1", "F1", lambda point: point.f1),
    ("accuracy", "Accuracy", lambda point: point.accuracy),
)


def sweep_of(points: Sequence[SweepPoint], best: SweepPoint | None) -> Sweep | None:
    """None where no scores were stored, or no point is best."""
    if best is None or best.f1 is None:
        return None
    lines = tuple(Line(key, name, _path(points, figure)) for key, name, figure in _SWEPT)
    return Sweep(lines, best, x_of(best.threshold), y_of(best.f1))


def _path(points: Sequence[SweepPoint], figure: Callable[[SweepPoint], float | None]) -> str:
    drawn, pen_down = [], False
    for point in points:
        value = figure(point)
        if value is not None:
            drawn.append(f"{'L' if pen_down else 'M'}{x_of(point.threshold):g} {y_of(value):g}")
        pen_down = value is not None
    return "".join(drawn)
