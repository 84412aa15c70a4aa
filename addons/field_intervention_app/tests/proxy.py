"""A network that can be cut, slowed down, doubled, and that loses answers once the work is done."""

import http.client
import re
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HOP = {"connection", "transfer-encoding", "keep-alive", "content-length", "host"}


class Network:
    """A proxy in front of the server.

    ``down`` cuts it; ``delay`` slows each request down (seconds); ``drop(pattern, times)`` loses
    that many answers of the requests that match, ``double(pattern, times)`` sends them twice.
    ``hold`` lets nothing through until ``release``, and waits until all that is under way has
    been answered.
    """

    def __init__(self, port):
        self.down, self.delay, self.rules = False, 0.0, []
        self.dropped, self.doubled, self.asked = [], [], []
        self.lock = threading.Condition()
        self.held, self.under_way = False, 0
        network = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_any(self):
                network.handle(self, port)

            do_GET = do_POST = do_HEAD = handle_any

            def log_message(self, *_args):
                """Silent."""

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_args):
                """A cut connection is what we are here for."""

        self.server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://localhost:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def drop(self, pattern, times=1):
        self.rules.append(["drop", re.compile(pattern), times])

    def hold(self):
        with self.lock:
            self.held = True
            assert self.lock.wait_for(lambda: not self.under_way, 60), "a request is never answered"

    def release(self):
        with self.lock:
            self.held = False
            self.lock.notify_all()

    def double(self, pattern, times=1):
        self.rules.append(["double", re.compile(pattern), times])

    def _take_rule(self, path):
        with self.lock:
            for rule in self.rules:
                if rule[2] and rule[1].search(path):
                    rule[2] -= 1
                    return rule[0]
        return None

    def handle(self, handler, port):
        length = int(handler.headers.get("Content-Length") or 0)
        body = handler.rfile.read(length) if length else None
        self.asked.append(handler.path)
        with self.lock:
            self.lock.wait_for(lambda: not self.held)
            self.under_way += 1
        try:
            self._carry(handler, port, body)
        finally:
            with self.lock:
                self.under_way -= 1
                self.lock.notify_all()

    def _carry(self, handler, port, body):
        if self.down:
            handler.close_connection = True
            handler.connection.close()
            return
        time.sleep(self.delay)
        rule = self._take_rule(handler.path)
        if rule == "double":
            self.doubled.append(handler.path)
            twin = threading.Thread(target=self._forward, args=(handler, port, body))
            twin.start()
            twin.join()
        status, headers, content = self._forward(handler, port, body)
        if rule == "drop":
            self.dropped.append(handler.path)
            handler.close_connection = True
            handler.connection.close()
            return
        handler.send_response(status)
        for name, value in headers:
            if name.lower() not in HOP:
                handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content)

    def _forward(self, handler, port, body):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        headers = {k: v for k, v in handler.headers.items() if k.lower() not in HOP}
        headers["Host"] = handler.headers["Host"]
        connection.request(handler.command, handler.path, body, headers)
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        return answer.status, answer.getheaders(), content

    def close(self):
        self.down = True
        self.release()
        self.server.shutdown()
        self.server.server_close()
