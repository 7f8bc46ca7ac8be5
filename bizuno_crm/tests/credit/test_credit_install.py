from decimal import Decimal

from odoo.tests import tagged

from ... import hooks
from ...logic import terms
from ..common_credit import CreditCommon


@tagged("post_install", "-at_install")
class TestCreditInstall(CreditCommon):
    """What the installation takes over from a company that has used Odoo's credit limits."""

    def _limit_of_new_customers(self, company):
        return terms.parse(company.contact_default_terms).credit_limit

    def _default(self, limit, company=None):
        self.env["ir.default"].set(
            "res.partner", "credit_limit", limit, company_id=company.id if company else False
        )

    def test_a_companys_own_default_limit_is_kept(self):
        other = self.setup_other_company()["company"]
        self._default(2500.5, self.company)
        before = self._limit_of_new_customers(other)
        hooks._take_over_default_limit(self.env)
        self.assertEqual(self._limit_of_new_customers(self.company), Decimal("2500.50"))
        self.assertEqual(self._limit_of_new_customers(other), before)
        customer = self._create_customer("New Customer")
        self.assertEqual(customer.credit_limit, 2500.5)
        rest = terms.parse(self.company.contact_default_terms)
        self.assertEqual((rest.type, rest.net_days), (0, 30), "only the limit is taken over")

    def test_without_a_default_limit_bizunos_stands(self):
        hooks._take_over_default_limit(self.env)
        self.assertEqual(self._limit_of_new_customers(self.company), 1000)
        self.assertEqual(self._create_customer("New Customer").credit_limit, 1000)

    def test_a_limit_of_zero_is_no_limit_to_take_over(self):
        self._default(0.0, self.company)
        hooks._take_over_default_limit(self.env)
        self.assertEqual(self._limit_of_new_customers(self.company), 1000)

    # marketplace, which is a label

    def test_marketplace_is_found_by_its_filter_and_changes_nothing_else(self):
        market = self._create_customer("Big Market", marketplace=True)
        view = self.env["res.partner"].get_view(
            self.env.ref("base.view_res_partner_filter").id, "search"
        )
        self.assertIn('name="marketplace"', view["arch"])
        form = self.env["res.partner"].get_view(self.env.ref("base.view_partner_form").id, "form")
        self.assertIn('<span name="marketplace" class="badge', form["arch"], "a label on the form")
        found = self.env["res.partner"].search(
            [("marketplace", "=", True), ("id", "in", (market + self.customer).ids)]
        )
        self.assertEqual(found, market)
        fields = ("credit_limit", "tax_exempt", "property_payment_term_id", "credit_status")
        for name in fields:
            self.assertEqual(market[name], self._create_customer("Plain")[name], name)
        self.assertEqual(market._fields["marketplace"]._description_string(self.env), "Marketplace")
