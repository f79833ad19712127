"""What an upload becomes, and that its digest depends on names and contents alone."""

import io
import os
import random
import shutil
import stat
import unicodedata
import zipfile
from pathlib import Path

import pytest

from evaluators.artifact import Artifact, artifact_unpack
from evaluators.errors import InfrastructureError, SubmissionError
from tests.evaluators.crafted_zip import Crafted, crafted_zip

FILES = {
    "model.py": b"class Model: ...\n",
    "weights/a.npz": bytes(range(256)) * 10,
    "weights/deep/b.npz": b"",
}


def folder_of(root: Path, files: dict[str, bytes]) -> Path:
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return root


def zip_of(path: Path, files: dict[str, bytes], *, prefix: str = "", packed: bool = True) -> Path:
    method = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(prefix + name, content)
    return path


def tree_of(root: Path) -> dict[str, bytes]:
    files = (path for path in root.rglob("*") if path.is_file())
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in files}


def unpacked(upload: Path, into: Path, filename: str = "upload.zip") -> Artifact:
    return artifact_unpack(upload, into, filename=filename, limit_mb=5)


def test_it_unpacks_a_zip(tmp_path: Path) -> None:
    artifact = unpacked(zip_of(tmp_path / "up", FILES), tmp_path / "tree")
    assert tree_of(tmp_path / "tree") == FILES
    assert artifact.files == 3
    assert artifact.size == sum(map(len, FILES.values()))
    assert (artifact.entry, artifact.kind) == ("model.py", "python")


def test_it_unpacks_a_streamed_zip_with_64_bit_sizes(tmp_path: Path) -> None:
    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in FILES.items():
            with archive.open(name, "w", force_zip64=True) as member:
                member.write(content)
    (tmp_path / "up").write_bytes(pipe.getvalue())
    assert unpacked(tmp_path / "up", tmp_path / "tree").files == 3
    assert tree_of(tmp_path / "tree") == FILES


def test_the_digest_is_pinned(tmp_path: Path) -> None:
    artifact = unpacked(folder_of(tmp_path / "up", {"model.py": b"x = 1\n"}), tmp_path / "tree")
    # printf '%s model.py\n' $(printf 'x = 1\n' | sha256sum | cut -d' ' -f1) | sha256sum
    assert artifact.digest == "371f39b9260c1f7bc0967ff81ea9b0231166076c57fe020db2570954b07fbbb0"


def test_order_times_permissions_and_compression_do_not_matter(tmp_path: Path) -> None:
    plain = unpacked(zip_of(tmp_path / "a", FILES, packed=False), tmp_path / "1")
    members = [
        Crafted(name.encode(), content, method=8, mode=stat.S_IFREG | 0o755)
        for name, content in reversed(FILES.items())
    ]
    (tmp_path / "b").write_bytes(crafted_zip(Crafted(b"weights/"), *members))
    assert unpacked(tmp_path / "b", tmp_path / "2") == plain


def test_a_folder_and_a_zip_of_it_are_one_artifact(tmp_path: Path) -> None:
    folder = unpacked(folder_of(tmp_path / "f", FILES), tmp_path / "1", "f")
    assert unpacked(zip_of(tmp_path / "z", FILES), tmp_path / "2") == folder
    assert tree_of(tmp_path / "1") == tree_of(tmp_path / "2")


@pytest.mark.parametrize("prefix", ["sub/", "./sub/", "a/b/"])
def test_a_folder_around_everything_is_taken_away(tmp_path: Path, prefix: str) -> None:
    bare = unpacked(zip_of(tmp_path / "a", FILES), tmp_path / "1")
    assert unpacked(zip_of(tmp_path / "b", FILES, prefix=prefix), tmp_path / "2") == bare
    assert tree_of(tmp_path / "2") == FILES


def test_a_folder_beside_something_else_stays(tmp_path: Path) -> None:
    files = {"a/model.py": b"", "b/other.txt": b"", "x.onnx": b"1"}
    assert unpacked(zip_of(tmp_path / "up", files), tmp_path / "tree").entry == "x.onnx"
    assert tree_of(tmp_path / "tree") == files


def test_a_zip_may_list_its_own_folder(tmp_path: Path) -> None:
    upload = tmp_path / "up"
    upload.write_bytes(
        crafted_zip(
            Crafted(b"./", mode=stat.S_IFDIR | 0o755),
            Crafted(b"./sub/", mode=stat.S_IFDIR | 0o755),
            Crafted(b"./sub/model.py", b"class Model: ..."),
        )
    )
    unpacked(upload, tmp_path / "tree")
    assert set(tree_of(tmp_path / "tree")) == {"model.py"}


