"""The readers' files are those that were shipped, or the service says which are not and does not start."""

from pathlib import Path

import pytest

from messages.understand import shipped


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "english").mkdir()
    for name in ("reader.onnx", "words.bin", "LICENSE"):
        (tmp_path / "english" / name).write_text(f"what {name} holds")
    (tmp_path / "lines.json").write_text("{}")
    shipped.seal(tmp_path)
    return tmp_path


def test_what_lies_here_is_what_was_shipped() -> None:
    shipped.check()


def test_an_untouched_folder_has_no_faults(folder: Path) -> None:
    assert list(shipped.faults(folder)) == []


def test_a_damaged_and_a_missing_file_are_both_named(folder: Path) -> None:
    (folder / "english" / "reader.onnx").write_text("version https://git-lfs.github.com/spec/v1")
    (folder / "english" / "words.bin").unlink()
    damaged, missing = shipped.faults(folder)
    assert "reader.onnx" in damaged
    assert "words.bin" in missing
