"""Headless Chromium, driven over its DevTools protocol: just enough to log in and take pictures."""

import base64
import contextlib
import json
import shutil
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path

import requests
import websocket

from . import console, system


class Browser:
    """One page of a headless Chromium. `with Browser(url) as browser: …`"""

    def __init__(self, url):
        self.url = url
        self.login = None
        self.problems = []
        self.messages = []  # (kind, text) of what the page wrote to its console
        self._number = 0

    def __enter__(self):
        system.ensure_browser("Taking screenshots")
        self._profile = tempfile.mkdtemp(prefix="bizuno-browser-")
        self._process = subprocess.Popen(
            [
                system.browser(), "--headless", "--no-sandbox", "--disable-gpu",
                "--disable-dev-shm-usage", "--no-first-run", "--disable-background-networking",
                "--disable-component-update", "--disable-sync", "--hide-scrollbars",
                "--remote-debugging-port=0", f"--user-data-dir={self._profile}", "about:blank",
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        port_file = Path(self._profile) / "DevToolsActivePort"
        for _ in range(200):
            if port_file.exists() and "\n" in port_file.read_text():
                break
            time.sleep(0.1)
        else:
            raise console.Problem("Chromium did not start.")
        port = port_file.read_text().splitlines()[0]
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/json") as answer:
            page = next(target for target in json.load(answer) if target["type"] == "page")
        self._socket = websocket.create_connection(
            page["webSocketDebuggerUrl"], suppress_origin=True, timeout=60
        )
        for domain in ("Page", "Network", "Runtime", "Log"):
            self.send(f"{domain}.enable")
        return self

    def __exit__(self, *_):
        with contextlib.suppress(OSError, websocket.WebSocketException):
            self._socket.close()
        self._process.terminate()
        self._process.wait()
        shutil.rmtree(self._profile, ignore_errors=True)

    def send(self, method, **parameters):
        self._number += 1
        self._socket.send(json.dumps({"id": self._number, "method": method, "params": parameters}))
        while True:
            message = json.loads(self._socket.recv())
            if message.get("id") == self._number:
                if "error" in message:
                    raise console.Problem(f"Chromium: {method}: {message['error']}")
                return message.get("result", {})
            self._note(message)

    def _note(self, message):
        if message.get("method") == "Runtime.exceptionThrown":
            details = message["params"]["exceptionDetails"]
            text = details.get("exception", {}).get("description") or details["text"]
            self.problems.append(text)
        elif message.get("method") == "Runtime.consoleAPICalled":
            said = message["params"]
            parts = [str(a.get("value", a.get("description", ""))) for a in said["args"]]
            self.messages.append((said["type"], " ".join(parts)))

    def log_in(self, login):
        """Log in as a user whose password is the login, as in the demo data."""
        session = requests.Session()
        page = session.get(f"{self.url}/web/login", timeout=60).text
        token = page.split('name="csrf_token" value="', 1)[1].split('"', 1)[0]
        answer = session.post(
            f"{self.url}/web/login",
            data={"csrf_token": token, "login": login, "password": login},
            timeout=60,
        )
        if not answer.ok:
            raise console.Problem(f"{login} logs in and the server answers {answer.status_code}.")
        if "/web/login" in answer.url:
            raise console.Problem(f"{login} cannot log in with the password {login}.")
        self.log_out()
        for cookie in session.cookies:
            self.send("Network.setCookie", name=cookie.name, value=cookie.value, url=self.url)
        self.login = login

    def log_out(self):
        self.login = None
        self.send("Network.clearBrowserCookies")

    def resize(self, width, height=900):
        self.send(
            "Emulation.setDeviceMetricsOverride",
            width=width, height=height, deviceScaleFactor=1, mobile=width < 600,
        )  # fmt: skip

    def open(self, path, wait_for):
        self.send("Page.navigate", url=f"{self.url}{path}")
        self.wait(f"document.querySelector({json.dumps(wait_for)})", f"{path}: {wait_for}")
        time.sleep(0.7)  # images and animations

    def wait(self, expression, what, seconds=60):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self.evaluate(f"!!({expression})"):
                return
            time.sleep(0.2)
        shown = self.evaluate("document.body?.innerText.slice(0, 500)")
        said = [text for kind, text in self.messages if kind == "error"] + self.problems
        told = (f"Not seen within {seconds} seconds: {what}", f"The page shows: {shown}", *said)
        raise console.Problem("\n".join(told))

    def evaluate(self, expression):
        result = self.send("Runtime.evaluate", expression=expression, awaitPromise=True)
        return result["result"].get("value")

    def screenshot(self, path):
        data = self.send("Page.captureScreenshot", format="png")["data"]
        Path(path).write_bytes(base64.b64decode(data))