def test_junk_is_dropped(tmp_path: Path) -> None:
    junk = {
        "__MACOSX/._model.py": b"1",
        ".DS_Store": b"2",
        "weights/Thumbs.db": b"3",
        "weights/__pycache__/a.pyc": b"4",
        "._model.onnx": b"5",
    }
    clean = unpacked(zip_of(tmp_path / "a", FILES), tmp_path / "1")
    assert unpacked(zip_of(tmp_path / "b", FILES | junk), tmp_path / "2") == clean
    assert unpacked(folder_of(tmp_path / "c", FILES | junk), tmp_path / "3", "c") == clean


def test_junk_beside_a_folder_does_not_keep_it(tmp_path: Path) -> None:
    files = {"sub/model.py": b"", "__MACOSX/sub/._model.py": b"1"}
    unpacked(zip_of(tmp_path / "up", files), tmp_path / "tree")
    assert tree_of(tmp_path / "tree") == {"model.py": b""}


@pytest.mark.parametrize("change", [{"model.py": b"other"}, {"new": b""}, {"weights/c.npz": b""}])
def test_another_tree_is_another_artifact(tmp_path: Path, change: dict[str, bytes]) -> None:
    one = unpacked(zip_of(tmp_path / "a", FILES), tmp_path / "1")
    other = unpacked(zip_of(tmp_path / "b", FILES | change), tmp_path / "2")
    assert one.digest != other.digest


def test_composed_and_decomposed_names_are_one_artifact(tmp_path: Path) -> None:
    digests = set()
    for form in ("NFC", "NFD"):
        name = unicodedata.normalize(form, "gewichte_ü.npz")
        upload = zip_of(tmp_path / form, FILES | {name: b"1"})
        digests.add(unpacked(upload, tmp_path / f"{form} tree").digest)
    assert len(digests) == 1
    assert "gewichte_ü.npz" in tree_of(tmp_path / "NFD tree")


@pytest.mark.parametrize("flags", [0, 0x800])
def test_names_in_utf8_need_no_flag(tmp_path: Path, flags: int) -> None:
    weights = Crafted("gewichte_ü.npz".encode(), flags=flags)
    (tmp_path / "up").write_bytes(crafted_zip(Crafted(b"model.py", b"1", flags=flags), weights))
    unpacked(tmp_path / "up", tmp_path / "tree")
    assert set(tree_of(tmp_path / "tree")) == {"model.py", "gewichte_ü.npz"}


def test_names_of_old_systems_are_read_too(tmp_path: Path) -> None:
    weights = Crafted("gewichte_ü.npz".encode("cp437"), flags=0)
    (tmp_path / "up").write_bytes(crafted_zip(Crafted(b"model.py", b"1"), weights))
    unpacked(tmp_path / "up", tmp_path / "tree")
    assert set(tree_of(tmp_path / "tree")) == {"model.py", "gewichte_ü.npz"}


def test_small_texts_may_shrink_as_they_like(tmp_path: Path) -> None:
    files = FILES | {"words.txt": b"the " * 200_000}
    upload = zip_of(tmp_path / "up", files)
    assert upload.stat().st_size * 100 < 800_000
    assert unpacked(upload, tmp_path / "tree").size > 800_000


def test_a_folder_may_hold_zeros(tmp_path: Path) -> None:
    files = FILES | {"zeros.bin": bytes(4_000_000)}
    assert unpacked(folder_of(tmp_path / "up", files), tmp_path / "tree", "up").files == 4


@pytest.mark.parametrize(
    ("filename", "kind"),
    [
        ("digits.keras", "keras"),
        ("digits.pt", "torchscript"),
        ("digits.pt2", "torch_export"),
        ("digits.onnx", "onnx"),
        ("digits.skops", "skops"),
        ("digits.joblib", "joblib"),
        ("DIGITS.ONNX", "onnx"),
    ],
)
def test_one_model_file_is_an_upload(tmp_path: Path, filename: str, kind: str) -> None:
    # Several of these formats are zips; it is the name that says that they stay whole.
    upload = zip_of(tmp_path / "up", {"metadata.json": b"{}", "model.py": b"never looked at"})
    artifact = unpacked(upload, tmp_path / "tree", filename)
    assert (artifact.entry, artifact.kind, artifact.files) == (filename, kind, 1)
    assert tree_of(tmp_path / "tree") == {filename: upload.read_bytes()}
    wrapped = zip_of(tmp_path / "z", {f"sub/{filename}": upload.read_bytes()})
    assert unpacked(wrapped, tmp_path / "2").digest == artifact.digest


def test_model_py_alone_is_an_upload(tmp_path: Path) -> None:
    (tmp_path / "up").write_text("class Model: ...")
    assert unpacked(tmp_path / "up", tmp_path / "tree", "model.py").kind == "python"


