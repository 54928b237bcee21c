"""What operators are given works: the units, nginx before two workers, the image, and the page that leads to them."""

import asyncio
import io
import json
import random
import re
import shlex
import shutil
import socket
import ssl
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from bot.settings import Settings, load_settings
from tests.e2e.program import run

ROOT = Path(__file__).parent.parent
DEPLOY = ROOT / "deploy"
PAGE = (DEPLOY / "README.md").read_text()
UNIT = (DEPLOY / "career-bot.service").read_text()
WORKER_UNIT = (DEPLOY / "career-bot@.service").read_text()
NGINX = (DEPLOY / "nginx.conf").read_text()
DOCKERFILE = (DEPLOY / "Dockerfile").read_text()
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())

HOST = "bot.example.org"
SECRET = {"X-Telegram-Bot-Api-Secret-Token": "a-secret"}
WORKERS = re.findall(r"server 127\.0\.0\.1:(\d+)", NGINX)
SHELL = re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
LINES_OF_SETTINGS = re.findall(r"```ini\n(.*?)```", PAGE, re.DOTALL)
INSTRUCTIONS: list[tuple[str, str]] = re.findall(r"^([A-Z]+) (.*)$", re.sub(r"\\\n\s*", "", DOCKERFILE), re.MULTILINE)

HARDENING = [
    "CapabilityBoundingSet=",
    "DynamicUser=yes",
    "LockPersonality=yes",
    "MemoryDenyWriteExecute=yes",
    "NoNewPrivileges=yes",
    "PrivateDevices=yes",
    "PrivateTmp=yes",
    "PrivateUsers=yes",
    "ProtectClock=yes",
    "ProtectControlGroups=yes",
    "ProtectHome=yes",
    "ProtectHostname=yes",
    "ProtectKernelLogs=yes",
    "ProtectKernelModules=yes",
    "ProtectKernelTunables=yes",
    "ProtectProc=invisible",
    "ProtectSystem=strict",
    "RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX",
    "RestrictNamespaces=yes",
    "RestrictRealtime=yes",
    "RestrictSUIDSGID=yes",
    "SystemCallArchitectures=native",
    "SystemCallFilter=@system-service",
    "SystemCallFilter=~@privileged @resources",
    "UMask=0077",
]


def needs(*programs: str) -> pytest.MarkDecorator:
    """Skips a test on a machine that lacks one of these programs."""
    missing = [program for program in programs if not shutil.which(program)]
    return pytest.mark.skipif(bool(missing), reason=f"not on this machine: {', '.join(missing)}")


def finished(*command: str | Path, folder: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300, check=False)


def given(name: str) -> str:
    """The words of the one instruction of the final stage of the Dockerfile with this name."""
    start = max(index for index, (instruction, _) in enumerate(INSTRUCTIONS) if instruction == "FROM")
    (words,) = [words for instruction, words in INSTRUCTIONS[start:] if instruction == name]
    return words


def replaced(text: str, words: Mapping[str, str]) -> str:
    """A text with words put in place of what a pattern finds; each pattern finds something."""
    for pattern, word in words.items():
        text, count = re.subn(pattern, word, text)
        assert count, pattern
    return text


# What all files have in common.


@pytest.mark.parametrize("path", sorted(DEPLOY.iterdir()), ids=lambda path: path.name)
def test_every_setting_that_is_named_exists(path: Path) -> None:
    named = set(re.findall(r"\b(?!AF_)[A-Z]+(?:_[A-Z]+)+\b", path.read_text()))
    assert named <= {name.upper() for name in Settings.model_fields}


def test_every_command_that_is_used_exists(tmp_path: Path) -> None:
    started = re.findall(r"^ExecStart=\S+/career-bot (\w+)$", UNIT, re.MULTILINE)
    in_image = [json.loads(words)[1] for _, words in INSTRUCTIONS if words.startswith('["career-bot"')]
    assert (started, in_image) == (["run"], ["check", "run"])
    assert [run(tmp_path, command, "--help").returncode for command in {*started, *in_image}] == [0, 0]


