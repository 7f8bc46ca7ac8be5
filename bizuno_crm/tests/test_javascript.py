import re

from odoo.addons.web.tests.test_js import unit_test_error_checker
from odoo.tests import HttpCase, no_retry, tagged


@tagged("post_install", "-at_install")
class TestJavaScript(HttpCase):
    """The unit tests of static/tests, in Odoo's own runner."""

    @no_retry
    def test_our_widgets(self):
        self.authenticate("admin", "admin")
        page = f"/web/tests?headless&loglevel=2&preset=desktop&id={self._get_job_id('@bizuno_crm')}"
        # They are made on first use, one after the other: a browser asks for all of them at once.
        for bundle in re.findall(r'(?:src|href)="(/web/assets/[^"]+)"', self.url_open(page).text):
            self.url_open(bundle, timeout=300)
        self.browser_js(
            f"{page}&timeout=60000",
            "",
            "",
            login="admin",
            timeout=300,
            success_signal="[HOOT] Test suite succeeded",
            error_checker=unit_test_error_checker,
        )

    def _get_job_id(self, name):
        """:return: the id that the runner gives to a suite"""
        number = 0
        for character in name:
            number = (number * 31 + ord(character)) & 0xFFFFFFFF
        return f"{number:08x}"
