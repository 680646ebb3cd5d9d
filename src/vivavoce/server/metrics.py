"""Numbers for Prometheus, in its text format."""

from collections import Counter
from collections.abc import Mapping


class Metrics:
    """Counts answers by call and status."""

    def __init__(self) -> None:
        self._requests: Counter[tuple[str, int]] = Counter()

    def count(self, call: str, status: int) -> None:
        """`status` 0: the client left before there was an answer."""
        self._requests[call, status] += 1

    def render(self, runs: Mapping[str, int]) -> str:
        """`runs`: those that go on, by kind."""
        lines = [
            "# HELP viva_runs_in_progress Runs that have not ended.",
            "# TYPE viva_runs_in_progress gauge",
            *(f'viva_runs_in_progress{{kind="{kind}"}} {number}' for kind, number in sorted(runs.items())),
            "# HELP viva_requests_total Answers of the testing API, by call and HTTP status.",
            "# TYPE viva_requests_total counter",
            *(
                f'viva_requests_total{{call="{call}",code="{status}"}} {number}'
                for (call, status), number in sorted(self._requests.items())
            ),
        ]
        return "\n".join(lines) + "\n"