def test_every_extra_that_is_installed_exists() -> None:
    assert set(re.findall(r'"\.\[(\w+)\]"', PAGE + DOCKERFILE)) <= set(PROJECT["project"]["optional-dependencies"])


# systemd.


@pytest.mark.parametrize("line", HARDENING)
def test_the_unit_keeps_its_walls(line: str) -> None:
    assert line in UNIT.splitlines()


def test_the_unit_writes_into_its_own_folders_only() -> None:
    lines = UNIT.splitlines()
    assert {"StateDirectory=career-bot", "CacheDirectory=career-bot", "WorkingDirectory=%S/career-bot"} <= set(lines)
    assert "Environment=DATABASE_URL=sqlite:///%S/career-bot/career-bot.sqlite" in lines
    assert "Environment=CACHE_DIR=%C/career-bot" in lines


def test_the_unit_does_not_start_again_after_the_status_of_a_wrong_setting(tmp_path: Path) -> None:
    status = run(tmp_path, "run", LOG_LEVEL="loud").returncode
    assert {"Restart=on-failure", f"RestartPreventExitStatus={status}"} <= set(UNIT.splitlines())


def test_a_worker_says_only_what_differs_from_the_unit() -> None:
    lines = [line for line in WORKER_UNIT.splitlines() if line and not line.startswith("#")]
    assert lines == ["[Service]", "Environment=WEBHOOK_LISTEN=127.0.0.1:%i"]


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """A root folder into which the commands of the page have put the units, and a program to start."""
    root = tmp_path / "root"
    (root / "etc/systemd/system").mkdir(parents=True)
    (root / "opt/career-bot/bin").mkdir(parents=True)
    shutil.copy("/bin/true", root / "opt/career-bot/bin/career-bot")
    for line in re.findall(r"^(?:install -m 644|mkdir|ln -s) .*$", "\n".join(SHELL), re.MULTILINE):
        done = finished(*shlex.split(line.replace(" /etc/", f" {root}/etc/")))
        assert done.returncode == 0, done.stderr
    return root


def test_the_link_of_the_page_gives_workers_all_lines_of_the_unit(installed: Path) -> None:
    assert (installed / "etc/systemd/system/career-bot@.service.d/base.conf").read_text() == UNIT


@needs("systemd-analyze")
@pytest.mark.parametrize("unit", ["career-bot.service", f"career-bot@{WORKERS[0]}.service"])
def test_systemd_finds_nothing_wrong_with_a_unit(installed: Path, unit: str) -> None:
    done = finished("systemd-analyze", "verify", f"--root={installed}", "--man=no", "--recursive-errors=no", unit)
    about_ours = [line for line in done.stderr.splitlines() if "career-bot" in line and "sysinit.target" not in line]
    assert about_ours == []


@needs("systemd-analyze")
@pytest.mark.parametrize("unit", ["career-bot.service", f"career-bot@{WORKERS[0]}.service"])
def test_systemd_counts_a_unit_among_the_least_exposed(installed: Path, unit: str) -> None:
    done = finished("systemd-analyze", "security", "--offline=yes", "--threshold=15", f"--root={installed}", unit)
    assert done.returncode == 0, done.stdout + done.stderr


# nginx.


def test_nginx_has_one_way_through_and_it_is_the_path_of_the_web_hook() -> None:
    ways = re.findall(r"^ {4}location (.*?) \{\n(.*?)^ {4}\}", NGINX, re.MULTILINE | re.DOTALL)
    assert [place for place, inside in ways if "proxy_pass" in inside] == ["= /telegram"]
    assert f"WEBHOOK_URL=https://{HOST}/telegram\n" in PAGE


_PORTS = iter(random.sample(range(20_000, 32_000), 12_000))
"""Below those that Linux gives to connections that go out, so that none of these takes a port meanwhile."""


