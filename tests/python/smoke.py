"""What the client for Python is asked to do; the same as the clients for Node in `tests/node/smoke.mjs`.

The Rust harness starts it with BASE (the server) and TRANSPORT (polling, websocket or upgrade). It prints nothing but
questions for the Rust side, one JSON line each, and reads the answers from standard input.
"""

import json
import logging
import os
import sys
import threading
import time

import socketio

BASE = os.environ["BASE"]
TRANSPORT = os.environ["TRANSPORT"]
TRANSPORTS = {"polling": ["polling"], "websocket": ["websocket"], "upgrade": ["polling", "websocket"]}
PATIENCE = 10

# When a session ends, a thread of the client may miss the news, and complain seconds later that it has nothing to send.
logging.getLogger("engineio.client").addFilter(lambda record: "packet queue is empty" not in record.getMessage())


def ask(question, value=None):
    """Asks the Rust side and returns its answer."""
    print(json.dumps({"question": question, "value": value}), flush=True)
    return json.loads(sys.stdin.readline())


def equal(found, expected):
    if found != expected:
        raise AssertionError(f"found {found!r}, expected {expected!r}")


def until(condition, complaint):
    end = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > end:
            raise AssertionError(f"never: {complaint}")
        time.sleep(0.005)


class Heard:
    """What came in for one event of one client, in its order."""

    def __init__(self, client, event, namespace="/", answer=None):
        self.all = []
        self.event = event
        self.changed = threading.Condition()
        self.answer = answer
        client.on(event, self.add, namespace=namespace)

    def add(self, *args):
        with self.changed:
            self.all.append(list(args))
            self.changed.notify_all()
        return self.answer(*args) if self.answer else None

    def once(self):
        """The arguments of the first one."""
        with self.changed:
            if not self.changed.wait_for(lambda: self.all, PATIENCE):
                raise AssertionError(f"no {self.event!r}")
            return self.all[0]


def client():
    return socketio.Client(reconnection=False, handle_sigint=False)


def enter(client, namespaces=("/",), **options):
    options |= {"transports": TRANSPORTS[TRANSPORT], "namespaces": list(namespaces), "wait_timeout": PATIENCE}
    client.connect(BASE, **options)
    equal(client.transport(), "polling" if TRANSPORT == "polling" else "websocket")
    return client


def request(client, event, *args, namespace="/"):
    """The acknowledgement: its argument, or a tuple of them."""
    return client.call(event, args, namespace=namespace, timeout=PATIENCE)


def fence(*clients):
    """Returns when each has seen an event that was emitted to everybody just now, and so all that came before it."""
    heard = [Heard(client, "fence") for client in clients]
    ask("fence", "/")
    for each in heard:
        each.once()


def noted(*expected):
    """Waits until the server has noted one of these."""
    until(lambda: set(expected).intersection(ask("notes")), f"the server notes one of {expected}")


def connects():
    sio = client()
    welcome = Heard(sio, "welcome")
    enter(sio, ["/", "/chat"])
    equal(welcome.once(), ["Hey!", {"nested": ["ünï", None, 1.5]}, 42, True])
    if sio.get_sid("/") in (None, sio.sid, sio.get_sid("/chat")):
        raise AssertionError("each namespace has an id of its own")
    return sio


def events(sio):
    sent = ["text €", -7, {"list": [1, {"two": "2"}]}, None]
    back = Heard(sio, "several-back")
    sio.emit("several", tuple(sent))
    equal(back.once(), sent)


def acknowledgements(sio):
    equal(request(sio, "add", 2, 3), (5, "added"))
    Heard(sio, "add", answer=lambda one, other: (one + other, "made"))
    equal(request(sio, "ask-me"), "made 42")


def binary(sio):
    back = Heard(sio, "bytes-back")
    sio.emit("bytes", ("twice", bytes([1, 2]), {"name": "deep", "bytes": bytes([3, 4, 5])}))
    equal(back.once(), ["twice", bytes([1, 2]), {"plain": True}, {"name": "deep", "bytes": bytes([3, 4, 5])}])
    for payload in (b"", bytes([7]) * 100_000):
        item = {"name": "echo", "bytes": payload}
        equal(request(sio, "echo-bytes", item), item)
    Heard(sio, "give-bytes", answer=lambda word: {"name": word, "bytes": bytes([0, 255])})
    equal(request(sio, "ask-me-for-bytes"), [0, 255])


