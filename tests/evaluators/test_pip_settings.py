"""Pip's own configuration says where source packages come from."""

import ssl
from pathlib import Path

import pytest

from evaluators.errors import InfrastructureError
from evaluators.pip_settings import PipSettings, pip_settings


def test_the_environment_wins_over_a_command_and_a_command_over_all() -> None:
    listing = (
        ":env:.index-url='https://env.test/simple'\n"
        "download.index-url='https://download.test/simple'\n"
        "download.find-links='/wheels https://links.test/'\n"
        "global.find-links='/elsewhere'\n"
        "global.index-url='https://global.test/simple'\n"
        "install.proxy='http://proxy.test'\n"
    )
    assert PipSettings.parse(listing) == PipSettings(
        index_url="https://env.test/simple", find_links=("/wheels", "https://links.test/")
    )


def test_nothing_said_is_the_clients_own_default() -> None:
    assert PipSettings.parse("") == PipSettings()
    assert PipSettings().verify is True


def test_every_setting_is_read() -> None:
    listing = (
        "global.cert='/ca.pem'\nglobal.extra-index-url='\\nhttps://a.test\\nhttps://b.test'\n"
        "global.no-index='true'\nglobal.proxy='http://proxy.test'\nglobal.timeout='40'\n"
        "global.trusted-host='a.test'\n"
    )
    assert PipSettings.parse(listing) == PipSettings(
        extra_index_urls=("https://a.test", "https://b.test"),
        no_index=True,
        trusted_hosts=("a.test",),
        certificates=Path("/ca.pem"),
        proxy="http://proxy.test",
        timeout=40,
    )


@pytest.mark.parametrize("listing", ["global.index-url=https://no.quotes", "global.timeout='soon'"])
def test_what_can_not_be_read_is_our_fault(listing: str) -> None:
    with pytest.raises(InfrastructureError, match="pip's configuration can't be read"):
        PipSettings.parse(listing)


def test_pip_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "pip.conf"
    file.write_text("[global]\nindex-url = https://file.test/simple\nretries = 2\n")
    monkeypatch.setenv("PIP_CONFIG_FILE", str(file))
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    monkeypatch.delenv("PIP_INDEX_URL", raising=False)
    settings = pip_settings()
    assert settings.index_url == "https://file.test/simple"
    assert settings.find_links == (str(tmp_path),)


def test_authorities_may_lie_in_a_folder(tmp_path: Path) -> None:
    assert isinstance(PipSettings(certificates=tmp_path).verify, ssl.SSLContext)