def free_port() -> int:
    """A port that nobody listens on; another one each time."""
    for port in _PORTS:
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise AssertionError("no port is free")


class Worker:
    """A web server in the place of a worker; it keeps what it was sent."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.seen: list[tuple[str, str | None, int]] = []
        """Of each request: its path, the secret that it showed, the bytes of its body."""
        self.connections: set[object] = set()
        self.hangs_up = False
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        """Begin to listen."""
        app = web.Application(client_max_size=2**24)
        app.router.add_route("*", "/{path:.*}", self._answer)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port, reuse_address=True).start()

    async def stop(self) -> None:
        """Be gone, as a worker that was killed."""
        if self._runner:
            await self._runner.cleanup()
        self._runner = None

    async def _answer(self, request: web.Request) -> web.Response:
        body = await request.read()
        self.seen.append((request.path, request.headers.get(next(iter(SECRET))), len(body)))
        assert request.transport
        self.connections.add(request.transport.get_extra_info("peername"))
        if self.hangs_up:
            request.transport.abort()
        return web.Response(text=str(self.port))


class Front:
    """The real nginx with the shipped configuration, on ports of this test, and what is behind it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.workers = [Worker(free_port()) for _ in WORKERS]
        self._process: asyncio.subprocess.Process | None = None

    @property
    def log(self) -> str:
        """What nginx had to say."""
        return (self.folder / "error.log").read_text()

    def write(self) -> list[str]:
        """Make a certificate and the configuration; return the command that starts nginx with it."""
        for name in ("live", "temporary"):
            (self.folder / name).mkdir()
        make = "openssl req -x509 -newkey rsa:2048 -nodes -days 1 -keyout live/privkey.pem -out live/fullchain.pem"
        subject = ["-subj", f"/CN={HOST}", "-addext", f"subjectAltName=DNS:{HOST}"]
        done = finished(*make.split(), *subject, folder=self.folder)
        assert done.returncode == 0, done.stderr
        ports = {rf"127\.0\.0\.1:{port}": f"127.0.0.1:{w.port}" for port, w in zip(WORKERS, self.workers, strict=True)}
        places = {
            r"listen 443": f"listen 127.0.0.1:{self.port}",
            r" *listen \[::\]:443 .*\n": "",
            rf"/etc/letsencrypt/live/{HOST}": f"{self.folder}/live",
        }
        (self.folder / "career-bot.conf").write_text(replaced(NGINX, ports | places))
        kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        temporary = "".join(f"{kind}_temp_path {self.folder}/temporary; " for kind in kinds)
        (self.folder / "nginx.conf").write_text(
            f"daemon off; master_process off; pid {self.folder}/pid; error_log {self.folder}/error.log warn;\n"
            f"events {{}}\nhttp {{ access_log off; {temporary}include {self.folder}/career-bot.conf; }}\n"
        )
        return ["nginx", "-e", str(self.folder / "error.log"), "-c", str(self.folder / "nginx.conf")]

    async def start(self) -> None:
        """Start nginx and the workers."""
        self._process = await asyncio.create_subprocess_exec(*self.write())
        for worker in self.workers:
            await worker.start()
        async with asyncio.timeout(10):
            while not (self.folder / "pid").exists():
                assert self._process.returncode is None
                await asyncio.sleep(0.02)

    async def stop(self) -> None:
        """End all of it."""
        if self._process and self._process.returncode is None:
            self._process.terminate()
            await self._process.wait()
        for worker in self.workers:
            await worker.stop()

    async def ask(self, path: str = "/telegram", method: str = "POST", body: bytes = b"{}") -> tuple[int, str]:
        """Call as Telegram does; status and text of the answer."""
        trusting = ssl.create_default_context(cafile=str(self.folder / "live/fullchain.pem"))
        address = f"https://127.0.0.1:{self.port}{path}"
        async with (
            aiohttp.ClientSession() as session,
            session.request(
                method, address, data=io.BytesIO(body), headers=SECRET, ssl=trusting, server_hostname=HOST
            ) as answer,
        ):
            return answer.status, await answer.text()

    def seen(self) -> list[tuple[str, str | None, int]]:
        """What reached the workers."""
        return [request for worker in self.workers for request in worker.seen]


