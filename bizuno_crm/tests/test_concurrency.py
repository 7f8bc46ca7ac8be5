from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_concurrency import ConcurrencyCase


@tagged("post_install", "-at_install")
class TestConcurrency(ConcurrencyCase):
    def test_twenty_projects_at_once_have_twenty_numbers(self):
        def create(env):
            return env["bizuno.project"].create({"name": "At once"}).number

        self.addCleanup(
            self._commit,
            lambda env: env["bizuno.project"].search([("name", "=", "At once")]).unlink(),
        )
        numbers = self._at_once(*[create] * 20)
        self.assertEqual(len(set(numbers)), 20, numbers)
        for number in numbers:
            self.assertRegex(number, r"^P\d{5}$")

    def test_two_people_convert_one_lead(self):
        lead_id = self._commit(
            lambda env: env["res.partner"].create({"name": "Twice", "role_lead": True}).id
        )
        self._commit(lambda env: self._forget(env["res.partner"].browse(lead_id)))

        def convert(env):
            return env["res.partner"].browse(lead_id).action_convert_lead_to_customer()

        results = self._at_once(convert, convert)
        refusals = [result for result in results if isinstance(result, UserError)]
        self.assertEqual(len(refusals), 1, results)
        self.assertIn("Twice", str(refusals[0]))

        def check(env):
            lead = env["res.partner"].browse(lead_id)
            self.assertTrue(lead.role_customer)
            self.assertFalse(lead.role_lead)
            bodies = [body for body in lead.message_ids.mapped("body") if "converted" in body]
            self.assertEqual(len(bodies), 1, "said once")

        self._commit(check)

    def test_two_people_merge_one_lead(self):
        def prepare(env):
            partners = env["res.partner"].create([
                {"name": "Merged twice", "role_lead": True, "email": "twice@example.com"},
                {"name": "Stays", "role_customer": True, "email": "twice@example.com"},
            ])  # fmt: skip
            partners[0].log_contact_action("ret", "Before")
            self._forget(partners[1].contact_log_ids + partners[0].contact_log_ids, partners)
            return partners.ids

        lead_id, target_id = self._commit(prepare)

        def merge(env):
            lead = env["res.partner"].browse(lead_id)
            wizard = env["bizuno.lead.convert"].create(
                {"lead_ids": [Command.set(lead.exists().ids)]}
            )
            return wizard.action_confirm()

        self._at_once(merge, merge)

        def check(env):
            self.assertFalse(env["res.partner"].browse(lead_id).exists())
            target = env["res.partner"].browse(target_id)
            self.assertEqual(target.contact_log_ids.mapped("notes"), ["Before"], "nothing is lost")
            bodies = [body for body in target.message_ids.mapped("body") if "was merged" in body]
            self.assertEqual(len(bodies), 1)

        self._commit(check)

    def test_two_people_close_one_project(self):
        def prepare(env):
            project = env["bizuno.project"].create({"name": "Closed twice"})
            project.reminder_date = "2099-01-01"
            self._forget(project)
            return project.id

        project_id = self._commit(prepare)

        def closing(outcome):
            return lambda env: (
                env["bizuno.project.close"]
                .create(
                    {"project_id": project_id, "outcome": outcome, "reason": f"It was {outcome}"}
                )
                .action_confirm()
            )

        results = self._at_once(closing("won"), closing("no_opportunity"))
        self.assertFalse([one for one in results if isinstance(one, Exception)], results)

        def check(env):
            project = env["bizuno.project"].browse(project_id)
            self.assertTrue(project.is_closed)
            self.assertTrue(project.date_closed)
            # the later one stands, as a whole; the chatter has both
            self.assertEqual(project.close_reason, f"It was {project.outcome}")
            self.assertEqual(project.stage_id.closing_outcome, project.outcome)
            self.assertFalse(project.reminder_ids, "nobody is reminded any more")
            told = project.message_ids.tracking_value_ids.filtered(
                lambda value: value.field_id.name == "close_reason"
            )
            self.assertEqual(
                set(told.mapped("new_value_char")), {"It was won", "It was no_opportunity"}
            )

        self._commit(check)

    def test_two_people_approve_and_confirm_one_order(self):
        def prepare(env):
            company = env.company
            before = company.credit_policy
            company.credit_policy = "approval"
            self.addCleanup(self._commit, lambda env: env.company.write({"credit_policy": before}))
            customer = env["res.partner"].create(
                {"name": "Approved twice", "company_id": company.id, "bizuno_terms": "3:2:5:30:10"}
            )
            product = env["product.product"].create({"name": "Twice", "taxes_id": False})
            order = env["sale.order"].create({
                "partner_id": customer.id,
                "order_line": [Command.create({"product_id": product.id, "price_unit": 600})],
            })  # fmt: skip
            self._forget(order, product, customer)
            return order.id

        order_id = self._commit(prepare)

        def delete_documents(env):
            order = env["sale.order"].browse(order_id)
            env["bizuno.credit.approval"].search([("order_id", "=", order_id)]).unlink()
            order._action_cancel()

        self.addCleanup(self._commit, delete_documents)

        def approve(env):
            return (
                env["bizuno.credit.approval"]
                .create({"order_id": order_id, "amount": 600, "reason": "Known for years"})
                .id
            )

        approvals = self._at_once(approve, approve)
        self.assertEqual(len(set(approvals)), 2, "who let it pass is in the history, both of them")

        def confirm(env):
            return env["sale.order"].browse(order_id).action_confirm()

        results = self._at_once(confirm, confirm)
        self.assertEqual(
            sorted(isinstance(result, UserError) for result in results), [False, True], results
        )
        state = self._commit(lambda env: env["sale.order"].browse(order_id).state)
        self.assertEqual(state, "sale")
