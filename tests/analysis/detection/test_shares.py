"""Shares that users feel, without a count: ten decisions a bucket, one in twenty declined."""

import numpy as np
import pytest

from opsweave.analysis.detection import detect

NAME = "model.declined_ratio"


def declined(seed: int, *shares: tuple[int, float]) -> np.ndarray:
    """Observed share per bucket for stretches of (buckets, true share)."""
    chance = np.random.default_rng(seed)
    true = np.concatenate([np.full(n, share) for n, share in shares])
    return chance.binomial(n=(n := chance.integers(6, 16, len(true))), p=true) / n


@pytest.mark.parametrize("seed", range(8))
def test_half_an_hour_of_chance_is_no_episode(seed):
    assert detect(declined(seed, (360, 0.05)), indicator=NAME) == []


@pytest.mark.parametrize("seed", range(8))
def test_a_shift_to_one_in_four_is_found_and_over_when_it_is_over(seed):
    (episode,) = detect(declined(seed, (60, 0.05), (20, 0.25), (40, 0.05)), indicator=NAME)
    assert 60 <= episode.found <= 70
    assert episode.last <= 86


@pytest.mark.parametrize("seed", range(4))
def test_a_jump_is_found_in_three_buckets(seed):
    (episode,) = detect(declined(seed, (30, 0.05), (20, 0.7)), indicator=NAME)
    assert episode.found <= 32