@pytest.fixture
async def front(tmp_path: Path) -> AsyncIterator[Front]:
    front = Front(tmp_path)
    try:
        await front.start()
        yield front
    finally:
        await front.stop()


with_nginx = needs("nginx", "openssl")


@with_nginx
def test_nginx_finds_nothing_wrong_with_its_configuration(tmp_path: Path) -> None:
    done = finished(*Front(tmp_path).write(), "-t")
    assert done.returncode == 0, done.stderr


@with_nginx
async def test_the_web_hook_reaches_a_worker_with_its_secret(front: Front) -> None:
    assert (await front.ask(body=b"12345"))[0] == 200
    assert front.seen() == [("/telegram", "a-secret", 5)]


@with_nginx
@pytest.mark.parametrize("path", ["/", "/healthz", "/metrics", "/telegram/", "/telegram/metrics", "/Telegram"])
async def test_nothing_but_the_web_hook_reaches_a_worker(front: Front, path: str) -> None:
    assert [(await front.ask(path, method))[0] for method in ("GET", "POST")] == [404, 404]
    assert front.seen() == []


@with_nginx
async def test_the_web_hook_can_only_be_posted_to(front: Front) -> None:
    assert (await front.ask(method="GET"))[0] == 403
    assert front.seen() == []


@with_nginx
async def test_a_body_of_more_than_a_megabyte_reaches_no_worker(front: Front) -> None:
    assert (await front.ask(body=b"x" * (2**20 + 1)))[0] == 413
    assert front.seen() == []


@with_nginx
async def test_what_people_write_is_never_put_into_a_file(front: Front) -> None:
    assert (await front.ask(body=b"x" * 2**20))[0] == 200
    assert "temporary file" not in front.log


@with_nginx
async def test_workers_take_turns_over_connections_that_stay_open(front: Front) -> None:
    for _ in range(20):
        await front.ask()
    assert [len(worker.seen) for worker in front.workers] == [10, 10]
    assert [len(worker.connections) for worker in front.workers] == [1, 1]


@with_nginx
async def test_workers_that_restart_one_after_the_other_are_not_missed(front: Front) -> None:
    first, second = front.workers
    await first.stop()
    assert {await front.ask() for _ in range(6)} == {(200, str(second.port))}
    await first.start()
    await second.stop()
    assert {await front.ask() for _ in range(6)} == {(200, str(first.port))}


@with_nginx
async def test_a_message_that_reached_a_worker_is_not_given_to_the_other(front: Front) -> None:
    for worker in front.workers:
        worker.hangs_up = True
    assert (await front.ask())[0] == 502
    assert len(front.seen()) == 1


# The image.


def test_the_image_does_not_run_as_root() -> None:
    (number,) = re.findall(r"useradd --uid (\d+) ", DOCKERFILE)
    assert given("USER") == number != "0"
    assert f"must belong to user {number}." in PAGE


def test_the_image_starts_the_bot_itself_so_that_it_gets_the_signal() -> None:
    assert json.loads(given("CMD")) == ["career-bot", "run"]
    assert given("STOPSIGNAL") == "SIGTERM"


def test_the_volume_has_the_database_and_not_the_cache() -> None:
    folder = given("VOLUME")
    assert folder == given("WORKDIR")
    assert Settings.model_fields["database_url"].default.get_secret_value() == "sqlite:///career-bot.sqlite"
    assert not Path(in_the_image()["CACHE_DIR"]).is_relative_to(folder)


def in_the_image() -> dict[str, str]:
    """The environment that the image brings."""
    return dict(word.split("=", 1) for word in shlex.split(given("ENV")))


