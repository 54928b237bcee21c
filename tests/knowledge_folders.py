"""Folders of knowledge for tests: with few phrases, so that training takes no time; and with what cannot be read."""

import shutil
from pathlib import Path

import yaml

from bot.loading import shipped_directory

KEPT = 4


def short_knowledge(folder: Path) -> Path:
    """Copy the shipped knowledge to a folder that is not there yet, with the first phrases of each list only."""
    shutil.copytree(shipped_directory(), folder)
    topics = [file for file in folder.glob("asking/*.yaml") if file.name != "references.yaml"]
    for file in (*topics, folder / "outside.yaml"):
        _shorten(file)
    return folder


def cannot_be_read(file: Path) -> None:
    """Put a file in place of one that nobody can read, not even who may read everything."""
    file.unlink()
    file.symlink_to("/proc/self/mem")


def _shorten(file: Path) -> None:
    content = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    for key, value in content.items():
        if isinstance(value, list):
            content[key] = value[:KEPT]
        elif "phrases" not in value:
            content[key] = {aspect: phrases[:KEPT] for aspect, phrases in value.items()}
        else:
            value["phrases"] = value["phrases"][:KEPT]
    file.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
