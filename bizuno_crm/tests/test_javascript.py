from odoo.addons.web.tests.test_js import HOOTCommon, unit_test_error_checker
from odoo.tests import no_retry, tagged


@tagged("post_install", "-at_install")
class TestJavaScript(HOOTCommon):
    """The unit tests of static/tests, in Odoo's own runner."""

    @no_retry
    def test_our_widgets(self):
        suite = self._generate_hash("@bizuno_crm")
        self.browser_js(
            f"/web/tests?headless&loglevel=2&preset=desktop&timeout=15000&id={suite}",
            "",
            "",
            login="admin",
            timeout=300,
            success_signal="[HOOT] Test suite succeeded",
            error_checker=unit_test_error_checker,
        )
