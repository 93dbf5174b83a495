"""A PostgreSQL of the tests' own: a cluster in a temporary folder, run by a user without rights, gone afterwards."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

NO_POSTGRES = "no PostgreSQL here: apt-get install postgresql"


@dataclass(frozen=True)
class Cluster:
    """A running server, reached by a socket in its folder."""

    folder: Path
    bin: Path

    def url(self, database: str) -> str:
        return f"postgresql:///{database}?host={self.folder}&user=ailab"

    def new_database(self) -> str:
        """Return the URL of an empty database."""
        name = f"test_{uuid.uuid4().hex}"
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return self.url(name)

    def control(self, *arguments: str) -> None:
        run(self.bin / "pg_ctl", "-D", str(self.folder / "data"), "-w", "-s", *arguments)

    def start(self) -> None:
        # Nothing listens on a port, and nothing here must outlive the machine.
        options = f"-k {self.folder} -c listen_addresses= -c fsync=off -c max_connections=60"
        self.control("-l", str(self.folder / "log"), "-o", options, "start")

    def stop(self) -> None:
        self.control("-m", "immediate", "stop")


def binaries() -> Path | None:
    """Return the folder of initdb and pg_ctl; Debian keeps them out of PATH."""
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return versions[-1].parent if versions else None


@contextmanager
def running_cluster() -> Iterator[Cluster]:
    folder = binaries()
    assert folder is not None, NO_POSTGRES
    # Not pytest's folder: the path of a socket is short, and its owner is another user when root runs the tests.
    place = Path(tempfile.mkdtemp(prefix="ailab-pg-", dir="/tmp"))
    cluster = Cluster(place, folder)
    try:
        if os.geteuid() == 0:
            shutil.chown(place, "nobody")
        run(folder / "initdb", "-D", str(place / "data"), "-A", "trust", "-U", "ailab", "--no-sync", "-E", "UTF8")
        cluster.start()
        try:
            yield cluster
        finally:
            cluster.stop()
    finally:
        shutil.rmtree(place)


def run(program: Path, *arguments: str) -> None:
    # PostgreSQL refuses to run as root.
    user = "nobody" if os.geteuid() == 0 else None
    subprocess.run([str(program), *arguments], user=user, cwd="/", check=True, stdout=subprocess.DEVNULL)
