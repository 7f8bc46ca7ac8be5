"""Headless Chromium, driven by Playwright: logs in, opens pages, looks at them.

The browser is the machine's own; none is downloaded.
"""

import contextlib
import json

from playwright import sync_api

from . import console, system

ARGUMENTS = (
    "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
PHONE = 600  # pixels: narrower is a phone, with touch
HEIGHT = 900


@contextlib.contextmanager
def chromium():
    """Yields Playwright's headless Chromium: the machine's own."""
    system.ensure_browser("Looking at pages")
    with sync_api.sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(
                executable_path=system.browser(), args=[*ARGUMENTS]
            )
        except sync_api.Error as error:
            raise console.Problem(f"Chromium did not start: {error}") from error
        try:
            yield browser
        finally:
            browser.close()


class Browser:
    """One page of a headless Chromium. `with Browser(url) as browser: …`

    `page` is Playwright's own; a phone's (see `resize`) is another one with the same cookies.
    """

    def __init__(self, url):
        self.url = url
        self.login = None
        self.problems = []
        self.messages = []  # (kind, text) of what the page wrote to its console

    def __enter__(self):
        self._stack = contextlib.ExitStack()
        self._chromium = self._stack.enter_context(chromium())
        self._context = None
        self.resize(1400)
        return self

    def __exit__(self, *error):
        self._stack.__exit__(*error)

    def resize(self, width, height=HEIGHT):
        is_phone = width < PHONE
        if self._context and self._is_phone == is_phone:
            self.page.set_viewport_size({"width": width, "height": height})
            return
        state = self._context and self._context.storage_state()
        if self._context:
            self._context.close()
        self._context = self._chromium.new_context(
            viewport={"width": width, "height": height},
            is_mobile=is_phone,
            has_touch=is_phone,
            storage_state=state or None,
        )
        self._is_phone = is_phone
        self.page = self._context.new_page()
        self.page.on("console", self._note)
        self.page.on("pageerror", lambda error: self.problems.append(error.stack or str(error)))

    def _note(self, said):
        # Fonts and the like from the internet, which this machine need not reach.
        is_elsewhere = not said.location.get("url", self.url).startswith(self.url)
        if not (is_elsewhere and said.text.startswith("Failed to load resource: net::")):
            self.messages.append((said.type, said.text))

    def log_in(self, login):
        """Log in as a user whose password is the login, as in the demo data."""
        self.log_out()
        address = f"{self.url}/web/login"
        page = self._context.request.get(address).text()
        token = page.split('name="csrf_token" value="', 1)[1].split('"', 1)[0]
        form = {"csrf_token": token, "login": login, "password": login}
        answer = self._context.request.post(address, form=form)
        if not answer.ok or "/web/login" in answer.url:
            raise console.Problem(
                f"{login} cannot log in with the password {login}: the server answers "
                f"{answer.status} at {answer.url}"
            )
        self.login = login

    def log_out(self):
        self.login = None
        self._context.clear_cookies()

    def open(self, path, wait_for):
        self.page.goto(f"{self.url}{path}", wait_until="commit", timeout=60_000)
        self.wait(f"document.querySelector({json.dumps(wait_for)})", f"{path}: {wait_for}")
        self.page.wait_for_timeout(700)  # images and animations

    def wait(self, expression, what, seconds=60):
        try:
            # Goes on over reloads of the page.
            self.page.wait_for_function(
                f"() => !!({expression})", timeout=seconds * 1000, polling=200
            )
        except sync_api.TimeoutError:
            shown = self.page.evaluate("document.body?.innerText.slice(0, 500)")
            said = [text for kind, text in self.messages if kind == "error"] + self.problems
            report = (
                f"Not seen within {seconds} seconds: {what}",
                f"The page shows: {shown}",
                *said,
            )
            raise console.Problem("\n".join(report)) from None
