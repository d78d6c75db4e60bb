"""One file from one address, going on where an earlier try has stopped.

What has come so far is in ``FILE.part``, whichever mirror it came from: the file is known by its
size and hash, so the rest may come from any other, and no entity tag need be remembered. Mirrors
are taken to be slow, broken, or something else than they say; the disk is never given more than the
size of the file.
"""

import re
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import cvtool
from cvtool.datasets.downloads.catalog import KnownFile, sha256_of
from cvtool.files import naming, take_place

if TYPE_CHECKING:
    from requests import Response

_CHUNK = 2**16
_RANGES_REFUSED = (HTTPStatus.FORBIDDEN, HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE)


class MirrorError(Exception):
    """A mirror did not give the file; reads on from its address, as "answered 404 Not Found".

    ``again`` says whether a second try at the same mirror may help, and where it should begin.
    """

    def __init__(self, words: str, again: Literal["no", "resumed", "afresh"] = "no") -> None:
        super().__init__(words)
        self.again = again


@dataclass(frozen=True)
class Downloader:
    """Fills ``part`` from an address and hands it over when it is whole, as pooch wants it.

    Parameters
    ----------
    file
        What it must be in the end.
    part
        Where bytes are gathered, and stay if anything goes wrong.
    tell
        Told how many bytes there are; may raise to stop.
    timeout
        Seconds to wait for a connection, and for more bytes to come.
    resume
        Whether to ask for the missing bytes only.
    """

    file: KnownFile
    part: Path
    tell: Callable[[int], None]
    timeout: tuple[float, float]
    resume: bool = True

    def __call__(self, url: str, output: str, _pooch: Any) -> None:
        """Download to ``output``.

        Raises
        ------
        MirrorError
            If the mirror does not give the file.
        OSError
            Naming the file, if it cannot be written.
        """
        have = self._have()
        start = have if self.resume else 0
        if start < self.file.size:
            self._fill(url, start)
        self._verify(resumed=start > 0)
        with naming(self.part):
            take_place(self.part, Path(output))

    def _have(self) -> int:
        size = self.part.stat().st_size if self.part.exists() else 0
        return size if size <= self.file.size else 0

    def _fill(self, url: str, start: int) -> None:
        with _answer(url, start, self.timeout) as response:
            position = self._position(response, start)
            with closing(self._append(response, position)) as positions:
                for position in positions:
                    self.tell(position)
        if position < self.file.size:
            raise MirrorError(f"broke off after {self._so_far(position)}", "resumed")

    def _position(self, response: "Response", asked: int) -> int:
        """Where in the file an answer begins."""
        status = response.status_code
        if status == HTTPStatus.PARTIAL_CONTENT and asked:
            if _fits(response.headers.get("Content-Range", ""), asked, self.file.size):
                return asked
            raise MirrorError("answered with another range than was asked for", "afresh")
        if asked and status in _RANGES_REFUSED:  # 403: Zenodo
            raise MirrorError(f"refused to go on ({status})", "afresh")
        if status != HTTPStatus.OK:
            raise MirrorError(f"answered {status} {response.reason or ''}".rstrip())
        if response.headers.get("Content-Type", "").startswith("text/html"):
            raise MirrorError("answered with a web page")
        length = response.headers.get("Content-Length", "")
        if length.isdecimal() and int(length) != self.file.size:
            raise MirrorError(f"has a file of {int(length):,} bytes, not of {self.file.size:,}")
        return 0

    def _append(self, response: "Response", position: int) -> Generator[int]:
        """Write what comes, yielding after each piece how many bytes there are."""
        with naming(self.part), self.part.open("ab") as part:
            part.truncate(position)
            for chunk in self._chunks(response, position):
                position += len(chunk)
                if position > self.file.size:
                    part.truncate(0)
                    raise MirrorError(f"sent more than the {self.file.size:,} bytes of the file")
                part.write(chunk)
                part.flush()  # so that a kill loses nothing
                yield position

    def _chunks(self, response: "Response", position: int) -> Iterator[bytes]:
        import urllib3

        # As sent: a server that calls a .gz file "encoded" would have it unpacked otherwise.
        pieces = response.raw.stream(_CHUNK, decode_content=False)
        try:
            for chunk in pieces:
                position += len(chunk)
                yield chunk
        except urllib3.exceptions.HTTPError as error:
            silent = isinstance(error, urllib3.exceptions.ReadTimeoutError)
            words = f"was silent for {self.timeout[1]:g} s" if silent else "broke off"
            raise MirrorError(f"{words} after {self._so_far(position)}", "resumed") from error

    def _so_far(self, position: int) -> str:
        return f"{position:,} of {self.file.size:,} bytes"

    def _verify(self, *, resumed: bool) -> None:
        seen = sha256_of(self.part)
        if seen != self.file.sha256:
            self.part.unlink()
            # Bytes of an earlier try may be to blame.
            again: Literal["no", "afresh"] = "afresh" if resumed else "no"
            raise MirrorError(
                f"sent a damaged file (sha256 wanted {self.file.sha256}, seen {seen})", again
            )


@contextmanager
def _answer(url: str, start: int, timeout: tuple[float, float]) -> Iterator["Response"]:
    import requests

    # A name of its own, because Zenodo sends away what calls itself by the library's.
    headers = {"User-Agent": f"cvtool/{cvtool.__version__}", "Accept-Encoding": "identity"}
    if start:
        headers["Range"] = f"bytes={start}-"
    try:
        response = requests.get(url, headers=headers, stream=True, timeout=timeout)
    except requests.Timeout as error:
        late = timeout[0] if isinstance(error, requests.ConnectTimeout) else timeout[1]
        raise MirrorError(f"did not answer within {late:g} s") from error
    except requests.RequestException as error:
        raise MirrorError(f"could not be reached ({_why(error)})") from error
    with response:
        yield response


def _fits(content_range: str, start: int, size: int) -> bool:
    found = re.fullmatch(r"bytes (\d+)-\d+/(\d+|\*)", content_range)
    return found is not None and int(found[1]) == start and found[2] in (str(size), "*")


def _why(error: BaseException) -> str:
    """Find the system's word, such as "Connection refused", below what libraries wrap it in."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, OSError) and cause.strerror:
            return cause.strerror
        cause = cause.__cause__ or cause.__context__
    return str(error).rstrip(".")