@pytest.mark.parametrize("filename", ["C:\\fakepath\\digits.onnx", "../../digits.onnx"])
def test_the_folders_of_a_file_name_are_ignored(tmp_path: Path, filename: str) -> None:
    (tmp_path / "up").write_bytes(b"1")
    assert unpacked(tmp_path / "up", tmp_path / "tree", filename).entry == "digits.onnx"


@pytest.mark.parametrize("filename", ["upload", "model.zip.part", "résumé", ""])
def test_a_zip_is_known_by_its_first_bytes(tmp_path: Path, filename: str) -> None:
    upload = zip_of(tmp_path / "up", FILES)
    assert unpacked(upload, tmp_path / "tree", filename).files == 3


@pytest.mark.parametrize("filename", ["weights.h5", "model.pkl", "net.py", "Model.py", "a.tar.gz"])
def test_it_says_what_it_looked_for(tmp_path: Path, filename: str) -> None:
    (tmp_path / "up").write_bytes(b"1")
    with pytest.raises(SubmissionError) as caught:
        unpacked(tmp_path / "up", tmp_path / "tree", filename)
    assert caught.value.message.code == "no_model"
    for word in ("model.py", ".keras", ".pt2", ".joblib", filename):
        assert word in caught.value.message.text


def test_model_py_in_a_subfolder_is_no_model(tmp_path: Path) -> None:
    with pytest.raises(SubmissionError) as caught:
        unpacked(zip_of(tmp_path / "up", {"a/model.py": b"", "b.txt": b""}), tmp_path / "tree")
    assert caught.value.message.code == "no_model"
    assert "a/model.py, b.txt" in caught.value.message.text


def test_two_model_files_need_a_model_py(tmp_path: Path) -> None:
    two = {"a.keras": b"1", "b/c.onnx": b"2"}
    with pytest.raises(SubmissionError) as caught:
        unpacked(zip_of(tmp_path / "up", two), tmp_path / "tree")
    assert caught.value.message.code == "several_models"
    assert "a.keras, b/c.onnx" in caught.value.message.text
    files = two | {"model.py": b""}
    assert unpacked(zip_of(tmp_path / "up2", files), tmp_path / "tree").entry == "model.py"


def test_one_model_file_among_others_is_the_model(tmp_path: Path) -> None:
    files = {"README.md": b"", "nets/digits.skops": b"1"}
    artifact = unpacked(zip_of(tmp_path / "up", files), tmp_path / "tree")
    assert (artifact.entry, artifact.kind) == ("nets/digits.skops", "skops")


def test_files_are_read_only_and_the_tree_can_be_removed(tmp_path: Path) -> None:
    umask = os.umask(0o077)
    try:
        unpacked(zip_of(tmp_path / "up", FILES), tmp_path / "tree")
    finally:
        os.umask(umask)
    for path in (tmp_path / "tree", *(tmp_path / "tree").rglob("*")):
        wanted = 0o444 if path.is_file() else 0o755
        assert stat.S_IMODE(path.stat().st_mode) == wanted
    shutil.rmtree(tmp_path / "tree")


def test_it_takes_an_empty_folder(tmp_path: Path) -> None:
    (tmp_path / "tree").mkdir()
    assert unpacked(zip_of(tmp_path / "up", FILES), tmp_path / "tree").files == 3


def test_a_refusal_leaves_an_empty_folder_empty(tmp_path: Path) -> None:
    (tmp_path / "tree").mkdir()
    upload = tmp_path / "up"
    upload.write_bytes(crafted_zip(Crafted(b"model.py", b"1"), Crafted(b"w.bin", b"2", crc=0)))
    with pytest.raises(SubmissionError):
        unpacked(upload, tmp_path / "tree")
    assert list((tmp_path / "tree").iterdir()) == []


def test_a_folder_in_use_is_our_fault(tmp_path: Path) -> None:
    (tmp_path / "tree").mkdir()
    (tmp_path / "tree/precious").write_text("kept")
    with pytest.raises(InfrastructureError, match="not empty"):
        unpacked(zip_of(tmp_path / "up", FILES), tmp_path / "tree")
    assert (tmp_path / "tree/precious").read_text() == "kept"


def test_a_lost_upload_is_our_fault(tmp_path: Path) -> None:
    with pytest.raises(InfrastructureError, match="No such file"):
        unpacked(tmp_path / "lost", tmp_path / "tree")
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_our_fault(tmp_path: Path) -> None:
    resource = pytest.importorskip("resource", reason="Windows has no file size limits")
    content = random.Random(0).randbytes(300_000)
    upload = zip_of(tmp_path / "up", {"model.py": b"", "w.bin": content})
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    # Python ignores the signal, so that the write fails as on a full disk.
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    try:
        with pytest.raises(InfrastructureError, match="can't be unpacked"):
            unpacked(upload, tmp_path / "tree")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert not (tmp_path / "tree").exists()
