"""Which addresses a function reaches: none, or when it is granted the network, those of the host."""

import pytest

REFUSED = ("PermissionError", "OSError", "EACCES", "EPERM", "ENETUNREACH")


def port_of(guarded):
    return int(guarded.polyd.address.rsplit(":", 1)[1])


def test_polyd_is_not_reached_over_loopback(guarded):
    port = port_of(guarded)
    body = f"import socket\nsocket.create_connection(('127.0.0.1', {port}), 2)\nreturn 'reached'"
    assert guarded.python(body).startswith(REFUSED)
    body = f"""
      return await new Promise((done) => {{
        const socket = require('net').connect({port}, '127.0.0.1');
        socket.on('connect', () => done('reached')).on('error', (error) => done(error.code));
      }});"""
    assert guarded.javascript(body).startswith(REFUSED)


def test_a_function_with_the_network_reaches_the_host(guarded):
    body = f"import socket\nsocket.create_connection(('127.0.0.1', {port_of(guarded)}), 2)\nreturn 'reached'"
    assert guarded.python(body, network=True) == "reached"
    body = f"return (await fetch('{guarded.polyd.address}/health/live')).status"
    assert guarded.javascript(body, network=True) == 200


@pytest.mark.parametrize("kind", ["AF_INET, socket.SOCK_DGRAM", "AF_INET6, socket.SOCK_STREAM"])
def test_sockets_are_not_made_without_the_network(guarded, kind):
    assert guarded.python(f"import socket\nsocket.socket(socket.{kind})\nreturn 'made'").startswith(REFUSED)


@pytest.mark.parametrize("kind", ["AF_INET, socket.SOCK_RAW", "AF_PACKET, socket.SOCK_RAW", "AF_NETLINK, socket.SOCK_RAW", "AF_VSOCK, socket.SOCK_STREAM"])
@pytest.mark.parametrize("network", [False, True])
def test_raw_and_kernel_sockets_are_never_made(guarded, kind, network):
    outcome = guarded.python(f"import socket\nsocket.socket(socket.{kind})\nreturn 'made'", network=network)
    assert outcome.startswith(REFUSED)


def test_names_are_not_found_and_say_so(guarded):
    outcome = guarded.javascript("return await require('dns').promises.lookup('example.com')")
    assert outcome.startswith(("EAI_AGAIN", "ENOTFOUND", "EACCES"))