def rooms(alice):
    bob, carol = enter(client()), enter(client())
    everybody = (alice, bob, carol)
    told = [Heard(each, "told") for each in everybody]
    for each in (alice, bob):
        equal(request(each, "join", "lobby"), True)
    alice.emit("tell-room", ("lobby", "hello"))
    request(alice, "where")
    fence(*everybody)
    equal([each.all for each in told], [[], [["hello", bytes([1, 2, 3])]], []])
    equal(request(bob, "leave", "lobby"), True)
    alice.emit("tell-room", ("lobby", "nobody"))
    request(alice, "where")
    fence(*everybody)
    equal(sum(len(each.all) for each in told), 1)
    for each in (bob, carol):
        each.disconnect()


def namespaces(sio):
    equal(request(sio, "where", namespace="/chat"), "/chat")
    equal(request(sio, "where"), "/")

    refusal = {"message": "Not for you", "data": {"code": "token_missing", "tries": [1, 2]}}
    for namespace, told in {"/admin": refusal, "/nowhere": {"message": "Invalid namespace"}}.items():
        refused = client()
        error = Heard(refused, "connect_error", namespace)
        try:
            enter(refused, [namespace])
        except socketio.exceptions.ConnectionError:
            equal(error.once(), [told])
        else:
            raise AssertionError(f"{namespace} let it in")
    admin = enter(client(), ["/admin"], auth={"token": "abcd"})
    equal(request(admin, "where", namespace="/admin"), "/admin")
    admin.disconnect()

    # The end of one namespace is not the end of another.
    left = Heard(sio, "disconnect", "/chat")
    sio.emit("hang-up", namespace="/chat")
    equal(left.once(), [sio.reason.SERVER_DISCONNECT])
    equal(request(sio, "where"), "/")


def ends(at_server, at_client, how):
    """Ends one client; each side must give its own reason, the server one of these."""
    sio = client()
    left = Heard(sio, "disconnect")
    enter(sio)
    sid = sio.get_sid("/")
    how(sio)
    noted(*(f"{sid} {text}" for text in at_server))
    equal(left.once(), [at_client])


def leave(sio):
    """The client says nothing at all when its writing thread does not wait for something to write just then."""
    until(lambda: sio.eio.queue.not_empty._waiters, "the client has nothing to write")
    sio.disconnect()


def freeze(sio):
    """Until the server has given up: before that, it would hear of the client's own end."""
    sid = sio.get_sid("/")
    ask("network", "frozen")
    noted(f"{sid} ping timeout")
    ask("network", "works")


def cut(_):
    # Until its GET waits at the server.
    time.sleep(0.1)
    ask("network", "cut")


def reasons():
    reason = socketio.Client.reason
    # On a websocket its goodbyes wait in a queue, and it may close the connection before they are sent.
    goodbye = {"client namespace disconnect"} | (set() if TRANSPORT == "polling" else {"transport close"})
    ends(goodbye, reason.CLIENT_DISCONNECT, leave)
    ends({"server namespace disconnect"}, reason.SERVER_DISCONNECT, lambda sio: sio.emit("hang-up"))
    ends({"transport error" if TRANSPORT == "polling" else "transport close"}, reason.TRANSPORT_ERROR, cut)
    ask("network", "works")
    ends({"ping timeout"}, reason.TRANSPORT_ERROR, freeze)
    # On a websocket the server closes the connection, on polling it says so in a packet.
    stopped = reason.SERVER_DISCONNECT if TRANSPORT == "polling" else reason.TRANSPORT_ERROR
    ends({"server shutting down"}, stopped, lambda _: ask("stop"))


def main():
    sio = connects()
    events(sio)
    acknowledgements(sio)
    binary(sio)
    rooms(sio)
    namespaces(sio)
    sio.disconnect()
    reasons()


main()
