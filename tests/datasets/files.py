"""Dataset files of a test."""

from pathlib import Path


def write(folder: Path, text: str) -> str:
    file = folder / "mine.yaml"
    file.write_text(text, "utf-8")
    return str(file)
