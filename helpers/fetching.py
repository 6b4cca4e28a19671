"""Fetch one page from the web, politely: robots.txt first, one at a time, with bounds on size, time and redirects."""

from __future__ import annotations

import ipaddress
import queue
import socket
import threading
import time
import urllib.error
import urllib.request
import urllib.robotparser
import zlib
from email.message import Message
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit, urlunsplit

from .corpus import Refused

AGENT = "outlets-compared/0.1 (one page at a time, for a study of news texts)"
MAX_BYTES = 16 << 20
SECONDS = 30.0  # for a page with all its redirects
PAUSE = 1.0  # seconds between two requests to one host
REDIRECTS = 5
KINDS = {"text/html": ".html", "application/xhtml+xml": ".html", "text/plain": ".txt", "application/rtf": ".rtf"}

_lock = threading.Lock()
_last: dict[str, float] = {}
_robots: dict[str, urllib.robotparser.RobotFileParser] = {}


class Page(NamedTuple):
    """What came: the address it came from in the end, its bytes, the ending its content type stands for."""

    url: str
    data: bytes
    kind: str


def fetch(url: str, *, seconds: float = SECONDS, most: int = MAX_BYTES) -> Page:
    """The page at `url`, within `seconds` and `most` bytes. Raises Refused: the URL, the reason and the remedy."""
    with _lock:  # one at a time
        deadline = time.monotonic() + seconds
        answer: queue.SimpleQueue = queue.SimpleQueue()

        def work() -> None:
            try:
                answer.put(_follow(url, deadline, most))
            except Refused as error:
                answer.put(error)
            except Exception as error:  # whatever a broken server makes urllib raise
                answer.put(Refused(f"{url}: cannot be fetched ({error}); save the page and add the file"))

        threading.Thread(target=work, daemon=True).start()
        try:
            found = answer.get(timeout=seconds + 1)
        except queue.Empty:
            found = Refused(f"{url}: no full answer in {seconds:g} seconds; save the page and add the file")
    if isinstance(found, Refused):
        raise found
    return found


class _Stay(urllib.request.HTTPRedirectHandler):
    """Redirects are followed by hand, each with its own check."""

    def redirect_request(self, *_):
        return None


_opener = urllib.request.build_opener(_Stay)


def _follow(url: str, deadline: float, most: int) -> Page:
    at, local = url, _is_local(url)
    for _ in range(REDIRECTS + 1):
        if urlsplit(at).scheme not in ("http", "https") or not urlsplit(at).hostname:
            raise Refused(f"{at}: not a web address (http or https); save the page and add the file")
        if not local and _is_local(at):
            raise Refused(f"{url}: redirects into the local network ({at}); save the page and add the file")
        if not _allowed(at, deadline):
            raise Refused(f"{at}: its robots.txt forbids programs to fetch it; save the page by hand and add the file")
        _wait(at, deadline)
        status, headers, data = _get(at, deadline, most)
        if status in (301, 302, 303, 307, 308) and headers.get("Location"):
            at = urljoin(at, headers["Location"])
            continue
        if status != 200:
            raise Refused(f"{at}: the server answers {status}; open it in a browser, save the page and add the file")
        kind = headers.get_content_type()
        if kind not in KINDS:
            raise Refused(f"{at}: {kind} is no page of text; save the article as text and add the file")
        return Page(at, data, KINDS[kind])
    raise Refused(f"{url}: more than {REDIRECTS} redirects; open it in a browser, save the page and add the file")


def _get(url: str, deadline: float, most: int) -> tuple[int, Message, bytes]:
    """Status, headers and body of one request; a body only for 200."""
    request = urllib.request.Request(url, headers={"User-Agent": AGENT, "Accept-Encoding": "identity"})
    timeout = min(10.0, deadline - time.monotonic())
    if timeout <= 0:
        raise Refused(f"{url}: no answer in time; save the page and add the file")
    try:
        response = _opener.open(request, timeout=timeout)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers, b""
    except (urllib.error.URLError, OSError) as error:
        reason = getattr(error, "reason", error)
        raise Refused(
            f"{url}: cannot be reached ({reason}); check the address, or save the page and add the file"
        ) from None
    with response:
        return response.status, response.headers, _body(response, url, deadline, most)


def _body(response, url: str, deadline: float, most: int) -> bytes:
    """The bytes of a response, unpacked, read in pieces so that size and time stay bounded."""
    unpack = None
    if response.headers.get("Content-Encoding", "identity").lower() in ("gzip", "x-gzip", "deflate"):
        unpack = zlib.decompressobj(47)
    pieces, size = [], 0
    while piece := response.read1(65_536):
        while piece:
            out = unpack.decompress(piece, most + 1) if unpack else piece
            piece = unpack.unconsumed_tail if unpack else b""
            pieces.append(out)
            size += len(out)
            if size > most:
                raise Refused(f"{url}: more than {most:,} bytes; save the article as text and add the file")
        if time.monotonic() > deadline:
            raise Refused(f"{url}: no full answer in time; save the page and add the file")
    return b"".join(pieces)


def _wait(url: str, deadline: float) -> None:
    """Keep a pause between two requests to one host."""
    host = urlsplit(url).netloc
    pause = _last.get(host, -PAUSE) + PAUSE - time.monotonic()
    if 0 < pause < deadline - time.monotonic():
        time.sleep(pause)
    _last[host] = time.monotonic()


def _allowed(url: str, deadline: float) -> bool:
    """What robots.txt says; without one (404 and the like) everything is allowed, when it fails (5xx) nothing is."""
    parts = urlsplit(url)
    root = urlunsplit((parts.scheme, parts.netloc, "/robots.txt", "", ""))
    if root not in _robots:
        rules = urllib.robotparser.RobotFileParser(root)
        address = root
        for _ in range(REDIRECTS):
            status, headers, data = _get(address, deadline, 500_000)
            if status not in (301, 302, 303, 307, 308) or not headers.get("Location"):
                break
            address = urljoin(address, headers["Location"])
            if urlsplit(address).scheme not in ("http", "https") or (_is_local(address) and not _is_local(url)):
                status = 404
                break
        if status == 200:
            rules.parse(data.decode("utf-8", "replace").splitlines())
        else:
            rules.allow_all, rules.disallow_all = status < 500, status >= 500
        rules.modified()
        _robots[root] = rules
    return _robots[root].can_fetch(AGENT, url)


def _is_local(url: str) -> bool:
    """Whether the host of a URL is on this machine or a private network."""
    try:
        found = socket.getaddrinfo(urlsplit(url).hostname or "", None)
    except (OSError, UnicodeError, ValueError):
        return False
    return any(not ipaddress.ip_address(info[4][0].partition("%")[0]).is_global for info in found)
