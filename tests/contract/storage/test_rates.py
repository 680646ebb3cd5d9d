"""The rate of requests to a bot."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from vivavoce.engine.ports.store import Store

NOW = 1_750_000_000.0


def test_tokens_are_handed_out_one_after_another(store: Store) -> None:
    starts = [store.rates.reserve("st-1", 10, 50, now=NOW) for _ in range(4)]
    assert starts == pytest.approx([NOW, NOW + 0.2, NOW + 0.4, NOW + 0.6], abs=1e-5)
    assert store.rates.reserve("st-2", 10, 50, now=NOW) == pytest.approx(NOW, abs=1e-5)


def test_who_comes_a_little_late_catches_up(store: Store) -> None:
    store.rates.reserve("st-1", 10, 50, now=NOW)
    assert store.rates.reserve("st-1", 10, 50, now=NOW + 0.9) == pytest.approx(NOW + 0.2, abs=1e-5)


def test_an_idle_bot_saves_nothing_up(store: Store) -> None:
    store.rates.reserve("st-1", 10, 50, now=NOW)
    assert store.rates.reserve("st-1", 10, 50, now=NOW + 3600) == pytest.approx(NOW + 3600, abs=1e-5)


def test_no_limit(store: Store) -> None:
    assert [store.rates.reserve("st-1", 1000, 0, now=NOW) for _ in range(2)] == [NOW, NOW]


def test_threads_share_the_rate(store: Store) -> None:
    with ThreadPoolExecutor(6) as threads:
        starts = list(threads.map(lambda _: store.rates.reserve("st-1", 1, 10, now=NOW), range(30)))
    assert sorted(starts) == pytest.approx([NOW + number / 10 for number in range(30)], abs=1e-5)
