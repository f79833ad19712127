"""The cache in which throttles count, shared by all web processes of a machine."""

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from server.file_cache import FileCache

ROOT = Path(__file__).resolve().parents[3]
COUNT = """
import sys
from server.file_cache import FileCache
cache = FileCache(sys.argv[1], {})
for _ in range(int(sys.argv[2])):
    cache.add("tries", 0, timeout=60)
    cache.incr("tries")
"""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "cache.sqlite3"


@pytest.fixture
def cache(place: Path) -> FileCache:
    return FileCache(str(place), {})


def test_it_keeps_what_it_was_given_until_that_expires(cache: FileCache) -> None:
    cache.set("a", {"n": [1, 2.5, None, "é"]}, timeout=60)
    assert cache.get("a") == {"n": [1, 2.5, None, "é"]}
    assert cache.get("b", "nothing") == "nothing"
    assert not cache.add("a", 2, timeout=60)
    assert cache.touch("a", timeout=-1)
    assert cache.get("a") is None
    assert cache.add("a", 2, timeout=60)
    assert cache.delete("a") and not cache.delete("a")


def test_it_counts_only_what_is_there(cache: FileCache) -> None:
    cache.set("n", 5, timeout=60)
    assert cache.incr("n") == 6
    assert cache.decr("n", 2) == 4
    with pytest.raises(ValueError, match="not found"):
        cache.incr("m")


def test_counting_keeps_the_time_to_expire(cache: FileCache) -> None:
    cache.set("n", 1, timeout=0.2)
    cache.incr("n")
    time.sleep(0.25)
    assert cache.get("n") is None


def test_what_has_expired_takes_no_place(cache: FileCache, place: Path) -> None:
    for number in range(500):
        cache.set(f"key{number}", "x" * 500, timeout=-1)
    size = place.stat().st_size
    assert size < 50_000


def test_nobody_else_reads_it(cache: FileCache, place: Path) -> None:
    assert place.stat().st_mode & 0o777 == 0o600


def test_processes_that_count_at_once_lose_nothing(cache: FileCache, place: Path) -> None:
    command = [sys.executable, "-c", COUNT, str(place), "150"]
    started = [subprocess.Popen(command, cwd=ROOT) for _ in range(4)]
    assert [process.wait(120) for process in started] == [0] * 4
    assert cache.get("tries") == 600


def test_threads_that_count_at_once_lose_nothing(place: Path) -> None:
    def count(_: int) -> int:
        return FileCache(str(place), {}).incr("tries")

    FileCache(str(place), {}).set("tries", 0, timeout=60)
    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(count, range(200))) == list(range(1, 201))
