import threading
import time
from contextlib import closing

from odoo import SUPERUSER_ID, Command, api
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger


@tagged("post_install", "-at_install")
class TestCreditRace(BaseCase):
    """Two confirmations at the same moment, in two real transactions on real data, which is
    removed again."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            company = env.ref("base.main_company")
            company.write({"credit_policy": "block", "credit_scope": "invoices_and_orders"})
            env = env(context={"allowed_company_ids": company.ids})
            customer = env["res.partner"].create(
                {"name": "Racer", "company_id": company.id, "bizuno_terms": "6:0:0:30:1000"}
            )
            product = env["product.product"].create({"name": "Race", "taxes_id": False})
            orders = env["sale.order"].create(
                [
                    {
                        "partner_id": customer.id,
                        "company_id": company.id,
                        "order_line": [
                            Command.create({"product_id": product.id, "price_unit": 600})
                        ],
                    }
                    for _number in range(2)
                ]
            )
            self.order_ids, self.company_id = orders.ids, company.id
            self.made = [(one._name, one.ids) for one in (orders, product, customer)]
            self.limit = customer.credit_limit
        self.addCleanup(self._remove)

    def _remove(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            for model, ids in self.made:
                records = env[model].browse(ids)
                if model == "sale.order":
                    records._action_cancel()
                records.unlink()
            env["res.company"].browse(self.company_id).write(
                {"credit_policy": "warn", "credit_scope": "invoices"}
            )

    def _confirm(self, cr, order_id):
        env = api.Environment(
            cr, SUPERUSER_ID, {"allowed_company_ids": [self.company_id], "tracking_disable": True}
        )
        retrying(lambda: env["sale.order"].browse(order_id).action_confirm(), env)

    @mute_logger("odoo.sql_db")  # the second one fails at first, as it must
    def test_two_confirmations_at_once_cannot_both_pass(self):
        self.assertEqual(self.limit, 1000)
        outcome = []

        def second():
            with closing(self.registry.cursor()) as cr:
                # Its picture of the database is older than the first one's commit.
                cr.execute("SELECT 1 FROM res_partner LIMIT 1")
                started.set()
                try:
                    self._confirm(cr, self.order_ids[1])
                    outcome.append("confirmed")
                except UserError as error:
                    outcome.append(str(error))

        started = threading.Event()
        with closing(self.registry.cursor()) as cr:
            env = api.Environment(cr, SUPERUSER_ID, {"allowed_company_ids": [self.company_id]})
            env["sale.order"].browse(self.order_ids[0]).action_confirm()
            env.flush_all()
            thread = threading.Thread(target=second)
            thread.start()
            self.assertTrue(started.wait(10))
            self._wait_for_a_lock(cr)
            self.assertFalse(outcome, "the second one waits")
            cr.commit()  # pylint: disable=invalid-commit
            thread.join(60)
        self.assertEqual(len(outcome), 1)
        self.assertIn("Racer is over the credit limit", outcome[0])
        with self.registry.cursor() as cr:
            orders = api.Environment(cr, SUPERUSER_ID, {})["sale.order"].browse(self.order_ids)
            self.assertEqual(orders.mapped("state"), ["sale", "draft"])

    def _wait_for_a_lock(self, cr):
        with closing(self.registry.cursor()) as watch:
            for _attempt in range(100):
                watch.execute(
                    "SELECT count(*) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND wait_event_type = 'Lock'"
                )
                if watch.fetchone()[0]:
                    return
                watch.rollback()
                time.sleep(0.1)
        self.fail("the second confirmation did not meet the first")

    def test_the_request_for_approval_survives_the_refusal(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            env["res.company"].browse(self.company_id).credit_policy = "approval"
            approver = env["res.users"].create(
                {
                    "name": "Race Approver",
                    "login": "race_approver",
                    "company_id": self.company_id,
                    "company_ids": [Command.set([self.company_id])],
                    "group_ids": [
                        Command.set(
                            [
                                env.ref("account.group_account_manager").id,
                                env.ref("sales_team.group_sale_salesman_all_leads").id,
                            ]
                        )
                    ],
                }
            )
            order = env["sale.order"].browse(self.order_ids[0])
            order.order_line.price_unit = 5000
            self.made.insert(1, ("res.users", approver.ids))
            approver_id = approver.id
        with closing(self.registry.cursor()) as cr, self.assertRaises(UserError):
            self._confirm(cr, self.order_ids[0])
        with self.registry.cursor() as cr:
            order = api.Environment(cr, SUPERUSER_ID, {})["sale.order"].browse(self.order_ids[0])
            self.assertEqual(order.state, "draft")
            self.assertEqual(order.activity_ids.user_id.id, approver_id)
            order.activity_ids.unlink()
