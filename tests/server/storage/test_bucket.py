"""A bucket behaves as a folder does; its failures are those of files."""

import errno
import os

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from server.refusals import NotFound
from server.storage.bucket import PART_BYTES
from server.submissions.storage import stored_open
from tests.services.bucket import NAME, Bucket


def test_a_large_file_comes_back(bucket: Bucket) -> None:
    content = os.urandom(2 * PART_BYTES + 5)
    key = default_storage.save("uploads/large", ContentFile(content))
    assert default_storage.size(key) == len(content)
    with default_storage.open(key, "rb") as file:
        assert b"".join(file.chunks(1 << 20)) == content
        # What is read lies on the disk, not in memory, and an answer knows its length.
        file.seek(0, os.SEEK_END)
        assert file.tell() == len(content)


def test_a_second_file_of_one_name_does_not_replace_the_first(bucket: Bucket) -> None:
    first = default_storage.save("results/same", ContentFile(b"1"))
    second = default_storage.save("results/same", ContentFile(b"2"))
    assert first != second
    with default_storage.open(first, "rb") as file:
        assert file.read() == b"1"


def test_what_is_not_there_is_not_found(bucket: Bucket) -> None:
    assert not default_storage.exists("uploads/none")
    default_storage.delete("uploads/none")
    with pytest.raises(NotFound, match="gone"):
        stored_open(key="uploads/none", missing="It is gone.")


def test_no_address_is_given_out(bucket: Bucket) -> None:
    with pytest.raises(NotImplementedError):
        default_storage.url(default_storage.save("uploads/a", ContentFile(b"1")))
    granted = bucket.client().get_object_acl(Bucket=NAME, Key="uploads/a")["Grants"]
    assert [grant["Grantee"]["Type"] for grant in granted] == ["CanonicalUser"]


def test_a_bucket_that_is_gone_fails_as_a_disk_does(bucket: Bucket) -> None:
    key = default_storage.save("uploads/a", ContentFile(b"1"))
    bucket.stop()
    try:
        for what in (
            lambda: default_storage.save("uploads/b", ContentFile(b"1")),
            lambda: default_storage.open(key, "rb"),
            lambda: default_storage.exists(key),
            lambda: default_storage.size(key),
        ):
            with pytest.raises(OSError) as failed:
                what()
            assert failed.value.errno == errno.EIO
            assert "secret" not in str(failed.value)
    finally:
        bucket.start()


def test_a_forked_process_speaks_over_connections_of_its_own(bucket: Bucket) -> None:
    key = default_storage.save("uploads/a", ContentFile(b"1"))
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.write(writing, default_storage.open(key, "rb").read())
        finally:
            os._exit(0)
    os.close(writing)
    with default_storage.open(key, "rb") as file:
        assert file.read() == b"1"
    assert os.read(reading, 10) == b"1"
    os.waitpid(child, 0)
    os.close(reading)
