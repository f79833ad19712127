"""The secret seed and the streams derived from it."""

import numpy as np
import pytest

from evaluators.runner.seed import Seed

SEED = Seed(bytes(range(32)))


def draws(seed: Seed, purpose: str) -> list[int]:
    return [int(number) for number in seed.stream(purpose).integers(0, 2**62, 4)]


def test_a_stream_is_the_same_each_time() -> None:
    assert draws(SEED, "split") == draws(Seed(bytes(range(32))), "split")


def test_a_stream_is_pinned() -> None:
    # A new value would give every installation another split of the same data.
    assert int(SEED.stream("split").integers(0, 1000)) == 892


def test_streams_of_other_purposes_or_secrets_differ() -> None:
    all_draws = [
        draws(SEED, "split"),
        draws(SEED, "train"),
        draws(SEED.child("split"), "split"),
        draws(SEED.child("other"), "split"),
        draws(Seed(bytes(32)), "split"),
    ]
    assert len({number for numbers in all_draws for number in numbers}) == 20


def test_a_child_is_no_stream_of_the_same_name() -> None:
    child = int.from_bytes(bytes.fromhex(SEED.child("split").hex()))
    same = np.random.Generator(np.random.PCG64(child))
    assert int(same.integers(0, 2**62)) != draws(SEED, "split")[0]


def test_streams_of_two_purposes_are_not_correlated() -> None:
    first, second = (SEED.stream(name).normal(size=20_000) for name in ("split", "split "))
    assert abs(np.corrcoef(first, second)[0, 1]) < 0.03


def test_it_is_stored_as_hex_and_read_back() -> None:
    assert draws(Seed.from_hex(f" {SEED.hex()}\n"), "split") == draws(SEED, "split")


def test_new_seeds_have_256_bits_and_differ() -> None:
    seeds = {Seed.create().hex() for _ in range(20)}
    assert len(seeds) == 20
    assert {len(seed) for seed in seeds} == {64}


@pytest.mark.parametrize("secret", [b"", bytes(15)])
def test_it_refuses_a_short_secret(secret: bytes) -> None:
    with pytest.raises(ValueError, match="128 bits"):
        Seed(secret)


@pytest.mark.parametrize("text", ["", "00" * 15, "not hex"])
def test_it_refuses_a_damaged_file(text: str) -> None:
    with pytest.raises(ValueError, match=r"128 bits|non-hexadecimal"):
        Seed.from_hex(text)


def test_it_does_not_show_itself() -> None:
    for text in (repr(SEED), str(SEED), f"{SEED}"):
        assert SEED.hex()[:8] not in text
