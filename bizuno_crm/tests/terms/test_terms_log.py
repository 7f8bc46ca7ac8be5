from odoo.tests import Form, tagged

from ..common import BizunoLightCommon


@tagged("post_install", "-at_install")
class TestTermsLog(BizunoLightCommon):
    """What was agreed, with whom and since when: the log of the customer says it, to those who may
    see it."""

    @classmethod
    def default_env_context(cls):
        """Unlike other tests: the log is written."""
        return {}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.credit_limit = 750
        cls.sheet = cls.env["product.pricelist"].create({"name": "Dealer"})
        cls.bookkeeper = cls.users["bookkeeper"]
        cls._flush_tracking()
        cls.before = cls.customer.message_ids

    @classmethod
    def _flush_tracking(cls):
        """What the end of the request does."""
        cls.env.flush_all()
        cls.cr.flush()

    def _read_log(self, user):
        """:return: {field: (old, new)} as the page of the customer shows it to this user"""
        self._flush_tracking()
        news = self.customer.message_ids - self.before
        values = news.sudo().tracking_value_ids._filter_has_field_access(self.env(user=user))
        return {
            value["fieldInfo"]["changedField"]: (value["oldValue"], value["newValue"])
            for value in values.with_context(lang="en_US")._tracking_value_format()
        }

    def test_a_limit_typed_on_the_page(self):
        with Form(self.customer.with_user(self.bookkeeper)) as form:
            form.credit_limit = 1250
        log = self._read_log(self.bookkeeper)
        self.assertEqual(log["Credit Limit"], (750, 1250))
        self.assertEqual(
            (self.customer.message_ids - self.before).author_id, self.bookkeeper.partner_id
        )

    def test_limit_and_terms_by_the_gear(self):
        action = self.customer.with_user(self.bookkeeper).action_open_terms()
        wizard = self.env[action["res_model"]].with_user(self.bookkeeper)
        with Form(wizard.with_context(**action["context"])) as form:
            form.credit_limit = 5000
        form.record.action_apply()
        self.assertEqual(self._read_log(self.bookkeeper)["Credit Limit"], (750, 5000))

    def test_who_may_not_see_the_limit_reads_nothing_of_it(self):
        self.customer.with_user(self.bookkeeper).write(
            {"credit_limit": 3000, "specific_property_product_pricelist": self.sheet.id}
        )
        log = self._read_log(self.users["rep"])
        self.assertNotIn("Credit Limit", log)
        self.assertIn("Assigned Price Sheet", log)
        self.assertIn("Credit Limit", self._read_log(self.bookkeeper))

    def test_a_new_customer_begins_with_its_defaults_and_no_change(self):
        partners = self.env["res.partner"].with_user(self.bookkeeper)
        with Form(partners.with_context(default_role_customer=True)) as form:
            form.name = "New"
        customer = form.record
        self._flush_tracking()
        self.assertFalse(customer.message_ids.sudo().tracking_value_ids)
