"""Brings a known data set to this computer, whole or not at all.

pooch checks the hash of what has come before the file gets its name; what is between the mirrors
and pooch is in ``downloading``. Files that are here and whole are left as they are; a damaged one
is replaced when its successor is whole, and until then fetching fails.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from cvtool.datasets.downloads.catalog import KnownFile, known, sha256_of
from cvtool.datasets.downloads.downloading import Downloader, MirrorError
from cvtool.datasets.downloads.workshop import is_tidy, workshop_in
from cvtool.datasets.request import Progress
from cvtool.errors import DataError, UsageError
from cvtool.files import naming, take_place
from cvtool.records import WorkRecord

TIMEOUT = (10.0, 30.0)
"""Seconds to wait for a connection, and for more bytes to come."""


def fetch(
    name: str,
    folder: Path,
    *,
    mirrors: Sequence[str] = (),
    progress: Progress | None = None,
    timeout: tuple[float, float] = TIMEOUT,
) -> list[Path]:
    """Download what is missing or damaged of a known data set.

    A download that was cut short, by whatever, goes on where it stopped. When another process
    fetches into the same folder, this one waits and finds its work done.

    Parameters
    ----------
    name
        As in ``catalog.KNOWN``.
    folder
        Where the files are to lie; made if need be.
    mirrors
        Web addresses of folders that hold the files, tried before those that are known.
    progress
        Told how far it is, in bytes; may raise to stop.
    timeout
        Seconds to wait for a connection, and for more bytes to come.

    Returns
    -------
    list[Path]
        The files, in the order of the catalog.

    Raises
    ------
    UsageError
        If the name is not known, or a mirror is no web address.
    DataError
        If no mirror gives one of the files.
    OSError
        Naming the file, if it cannot be written.
    """
    dataset = known(name)
    addresses = [*map(_address, mirrors), *dataset.mirrors]
    paths = [folder / file.name for file in dataset.files]
    pairs = zip(dataset.files, paths, strict=True)
    if is_tidy(folder) and all(file.is_whole(path) for file, path in pairs):
        return paths  # even where nothing may be written

    def tell(work: str, done: int, total: int) -> None:
        if progress is not None:
            progress(WorkRecord(work, done, total, "bytes"))

    def wait() -> None:
        tell(f"waiting for another process to fetch {name}", 0, dataset.size)

    with workshop_in(folder, wait) as workshop:
        for file in dataset.files:
            delivery = Delivery(name, file, folder, workshop, tell, timeout)
            giver = delivery.bring(addresses)
            if giver is not None:  # do not ask those in vain again
                addresses.sort(key=lambda address: address != giver)
    return paths


@dataclass(frozen=True)
class Delivery:
    """How one file comes to ``folder``, from whichever mirror has it."""

    dataset: str
    file: KnownFile
    folder: Path
    workshop: Path
    tell: Callable[[str, int, int], None]
    timeout: tuple[float, float]

    @property
    def path(self) -> Path:
        """Where the file lies when it is whole."""
        return self.folder / self.file.name

    @property
    def part(self) -> Path:
        """Where it is gathered."""
        return self.folder / f"{self.file.name}.part"

    def bring(self, addresses: Sequence[str]) -> str | None:
        """Try the mirrors in turn; return the one that gave the file, None if it was here.

        Raises
        ------
        DataError
            If none gives it.
        """
        if self.file.is_whole(self.path):
            return None
        failures = []
        for address in addresses:
            try:
                self._ask(address)
            except MirrorError as error:
                failures.append(f"{address}{self.file.name} {error}")
            else:
                return address
        raise DataError(*self._explain(failures))

    def _ask(self, address: str) -> None:
        """Get the file from one mirror, in one try or two."""
        try:
            self._retrieve(address, resume=True)
        except MirrorError as error:
            if error.again == "no":
                raise
            self._retrieve(address, resume=error.again == "resumed")

    def _retrieve(self, address: str, *, resume: bool) -> None:
        import pooch

        pooch.get_logger().setLevel("WARNING")
        ready = pooch.retrieve(
            f"{address}{self.file.name}",
            known_hash=f"sha256:{self.file.sha256}",
            fname=self.file.name,
            path=self.workshop.resolve(),
            downloader=Downloader(self.file, self.part, self._told, self.timeout, resume),
        )
        with naming(self.path):
            take_place(Path(ready), self.path)

    def _told(self, done: int) -> None:
        again = ", because the one here is damaged" if self.path.exists() else ""
        self.tell(f"fetching {self.file.name}{again}", done, self.file.size)

    def _explain(self, failures: Sequence[str]) -> list[str]:
        file, state = self.file, "missing"
        if self.path.exists():
            seen = sha256_of(self.path)
            state = f"damaged (sha256 wanted {file.sha256}, seen {seen})"
        kept = self.part.stat().st_size if self.part.exists() else 0
        return [
            f"{file.name} of {self.dataset} is {state}, and no mirror gave it:",
            *(f"  {failure}" for failure in failures),
            *([f"{kept:,} of {file.size:,} bytes are kept for the next try."] if kept else []),
            f"Try again later, or download it yourself and run "
            f"'cvtool data fetch {self.dataset} --from FILE', or put it at {self.path}",
        ]


def _address(mirror: str) -> str:
    """Check the address of a mirror and end it with a slash."""
    parts = urlsplit(mirror)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise UsageError(
            f"a mirror is the address of a folder, beginning with http:// or https://, not "
            f"'{mirror}': for files on this computer use --from"
        )
    return mirror.rstrip("/") + "/"
