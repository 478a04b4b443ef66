"""The server of `python app.py`: waitress, which reads a request whole before it takes a thread.

Its classes are extended so that nothing of a request is kept, and one client cannot stop the rest.
"""

from __future__ import annotations

import contextlib
import gc
import logging
import signal
import socket
import sys
import time
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError
from waitress.server import TcpWSGIServer
from waitress.task import ThreadedTaskDispatcher, WSGITask

from questionnaire.serving.listener import browsable, listen, start_message

if sys.platform != "win32":
    import resource

LOG = logging.getLogger("questionnaire")
LINUX = sys.platform == "linux"
SHUTDOWN_TIMEOUT = 9.0
"""Seconds for the requests under way after SIGTERM."""
MAX_CONNECTIONS = 2_000 if LINUX else 400
"""Connections open at once; elsewhere select() is used, which fails above 500 on Windows."""
LONG_BODY, LONG_QUERY = 16 * 1024, 300
"""From how many bytes on a request waits for threads of its own: it takes long."""
LONG_THREADS = 2  # one makes a squad sheet, and one tells the next coach to come back
SWITCH_INTERVAL = 0.0005
"""Seconds that a thread may keep the others waiting: Python's 5 ms add up over a request."""
SPARE_FILES = 64
"""Open files that the process needs besides its connections."""
MAX_BODY = 4_100_000
"""Twice the longest body that a page takes, so that a page of ours says what is too long."""
IN_MEMORY = 1 << 30
"""Bytes above any body or page: waitress writes a longer one to a temporary file."""
ADJUSTMENTS = {
    # Requests are CPU-bound, so more threads serve no more pages, but one need not wait for one.
    "threads": 4,
    "asyncore_use_poll": LINUX,
    "channel_timeout": 20,
    "cleanup_interval": 5,
    "max_request_header_size": 64 * 1024,
    "max_request_body_size": MAX_BODY,
    "inbuf_overflow": IN_MEMORY,
    "outbuf_overflow": IN_MEMORY,
    "recv_bytes": 64 * 1024,
}


class Parser(HTTPRequestParser):  # type: ignore[misc]  # waitress has no types
    """A parser that refuses every wrong head with 400, and leaves no address in a cache."""

    query = ""

    def parse_header(self, header_plus: bytes) -> None:
        """Read the head of a request; raise ParsingError if it is wrong."""
        try:
            super().parse_header(header_plus)
        except (ParsingError, ValueError):  # the first quotes the request; http://[x is the second
            raise ParsingError("This is not HTTP/1.1") from None
        finally:
            urlsplit.cache_clear()  # type: ignore[attr-defined]  # it keeps addresses of results


class Task(WSGITask):  # type: ignore[misc]
    """A request and its response, which closes the connection if another request waits there."""

    def build_response_header(self) -> bytes:
        """Return the status line and the headers.

        Pipelined requests are dropped, as HTTP allows: hundreds of them from a client that reads
        nothing would fill the memory, and then a thread would wait for that client.
        """
        channel = self.channel
        with channel.requests_lock:
            pipelined = len(channel.requests) > 1 or channel.request is not None
        if pipelined or channel.server.stopping or self.request.connection_close:
            super().set_close_on_finish()
        head: bytes = super().build_response_header()
        return head

    def set_close_on_finish(self) -> None:
        """Close the connection after this response, but not after a 304, as waitress would."""
        if self.has_body:
            super().set_close_on_finish()

    def write(self, data: bytes) -> None:
        """Send data, with the headers before the first: until then nginx can ask elsewhere."""
        if self.complete and not self.wrote_header:
            self.channel.head = self.build_response_header()
            self.wrote_header: bool = True
        super().write(data)

    def finish(self) -> None:
        """Send the headers of a response without a body."""
        super().finish()
        self.channel.write_soon(b"")


class Channel(HTTPChannel):  # type: ignore[misc]
    """A connection that keeps nothing of a response that was sent."""

    parser_class = Parser
    task_class = Task
    head = b""

    def write_soon(self, data: bytes) -> int:
        """Send data, with the headers before it if they are still here."""
        head, self.head = self.head, b""
        return int(super().write_soon(head + data))

    def handle_expt(self) -> None:
        """Close the connection at urgent data of TCP, or waitress logs it without end."""
        self.handle_close()

    def _flush_some(self, do_close: bool = True) -> bool:
        sent: bool = super()._flush_some(do_close)
        if self.connected and not self.total_outbufs_len:
            self.outbufs[-1].prune()
        return sent


class OneShot:
    """A task without its channel once it has run: an idle thread keeps the last task it had."""

    def __init__(self, channel: Channel) -> None:
        """Hold the channel until a thread takes it."""
        self.channels = [channel]

    def service(self) -> None:
        """Send the response to the first request of the channel."""
        self.channels.pop().service()

    def cancel(self) -> None:
        """Close the channel without a response."""
        self.channels.pop().cancel()


