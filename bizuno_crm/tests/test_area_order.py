"""In which order a change passes the areas: the contract of models/__init__.py."""

import math
from itertools import dropwhile
from pathlib import Path

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .. import models
from .common_credit import CreditCommon

ROOM = "odoo.addons.bizuno_crm.models."
# From the outside in: who is called first stands first. The room of every area has its place, also
# one that changes none of these models.
OUTSIDE_IN = (
    "importer", "promo", "profit", "crm", "receivable", "terms", "credit", "contact", "odoo",
)  # fmt: skip
# Who has a say in it, at least.
PASSED = {
    ("res.partner", "create"): {"promo", "terms", "contact"},
    ("res.partner", "write"): {"promo", "terms", "credit", "contact"},
    ("res.partner", "unlink"): {"terms", "contact"},
    ("sale.order", "create"): {"terms", "credit"},
    ("sale.order", "write"): {"terms", "credit"},
    ("account.move", "create"): {"credit"},
    ("account.move", "write"): {"terms", "credit"},
}


@tagged("post_install", "-at_install")
class TestAreaOrder(CreditCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rep_contacts = cls.env["res.partner"].with_user(cls.rep)
        cls.company.credit_policy = "block"

    def _get_classes(self, model):
        """:return: [(area or "odoo", class)] in the order in which they are called; `base`, which
        knows no area, is left out"""
        classes = []
        for cls in self.env.registry[model].mro():
            if cls.__module__.startswith(ROOM):
                area = cls.__module__.removeprefix(ROOM).split(".")[0]
            else:
                area = "odoo"
            if area != "base" and cls.__module__ != "odoo.orm.models":
                classes.append((area, cls))
        return classes

    def test_a_change_passes_the_areas_in_this_order(self):
        for (model, method), expected in PASSED.items():
            with self.subTest(model=model, method=method):
                areas = [a for a, cls in self._get_classes(model) if method in cls.__dict__]
                # Another addon may stand outside of all of them.
                areas = [*dropwhile(lambda area: area == "odoo", areas)]
                # What stands after Odoo's class is called by that one.
                passed = areas[: areas.index("odoo") + 1]
                # each once, and in order
                self.assertEqual(passed, sorted(set(passed), key=OUTSIDE_IN.index))
                self.assertLessEqual(expected, set(passed))

    def test_every_area_has_its_place_in_the_order(self):
        room = Path(models.__file__).parent
        areas = {path.name for path in room.iterdir() if (path / "__init__.py").exists()}
        self.assertLessEqual(areas - {"base"}, set(OUTSIDE_IN))

    def test_an_area_has_one_class_of_the_contact(self):
        found = [
            cls.__module__.removeprefix(ROOM)
            for area, cls in self._get_classes("res.partner")
            if area != "odoo" and cls.__name__ == "ResPartner"
        ]
        areas = ("promo", "crm", "receivable", "terms", "credit", "contact")
        self.assertEqual(found, [f"{area}.res_partner" for area in areas])

    # --- seen in what happens --------------------------------------------------------------------

    def test_a_right_is_checked_before_a_number_is_drawn(self):
        sequence = self.env.ref("bizuno_crm.sequence_contact_customer")

        def get_next():
            sequence.invalidate_recordset()
            return sequence.number_next_actual

        before = get_next()
        with self.assertRaises(AccessError):
            self.rep_contacts.create(
                {"name": "Blocked", "role_customer": True, "account_status": "hold"}
            )
        self.assertEqual(get_next(), before)
        self.rep_contacts.create({"name": "Free", "role_customer": True})
        self.assertGreater(get_next(), before)

    def test_a_right_is_checked_before_the_status_is_split_and_its_reason_ends(self):
        self.customer.write({"account_status": "hold", "account_status_reason": "Cheque bounced"})
        with self.assertRaises(AccessError) as caught:
            self.customer.with_user(self.rep).account_status = "active"
        self.assertIn("Account Status", str(caught.exception))
        self.assertEqual(self.customer.account_status_reason, "Cheque bounced")
        self.assertEqual(self.customer.account_restriction, "hold")

    def test_a_right_is_checked_before_a_branch_writes_the_limit_of_its_root(self):
        branch = self.env["res.company"].create({"name": "North", "parent_id": self.company.id})
        self.rep.company_ids |= branch
        before = self.customer.credit_limit
        with self.assertRaises(AccessError):
            self.customer.with_user(self.rep).with_company(branch).credit_limit = before + 1
        self.assertEqual(self.customer.credit_limit, before)

    def test_a_limit_is_a_number_before_anybody_asks_for_the_right(self):
        with self.assertRaises(ValidationError):
            self.customer.with_user(self.rep).credit_limit = math.nan

    def test_a_customer_has_its_terms_before_an_order_is_judged(self):
        self.company.contact_default_terms = "3:0:0:30:500"
        stranger = self.env["res.partner"].create({"name": "Walk-in"})
        order = self._order(600, stranger)
        self.assertFalse(stranger.credit_limit)
        with self.assertRaisesRegex(UserError, "500"):
            order.action_confirm()
        small = self._order(400, stranger)
        small.action_confirm()
        self.assertEqual((small.state, stranger.credit_limit), ("sale", 500))

    def test_a_customer_has_its_terms_before_an_invoice_is_judged(self):
        self.company.contact_default_terms = "3:0:0:30:500"
        stranger = self.env["res.partner"].create({"name": "Walk-in"})
        with self.assertRaisesRegex(UserError, "500"):
            self._invoice(600, stranger).action_post()
        self._invoice(400, stranger).action_post()
        self.assertEqual(stranger.credit_limit, 500)

    def test_an_exemption_that_has_ended_is_settled_before_an_order_is_judged(self):
        self.product.taxes_id = self.company.account_sale_tax_id
        self.customer.tax_exempt = True
        order = self._order(1000)
        self.assertEqual(order.amount_total, 1000)
        self.customer.tax_exempt_expiration = "2020-01-01"
        with self.assertRaisesRegex(UserError, "1,150.00 for this quotation"):
            order.action_confirm()

    def test_a_line_is_a_number_before_its_credit_is_judged(self):
        order = self._order(5)
        with self.assertRaisesRegex(ValidationError, "is not a number"):
            order.order_line.price_unit = math.inf
