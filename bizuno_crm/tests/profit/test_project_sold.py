from odoo import Command
from odoo.tests import Form, tagged

from ..common_pages import recorded_queries
from .common_profit import ProfitCommon


@tagged("post_install", "-at_install")
class TestProjectSold(ProfitCommon):
    """What was ordered for a project, and what of it is still to be invoiced: by the lines, as the
    ledger has it, and by quantity, as Odoo says that an order is invoiced."""

    def setUp(self):
        super().setUp()
        self.rep, self.bookkeeper = self.users["rep"], self.users["bookkeeper"]

    def _goods(self, price, quantity=1, **values):
        return Command.create({
            "product_id": self.product_a.id, "price_unit": price, "product_uom_qty": quantity,
            "tax_ids": False, **values,
        })  # fmt: skip

    def _confirmed(self, *lines, project=None, **values):
        order = self._order(project or self.project, order_line=[*lines], **values)
        order.action_confirm()
        return order

    def _post(self, order, *changes):
        """Invoice what there is, with the lines changed as a bookkeeper changes them: a dictionary
        for each line of goods, None to take the line out."""
        invoice = self._invoice_rest(order)
        goods = invoice.invoice_line_ids.filtered(
            lambda line: line.display_type == "product" and not line.is_downpayment
        )
        for line, change in zip(goods, changes, strict=False):
            if change is None:
                line.unlink()
            else:
                line.write(change)
        invoice.action_post()
        return invoice

    def _to_invoice(self, project=None):
        self.env.flush_all()
        project = (project or self.project).with_user(self.bookkeeper)
        project.invalidate_recordset()
        rows = project.env["bizuno.project.open"].search(project.action_view_to_invoice()["domain"])
        self.assertEqual(sum(rows.mapped("to_invoice")), project.to_invoice)
        return project.to_invoice

    def _ordered(self):
        """:return: what a rep sees ordered of both projects"""
        self.env.flush_all()
        projects = (self.project + self.second).with_user(self.rep)
        projects.invalidate_recordset()
        return tuple(projects.mapped("amount_ordered"))

    def _analyzed(self, name="amount_ordered"):
        """:return: what the pipeline's analysis has of both projects"""
        self.env.flush_all()
        rows = self.env["bizuno.project.analysis"].with_user(self.rep)
        found = dict(rows._read_group([], ["project_id"], [f"{name}:sum"]))
        return tuple(found[project] for project in self.project + self.second)

    # to invoice

    def test_what_is_invoiced_at_another_price_is_invoiced(self):
        for change, booked in (
            ({"discount": 15.0}, 680.0),
            ({"price_unit": 700.0}, 700.0),
            ({"price_unit": 950.0}, 950.0),
        ):
            with self.subTest(**change):
                project = self.project.copy({"analytic_account_id": False})
                order = self._confirmed(self._goods(800.0), project=project)
                self.assertEqual(self._to_invoice(project), 800.0)
                invoice = self._post(order, change)
                self.assertEqual(invoice.amount_untaxed, booked)
                self.assertEqual((order.invoice_status, order.amount_to_invoice), ("invoiced", 0.0))
                self.assertEqual(self._to_invoice(project), 0.0)

    def test_a_dear_line_settles_no_other(self):
        order = self._confirmed(self._goods(120.0), self._goods(80.0))
        self._post(order, {"price_unit": 190.0}, None)
        self.assertEqual(order.amount_to_invoice, 80.0)
        self.assertEqual(self._to_invoice(), 80.0)
        refund = order.invoice_ids._reverse_moves([{"invoice_date": "2025-03-10"}])
        refund.action_post()
        self.assertEqual(order.amount_to_invoice, 200.0)
        self.assertEqual(self._to_invoice(), 200.0)

    def test_in_another_unit(self):
        unit, dozen = self.env.ref("uom.product_uom_unit"), self.env.ref("uom.product_uom_dozen")
        order = self._confirmed(self._goods(60.0, 3, product_uom_id=dozen.id))
        self._post(order, {"product_uom_id": unit.id, "quantity": 24.0, "price_unit": 5.0})
        self.assertEqual(order.amount_to_invoice, 60.0)
        self.assertEqual(self._to_invoice(), 60.0)

    def test_more_delivered_than_ordered(self):
        self.product_a.write({"invoice_policy": "delivery", "type": "service"})
        order = self._confirmed(self._goods(25.0, 4))
        # ordered, and will be invoiced: other than Odoo, which waits for the delivery
        self.assertEqual(self._to_invoice(), 100.0)
        order.order_line.qty_delivered = 1.0
        self._post(order)
        self.assertEqual(self._to_invoice(), 75.0)
        order.order_line.qty_delivered = 6.0
        self.assertEqual(self._to_invoice(), 125.0)
        self._post(order)
        self.assertEqual((order.invoice_status, self._to_invoice()), ("invoiced", 0.0))

    def test_what_was_never_ordered_settles_nothing(self):
        # as expenses that are charged on, and what is delivered on top
        order = self._confirmed(self._goods(90.0))
        order.order_line = [self._goods(35.0, 0, name="On top")]
        extra = order.order_line[1]
        self.product_b.invoice_policy = "delivery"
        extra.product_id = self.product_b
        extra.write({"qty_delivered": 2.0, "price_unit": 35.0, "tax_ids": False})
        invoice = self._invoice_rest(order)
        goods = invoice.invoice_line_ids.filtered(lambda line: line.sale_line_ids == extra)
        (invoice.invoice_line_ids - goods).unlink()
        self.assertEqual(goods.price_subtotal, 70.0)
        invoice.action_post()
        self.assertEqual(order.amount_to_invoice, 90.0)
        self.assertEqual(self._to_invoice(), 90.0)

    def test_what_takes_back_is_less_than_nothing(self):
        order = self._confirmed(self._goods(200.0), self._goods(-45.0, name="Old one back"))
        self.assertEqual(self._to_invoice(), 155.0)
        self._post(order, {"price_unit": 210.0}, None)
        self.assertEqual(order.amount_to_invoice, -45.0)
        self.assertEqual(self._to_invoice(), -45.0)

    def test_what_is_paid_down_comes_off_and_not_below_nothing(self):
        order = self._confirmed(self._goods(150.0), self._goods(50.0))
        self._invoice_down_payment(order, 40).action_post()
        self.assertEqual(self._to_invoice(), 120.0)
        # the down payment is not taken back, and the rest cheaper
        rest = self._invoice_rest(order)
        rest.invoice_line_ids.filtered("is_downpayment").unlink()
        goods = rest.invoice_line_ids.filtered(lambda line: line.display_type == "product")
        goods[1].unlink()
        goods[0].price_unit = 140.0
        rest.action_post()
        self.assertEqual(self._to_invoice(), 0.0)

    def test_at_the_rate_of_the_order(self):
        euro = self.setup_other_currency("EUR", rates=[("2025-01-01", 2.0), ("2025-04-01", 4.0)])
        sheet = self.env["product.pricelist"].create({"name": "Euro", "currency_id": euro.id})
        order = self._confirmed(
            self._goods(120.0), self._goods(80.0), pricelist_id=sheet.id, date_order="2025-05-05"
        )
        order.currency_rate = 4.0
        self.assertEqual(self._to_invoice(), 50.0)
        self._invoice_down_payment(order, 10).action_post()
        self.assertEqual(self._to_invoice(), 45.0)
        self._post(order, {"discount": 30.0}, None)
        self.assertEqual(self._to_invoice(), 20.0)

    # ordered

    def test_a_line_on_another_project_is_ordered_for_that(self):
        """As a rep, who types it, and sees this figure alone."""
        order = self._order(self.project, order_line=[self._goods(100.0), self._goods(300.0)])
        self.second._ensure_analytic_account()
        self.assertEqual(self._ordered(), (0.0, 0.0))
        with (
            Form(order.with_user(self.rep)) as form,
            form.order_line.edit(1) as line,
        ):
            line.bizuno_project_id = self.second
        order.with_user(self.rep).action_confirm()
        self.assertEqual(self._ordered(), (100.0, 300.0))
        self.assertEqual(self._analyzed(), (100.0, 300.0))
        for project, amount in ((self.project, 100.0), (self.second, 300.0)):
            self.assertEqual(self._to_invoice(project), amount)
            seen = project.with_user(self.rep)
            self.assertEqual(seen.sale_order_count, 1)
            for action in (seen.action_view_ordered(), seen.action_view_sale_orders()):
                found = seen.env["sale.order"].search(action["domain"])
                self.assertEqual(found.ids, order.ids, project.name)
        order._create_invoices().action_post()
        for project, amount in ((self.project, 100.0), (self.second, 300.0)):
            self.assertEqual(project.with_user(self.rep).amount_invoiced, amount)
        self.assertEqual(self._analyzed("amount_invoiced"), (100.0, 300.0))

    def test_split_taken_off_and_without_a_project_of_the_order(self):
        one, two = ((self.project + self.second)._ensure_analytic_account()).ids
        order = self._order(
            self.project,
            order_line=[
                self._goods(200.0, analytic_distribution={str(one): 70.0, str(two): 30.0}),
                self._goods(50.0),
                self._goods(999.0, bizuno_project_id=False),
            ],
        )
        self._order(None, order_line=[
            self._goods(7.0, bizuno_project_id=self.second.id), self._goods(888.0)
        ]).action_confirm()  # fmt: skip
        self.assertEqual(self._ordered(), (0.0, 7.0))
        order.action_confirm()
        self.assertEqual(self._ordered(), (190.0, 67.0))
        self.assertEqual(self._analyzed(), (190.0, 67.0))
        self.assertEqual([self._to_invoice(p) for p in (self.project, self.second)], [190.0, 67.0])
        second = self.second.with_user(self.rep)
        self.assertEqual(second.sale_order_count, 2)
        # all its lines taken off: it is on the project still, and nothing of it is ordered
        order.order_line.analytic_distribution = False
        self.assertEqual(self._ordered(), (0.0, 7.0))
        project = self.project.with_user(self.rep)
        self.assertEqual(project.sale_order_count, 1)
        orders = project.env["sale.order"]
        self.assertFalse(orders.search(project.action_view_ordered()["domain"]))
        self.assertEqual(orders.search(project.action_view_sale_orders()["domain"]).ids, order.ids)

    def test_a_sale_in_an_order_of_another_project_is_one(self):
        self._order(self.second)
        self._confirmed(self._goods(300.0, bizuno_project_id=self.second.id))
        action = self.second.action_close()
        wizard = Form(
            self.env[action["res_model"]].with_user(self.rep).with_context(**action["context"])
        )
        self.assertFalse(wizard.warning)

    def test_constant_number_of_queries(self):
        def queries(count):
            projects = self.env["bizuno.project"].create(
                [{"name": str(one), "partner_id": self.customer.id} for one in range(count)]
            )
            for project in projects:
                self._confirmed(self._goods(10.0), project=project)
            self.env.flush_all()
            self.env.invalidate_all()
            page = projects.with_user(self.rep)
            with recorded_queries() as found:
                rows = page.read(["amount_ordered", "amount_invoiced", "sale_order_count"])
            self.assertEqual({row["amount_ordered"] for row in rows}, {10.0})
            return found

        few = queries(2)
        many = queries(12)
        self.assertLessEqual(len(many), len(few), "\n".join(many))
