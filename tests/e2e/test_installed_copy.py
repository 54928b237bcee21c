"""A copy installed outside the checkout carries its knowledge."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder into which the built wheel was unpacked."""
    folder = tmp_path_factory.mktemp("installed")
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(folder), str(ROOT)]
    subprocess.run(build, check=True, timeout=300)
    (wheel,) = folder.glob("*.whl")
    zipfile.ZipFile(wheel).extractall(folder / "site")
    return folder / "site"


def test_an_installed_copy_answers_from_any_folder(installed: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "bot", "ask", "infra pm pay??"]
    finished = subprocess.run(
        command,
        cwd=tmp_path,
        env={"PYTHONPATH": str(installed), "HOME": str(Path.home())},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert "$85,000 - $130,000" in finished.stdout, finished.stderr


def test_an_installed_copy_uses_its_own_knowledge(installed: Path, tmp_path: Path) -> None:
    code = "import bot.loading; print(bot.loading.shipped_directory())"
    finished = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={"PYTHONPATH": str(installed)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert Path(finished.stdout.strip()) == installed / "bot" / "knowledge_shipped"
