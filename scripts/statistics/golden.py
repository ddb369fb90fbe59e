# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy==2.4.6", "scipy==1.17.1", "statsmodels==0.15.0"]
# ///
"""Prevents intervals and p-values that only we believe: scipy and statsmodels make the values that our tests must meet to 1e-9.

uv run scripts/statistics/golden.py

The bootstrap draws by libs/statistics' own generator, rewritten here, so that both sides see the same resamples.
"""

import json
from pathlib import Path

import numpy as np
from scipy import special, stats
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.proportion import proportion_confint

GOLDEN = Path(__file__).parents[2] / "libs/statistics/fixtures/golden.json"
BITS = 0xFFFFFFFF
LEVELS = (0.9, 0.95, 0.99)


class Xoshiro(np.random.Generator):
    """xoshiro128** filled by splitmix32, in the place of numpy's generator."""

    def __new__(cls, seed):
        return super().__new__(cls, np.random.PCG64(0))

    def __init__(self, seed):
        super().__init__(np.random.PCG64(0))
        self.s = []
        for _ in range(4):
            seed = (seed + 0x9E3779B9) & BITS
            mixed = ((seed ^ (seed >> 16)) * 0x21F0AAAD) & BITS
            mixed = ((mixed ^ (mixed >> 15)) * 0x735A2D97) & BITS
            self.s.append(mixed ^ (mixed >> 15))

    def next(self):
        s0, s1, s2, s3 = self.s
        result = (_rotate((s1 * 5) & BITS, 7) * 9) & BITS
        third, fourth = s2 ^ s0, s3 ^ s1
        self.s = [s0 ^ fourth, s1 ^ third, third ^ ((s1 << 9) & BITS), _rotate(fourth, 11)]
        return result

    def integers(self, low, high=None, size=None, **_):
        drawn = [low + int(self.next() / 2**32 * (high - low)) for _ in range(int(np.prod(size)))]
        return np.array(drawn).reshape(size)


def _rotate(x, k):
    return ((x << k) | (x >> (32 - k))) & BITS


def _erfc():
    return [{"x": x, "erfc": special.erfc(x)} for x in (-3, -0.5, 0, 0.1, 1, 2.4, 2.5, 2.6, 4, 8, 20)]


def _quantiles():
    return [{"p": p, "z": special.ndtri(p)} for p in (1e-12, 1e-4, 0.005, 0.025, 0.3, 0.5, 0.8, 0.975, 0.9999)]


def _wilson():
    cases = [(0, 1), (1, 1), (0, 20), (20, 20), (7, 20), (63, 120), (1999, 2000), (500_000, 1_000_000)]
    rows = []
    for successes, trials in cases:
        for level in LEVELS:
            low, high = proportion_confint(successes, trials, alpha=1 - level, method="wilson")
            rows.append({"successes": successes, "trials": trials, "level": level, "low": low, "high": high})
    return rows


def _mcnemar():
    rows = []
    for first, second in [(0, 1), (0, 6), (3, 9), (10, 25), (1, 40), (120, 121), (400, 520), (5_000, 5_300)]:
        table = [[0, first], [second, 0]]
        fewer, pairs = min(first, second), first + second
        rows.append(
            {
                "onlyFirst": first,
                "onlySecond": second,
                "exact": mcnemar(table, exact=True).pvalue,
                "midP": 2 * stats.binom.cdf(fewer, pairs, 0.5) - stats.binom.pmf(fewer, pairs, 0.5),
                "chiSquared": mcnemar(table, exact=False, correction=True).pvalue,
            }
        )
    return rows


def _samples():
    rng = np.random.default_rng(8)
    return [
        # Enough uneven values that no resample is the sample in another order: on such ties scipy decides by rounding.
        [0.1031, 0.4417, 0.3553, 0.8129, 0.9973, 0.0211, 0.6571, 0.2239, 0.7013, 0.5479, 0.1901, 0.9107],
        rng.integers(0, 2, 40).tolist(),
        rng.integers(-1, 2, 60).tolist(),
        rng.beta(0.5, 2, 50).round(6).tolist(),
        rng.exponential(3, 120).round(6).tolist(),
    ]


def _bootstrap():
    rows = []
    for seed, values in enumerate(_samples(), start=1):
        for method in ("percentile", "bca"):
            for level in LEVELS:
                found = stats.bootstrap(
                    (values,), np.mean, n_resamples=500, confidence_level=level, method=method, rng=Xoshiro(seed)
                ).confidence_interval
                row = {"values": values, "method": method, "level": level, "resamples": 500, "seed": seed}
                rows.append({**row, "low": found.low, "high": found.high})
    return rows


def _sign_flip():
    rng = np.random.default_rng(9)
    samples = [[0.5, 0.25, -0.1, 0.4, 0.3], [1, 1, -1, 1, 1, 1, -1], *(rng.normal(0.4, 1, n).round(6).tolist() for n in (9, 14))]
    rows = []
    for values in samples:
        test = stats.permutation_test((values,), np.mean, permutation_type="samples", n_resamples=np.inf)
        rows.append({"differences": values, "pValue": test.pvalue})
    return rows


def _random():
    generator = Xoshiro(42)
    return {"seed": 42, "next": [generator.next() for _ in range(8)]}


golden = {
    "random": _random(),
    "erfc": _erfc(),
    "quantiles": _quantiles(),
    "wilson": _wilson(),
    "mcnemar": _mcnemar(),
    "bootstrap": _bootstrap(),
    "signFlip": _sign_flip(),
}
GOLDEN.write_text(json.dumps(golden, default=float) + "\n")
