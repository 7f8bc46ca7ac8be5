from itertools import islice

from odoo import Command
from odoo.tests import tagged

from ..common_credit import CreditCommon

# What somebody may have written into the database: columns of the order, or of its first line.
FORGERIES = (
    {"order": {"amount_total": 12}},
    {"order": {"amount_untaxed": 12}},
    {"order": {"amount_tax": -12}},
    {"order": {"currency_rate": 700}},
    {"line": {"price_total": 12}},
    {"line": {"price_subtotal": 12}},
    {"line": {"price_subtotal": 12, "price_tax": 0, "price_total": 12}},
    {"line": {"price_tax": -500}},
    {"line": {"price_total": 12}, "order": {"amount_total": 12}},
    {
        "line": {"price_subtotal": 12, "price_tax": 1, "price_total": 13},
        "order": {"amount_untaxed": 12, "amount_tax": 1, "amount_total": 13},
    },
)


@tagged("post_install", "-at_install")
class TestCreditDoubt(CreditCommon):
    """What a quotation comes to is worked out anew where it is in doubt, and only there."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.credit_policy = "block"
        taxes = cls.env["account.tax"]

        def tax(name, amount, **values):
            return taxes.create({
                "name": name, "amount": amount, "type_tax_use": "sale",
                "company_id": cls.company.id, **values,
            })  # fmt: skip

        inside = {"price_include_override": "tax_included"}
        cls.plain = {
            "none": taxes,
            "one": tax("19 %", 19),
            "two": tax("6 %", 6) | tax("3.5 %", 3.5),
            "inside": tax("7 in", 7, **inside),
            "two inside": tax("8 in", 8, **inside) | tax("2 in", 2, **inside),
        }
        cls.others = {
            "fixed": tax("4 each", 4, amount_type="fixed"),
            "division": tax("Division", 10, amount_type="division"),
            "mixed": cls.plain["one"] | cls.plain["inside"],
            "on each other": tax("5 first", 5, include_base_amount=True, sequence=1)
            | tax("10 on it", 10, sequence=2),
            "group": tax("Group", 0, amount_type="group", children_tax_ids=[
                Command.set(tax("11 of it", 11).ids)
            ]),
        }  # fmt: skip

    def _quotation(self, taxes):
        lines = ((333.33, 3, 0), (0.07, 11, 12.5), (-20, 1, 0))
        return self.env["sale.order"].create({
            "partner_id": self.customer.id,
            "order_line": [
                Command.create({
                    "product_id": self.product.id, "price_unit": price, "product_uom_qty": quantity,
                    "discount": discount, "tax_ids": [Command.set(taxes.ids)],
                })
                for price, quantity, discount in lines
            ] + [Command.create({"display_type": "line_section", "name": "Pumps"})],
        })  # fmt: skip

    def test_what_follows_from_the_lines_is_in_no_doubt(self):
        for rounding in ("round_per_line", "round_globally"):
            self.company.tax_calculation_rounding_method = rounding
            for name, taxes in self.plain.items():
                with self.subTest(name, rounding=rounding):
                    self.assertFalse(self._quotation(taxes)._is_credit_amount_doubtful())

    def test_a_forged_amount_is_found_whatever_the_taxes(self):
        for name, taxes in {**self.plain, **self.others}.items():
            for forgery in FORGERIES:
                order = self._quotation(taxes)
                right = order.amount_total
                self.assertGreater(right, 900)
                self._forge(order, forgery)
                with self.subTest(name, forgery=forgery):
                    order._recompute_credit_amounts(confirmed=False)
                    self.assertAlmostEqual(order.amount_total, right, 2)
                    self.assertEqual(order.currency_rate, 1)

    def test_it_is_refused_at_the_door(self):
        for forgery in FORGERIES:
            order = self._quotation(self.plain["one"])
            self._forge(order, forgery)
            with self.subTest(forgery):
                self._stopped(order.with_user(self.rep).action_confirm, "Harbour Supply")

    def _forge(self, order, forgery):
        self.env.flush_all()
        for kind, values in forgery.items():
            table, id_ = ("sale_order", order.id)
            if kind == "line":
                table, id_ = "sale_order_line", order.order_line[0].id
            for name, value in values.items():
                self.env.cr.execute(
                    f"UPDATE {table} SET {name} = %s WHERE id = %s",  # noqa: S608
                    [value, id_],
                )
        self.env.invalidate_all()

    def test_a_policy_that_stops_costs_no_query_more_than_one_that_warns(self):
        """Each click a request of its own."""
        customers = self.env["res.partner"].create(
            [{"name": f"Cost {n}", "role_customer": True, "credit_limit": 9000} for n in range(18)]
        )
        nobody_yet = iter(customers)  # of whom there is nothing to warn
        counts = {}
        for policy in ("warn", "block", "approval"):
            self.company.credit_policy = policy
            for kind in ("order", "invoice"):
                counts[policy, kind] = []
                for customer in islice(nobody_yet, 3):
                    if kind == "order":
                        document = self._order(40, customer)
                        way = document.with_user(self.rep).action_confirm
                    else:
                        document = self._invoice(40, customer)
                        way = document.with_user(self.users["bookkeeper"]).action_post
                    self.env.flush_all()
                    self.env.invalidate_all()
                    before = self.env.cr.sql_log_count
                    way()
                    self.env.flush_all()
                    counts[policy, kind].append(self.env.cr.sql_log_count - before)
        for (policy, kind), found in counts.items():
            # The first ones fill caches.
            self.assertLessEqual(found[-1], counts["warn", kind][-1], f"{policy} {kind}")
