"""Where `python app.py` serves, and the addresses at which a browser finds it."""

from __future__ import annotations

import contextlib
import ipaddress
import socket
import sys


def listen(host: str, port: int) -> socket.socket:
    """Return a socket at the first address of the host, or exit with what is wrong with it."""
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family)
        if sys.platform != "win32":  # where two servers could then share a port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:  # [::] is for 127.0.0.1 too
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        listener.bind(address)
        listener.listen()
    except (socket.gaierror, UnicodeError):
        sys.exit(f"FLASK_HOST is {host!r}: give a name or number of this machine")
    except OSError as error:
        where = f"{_host_in_url(str(address[0]))}:{port}"
        sys.exit(f"{where} cannot be used ({error.strerror}): set FLASK_PORT or FLASK_HOST")
    return listener


def start_message(listener: socket.socket) -> str:
    """Return where to open the site: here and, if it serves everywhere, on a phone."""
    here, phones = browsable(listener), ""
    if ipaddress.ip_address(listener.getsockname()[0]).is_unspecified:
        phones = ". Phones cannot open it: this machine is in no network"
        if address := network_address():
            phones = (
                f", or http://{address}:{here.rpartition(':')[2]} on a phone in the same network"
            )
    return f"Open http://{here} in a browser{phones}. Ctrl+C stops it."


def network_address() -> str:
    """Return the number of this machine in its network, or "" if it is in none; send nothing."""
    with contextlib.suppress(OSError), socket.socket(type=socket.SOCK_DGRAM) as unused:
        unused.connect(("192.0.2.1", 9))  # an address for documentation: UDP only looks for the way
        return str(unused.getsockname()[0])
    return ""


def browsable(listener: socket.socket) -> str:
    """Return the host and port at which a browser on this machine finds the server."""
    host, port = listener.getsockname()[:2]
    everywhere = ipaddress.ip_address(host).is_unspecified
    return f"{'127.0.0.1' if everywhere else _host_in_url(host)}:{port}"


def _host_in_url(host: str) -> str:
    """Return the host with brackets if it is a number of IPv6."""
    return f"[{host}]" if ":" in host else host