def test_the_health_check_asks_where_the_bot_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in in_the_image().items():
        monkeypatch.setenv(name, value)
    settings = load_settings()
    (port,) = re.findall(r"http://127\.0\.0\.1:(\d+)/healthz", given("HEALTHCHECK"))
    assert (settings.metrics_listen, settings.webhook_listen) == (f"127.0.0.1:{port}", f"0.0.0.0:{port}")
    assert f"--publish 127.0.0.1:{WORKERS[0]}:{port}" in PAGE


async def test_the_health_check_fails_unless_the_answer_is_good() -> None:
    port, status = free_port(), 200

    async def answer(_request: web.Request) -> web.Response:
        return web.Response(status=status)

    async def check() -> int:
        words = json.loads(given("HEALTHCHECK").partition("CMD ")[2].replace("8080", str(port)))
        process = await asyncio.create_subprocess_exec(sys.executable, *words[1:], stderr=subprocess.DEVNULL)
        return await process.wait()

    app = web.Application()
    app.router.add_get("/healthz", answer)
    runner = web.AppRunner(app)
    assert await check() != 0
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    assert await check() == 0
    status = 503
    assert await check() != 0
    await runner.cleanup()


def test_the_image_is_built_from_what_the_wheel_needs_and_from_no_secret(tmp_path: Path) -> None:
    everything, *kept = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line[:1] != "#"]
    names = [line.removeprefix("!") for line in kept if line.startswith("!")]
    assert everything == "*"
    assert ".env" not in names
    context = tmp_path / "context"
    context.mkdir()
    for name in names:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, context / name)
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps"]
    done = finished(*build, "--wheel-dir", tmp_path, context)
    assert done.returncode == 0, done.stderr
    (wheel,) = tmp_path.glob("*.whl")
    inside = zipfile.ZipFile(wheel).namelist()
    assert {"bot/cli.py", "bot/knowledge_shipped/replies.yaml"} <= set(inside)


# The page.


@pytest.mark.parametrize("block", SHELL)
def test_every_block_of_commands_is_shell(block: str) -> None:
    done = finished("sh", "-n", "-c", block)
    assert (done.returncode, done.stderr) == (0, "")


def test_every_file_that_a_command_reads_exists() -> None:
    files = set(re.findall(r"(?<= )(?:deploy/[\w@./-]+|\.env\.example)", "\n".join(SHELL)))
    assert {"deploy/career-bot.service", "deploy/career-bot@.service", ".env.example"} <= files
    assert [file for file in files if not (ROOT / file).is_file()] == []


def test_every_link_leads_to_a_heading() -> None:
    headings = {heading.lower().replace(" ", "-") for heading in re.findall(r"^## (.*)$", PAGE, re.MULTILINE)}
    assert set(re.findall(r"\(#([\w-]+)\)", PAGE)) <= headings


def test_the_settings_of_the_page_are_accepted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text("".join(LINES_OF_SETTINGS))
    monkeypatch.chdir(tmp_path)
    settings = load_settings()
    assert settings.webhook_url == f"https://{HOST}/telegram"
    assert settings.metrics_listen
    assert f"http://{settings.metrics_listen}/healthz" in PAGE


def test_the_page_starts_the_workers_that_nginx_asks() -> None:
    workers = " ".join(f"career-bot@{port}" for port in WORKERS)
    assert f"systemctl enable --now {workers}\n" in PAGE
    assert f"for port in {' '.join(WORKERS)}; do\n" in PAGE
    assert " ".join(f"http://127.0.0.1:{port}/healthz" for port in WORKERS) + "\n" in PAGE


def test_the_address_of_a_worker_comes_from_its_name_alone() -> None:
    assert not any("WEBHOOK_LISTEN=" in lines for lines in LINES_OF_SETTINGS)


def test_all_workers_together_send_what_one_process_may() -> None:
    (rate,) = re.findall(r"^SEND_RATE=(\d+)$", PAGE, re.MULTILINE)
    assert int(rate) * len(WORKERS) == Settings.model_fields["send_rate"].default