class Server(TcpWSGIServer):  # type: ignore[misc]
    """A server that can be told to stop."""

    channel_class = Channel
    stopping = False

    def __init__(self, *given: Any, **named: Any) -> None:
        """Start the threads for long requests beside the others."""
        super().__init__(*given, **named)
        self.long_requests = ThreadedTaskDispatcher()
        self.long_requests.set_thread_count(LONG_THREADS)

    def add_task(self, channel: Channel) -> None:
        """Queue the first request of a channel for a thread."""
        sent = channel.requests[0]
        is_long = sent.body_bytes_received > LONG_BODY or len(sent.query) > LONG_QUERY
        (self.long_requests if is_long else self.task_dispatcher).add_task(OneShot(channel))

    def handle_accept(self) -> None:
        """Accept all connections that wait: one a round is slow when a round is about thousands."""
        before = 0
        while before != len(self._map) < self.adj.connection_limit:
            before = len(self._map)
            super().handle_accept()

    def maintenance(self, now: float) -> None:
        """Close the connections that are silent, even if their client takes no more data."""
        super().maintenance(now)
        for channel in self.active_channels.values():
            if channel.will_close:
                with contextlib.suppress(OSError):
                    channel.socket.shutdown(socket.SHUT_RDWR)

    def stop(self, *_: object) -> None:
        """Make `run` return soon; safe in a signal handler."""
        self.stopping = True
        self.pull_trigger()

    def run(self) -> None:
        """Serve until `stop` is called, then finish every request that has been read."""
        while not self.stopping:
            self._pass(timeout=1)
        self.del_channel()
        self.socket.close()
        until = time.monotonic() + SHUTDOWN_TIMEOUT
        while self.active_channels and time.monotonic() < until:
            for channel in list(self.active_channels.values()):
                channel.will_close |= not (channel.requests or channel.total_outbufs_len)
            self._pass(timeout=0.1)
        for dispatcher in (self.task_dispatcher, self.long_requests):
            dispatcher.shutdown(timeout=0.5)

    def _pass(self, timeout: float) -> None:
        """Handle one round of socket events, waiting at most so many seconds for it."""
        self.asyncore.loop(timeout, self.adj.asyncore_use_poll, self._map, count=1)


def serve(app: Flask) -> None:
    """Serve the application until it is told to stop, or exit with what keeps it from that."""
    listener = listen(app.config["HOST"], app.config["PORT"])
    server = create_server(app, listener)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, server.stop)
    with contextlib.suppress(OSError):  # whoever does not listen may still be served
        print(start_message(listener), flush=True)
    sys.setswitchinterval(SWITCH_INTERVAL)
    gc.collect()
    gc.freeze()  # what is loaded stays: to walk it all again would hold up a request for 20 ms
    server.run()


def create_server(app: Flask, listener: socket.socket) -> Server:
    """Return the server of an application, which takes connections from now on."""
    # This logs a line for every request that waits for a thread.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    adjustments = Adjustments(
        **ADJUSTMENTS,
        ident=None,  # no Server header
        connection_limit=_connection_limit(),
        clear_untrusted_proxy_headers=not app.config["PROXIES"],  # or ProxyFix has none to read
        server_name=browsable(listener).rpartition(":")[0],  # for a request without Host
    )
    dispatcher = ThreadedTaskDispatcher()
    dispatcher.set_thread_count(adjustments.threads)
    address = (listener.family, listener.type, listener.proto, listener.getsockname())
    return Server(
        app,
        _sock=listener,
        bind_socket=False,
        sockinfo=address,
        adj=adjustments,
        dispatcher=dispatcher,
    )


def _connection_limit() -> int:
    """Return how many connections may be open at once; log it if the system allows too few."""
    if sys.platform == "win32":
        return MAX_CONNECTIONS
    needed = MAX_CONNECTIONS + SPARE_FILES
    files = _raise_file_limit(needed)
    if files >= needed:
        return MAX_CONNECTIONS
    limit = files - min(SPARE_FILES, files // 2)
    message = "%d connections at once, not %d: `ulimit -n` allows %d open files, raise it to %d"
    LOG.warning(message, limit, MAX_CONNECTIONS, files, needed)
    return limit


def _raise_file_limit(needed: int) -> int:
    """Return how many files may be open, after raising that to what is needed if possible."""
    unlimited = resource.RLIM_INFINITY
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == unlimited or soft >= needed:
        return needed
    raised = needed if hard == unlimited else min(needed, hard)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (raised, hard))
    except (OSError, ValueError):
        return soft
    return raised
