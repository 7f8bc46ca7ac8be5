from functools import partial
from itertools import product

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, tagged

from ..common_credit import CreditCommon


@tagged("post_install", "-at_install")
class TestCreditHold(CreditCommon):
    def _set(self, status, reason, person="bookkeeper"):
        action = self.customer.with_user(self.users[person]).action_open_account_status()
        wizard = (
            self.env[action["res_model"]]
            .with_user(self.users[person])
            .with_context(**action["context"])
            .create({"status": status, "reason": reason})
        )
        return wizard.action_apply()

    def test_hold_asks_why_and_writes_it_down(self):
        customer = self.customer.with_context(tracking_disable=False)
        self._set("hold", "Three invoices overdue")
        self.assertEqual(customer.account_status, "hold")
        self.assertEqual(customer.account_status_reason, "Three invoices overdue")
        self._set("locked", "Bankrupt", person="bizuno_manager")
        self.assertIn("is locked: Bankrupt", customer.credit_message)
        self._set("active", "Paid", person="accountant")
        self.assertEqual(customer.account_status, "active")
        self.assertFalse(customer.account_status_reason)
        self.assertIn("Paid", customer.message_ids[:1].body)

    def test_who_and_why_are_in_the_chatter(self):
        wizard = (
            self.env["bizuno.account.status.wizard"]
            .with_user(self.users["bookkeeper"])
            .with_context(tracking_disable=False, mail_notrack=False)
            .create({"partner_id": self.customer.id, "status": "hold", "reason": "Cheque bounced"})
        )
        # what came before must not be mistaken for it
        self.env.flush_all()
        self.env.cr.precommit.run()
        wizard.action_apply()
        self.env.flush_all()
        self.env.cr.precommit.run()
        self.customer.invalidate_recordset()
        messages = (
            self.env["mail.message"]
            .sudo()
            .search([("model", "=", "res.partner"), ("res_id", "=", self.customer.id)])
        )
        message = messages.filtered("tracking_value_ids")[:1]
        self.assertTrue(message, messages.mapped("body"))
        self.assertEqual(message.author_id, self.users["bookkeeper"].partner_id)
        values = message.sudo().tracking_value_ids
        self.assertIn("Cheque bounced", values.mapped("new_value_char"))
        self.assertIn("Credit Hold", values.mapped("new_value_char"))

    def test_a_reason_is_needed(self):
        with self.assertRaisesRegex(ValidationError, "reason for changing the account of Harbour"):
            self._set("hold", "   ")

    def test_the_dialog_offers_the_release_of_a_held_account(self):
        self.customer.account_status = "hold"
        action = self.customer.action_open_account_status()
        form = Form(self.env[action["res_model"]].with_context(**action["context"]))
        self.assertEqual(form.status, "active")

    def test_who_is_inactive_is_held_and_released_without_becoming_active(self):
        """Only the hold is decided about; at the desk the customer need not even be seen."""
        self._set("hold", "Cheque bounced")
        self.customer.action_archive()
        self._set("locked", "Bankrupt", person="bizuno_manager")
        found = self.customer.account_status, self.customer.account_restriction
        self.assertEqual(found, ("inactive", "locked"))
        self.assertEqual(self.customer.account_status_reason, "Bankrupt")
        action = self.customer.with_user(self.users["bookkeeper"]).action_open_account_status()
        page = Form(
            self.env[action["res_model"]]
            .with_user(self.users["bookkeeper"])
            .with_context(**action["context"])
        )
        self.assertEqual(page.status, "active")  # the release is what is offered
        page.reason = "Insolvency is over"
        page.save().action_apply()
        self.assertEqual(self.customer.account_status, "inactive")
        self.assertFalse(self.customer.account_restriction)
        self.assertFalse(self.customer.account_status_reason)
        # and who is nothing but inactive is made active by that word
        self._set("active", "Orders again")
        self.assertTrue(self.customer.active)

    def test_a_reason_ends_with_the_status(self):
        self._set("hold", "Cheque bounced")
        self.customer.account_status = "active"
        self.assertFalse(self.customer.account_status_reason)

    def test_reps_are_refused(self):
        with self.assertRaisesRegex(AccessError, "ask accounting"):
            self._set("hold", "x", person="rep")
        with self.assertRaises(AccessError):
            self.env["bizuno.account.status.wizard"].with_user(self.rep).create(
                {"partner_id": self.customer.id, "reason": "x"}
            )
        with self.assertRaisesRegex(AccessError, "ask accounting"):
            self.customer.with_user(self.rep).account_status = "locked"

    def test_archiving_and_another_name_release_nobody(self):
        """Archiving is free; what comes back is what there was, however that is written."""
        contacts = self.env["res.partner"].with_user(self.rep)
        for status, archived in product(("hold", "locked"), (True, False)):
            held = self._create_customer("Quay", account_status=status)
            held.account_status_reason = "Late"
            mine = held.with_user(self.rep)
            if archived:
                mine.action_archive()
            for number, door in enumerate((
                lambda mine=mine: mine.write({"account_status": "active"}),
                lambda mine=mine: mine.web_save({"account_status": "active"}, {}),
                lambda mine=mine: mine.write({"account_status": "active", "comment": "x"}),
                lambda mine=mine: mine.write({"active": True, "account_restriction": False}),
            )):  # fmt: skip
                with self.subTest(number, status=status, archived=archived):
                    with self.assertRaisesRegex(AccessError, "Account Status"):
                        door()
            result = contacts.with_context(active_test=False).load(
                [".id", "account_status"], [[str(held.id), "Active"]]
            )
            self.assertIn("Account Status", result["messages"][0]["message"])
            known = held.active, held.account_restriction, held.account_status_reason
            self.assertEqual(known, (not archived, status, "Late"))
            # What it was it may be called.
            mine.write({"account_status": "inactive"})
            mine.write({"account_status": status})
            known = held.active, held.account_restriction, held.account_status_reason
            self.assertEqual(known, (True, status, "Late"))
            held.with_user(self.users["bookkeeper"]).account_status = "active"
            self.assertEqual((held.account_restriction, held.account_status_reason), (False, False))

    def test_who_was_free_is_archived_and_back_by_anybody(self):
        mine = self._create_customer("Quay").with_user(self.rep)
        for status in ("inactive", "active", "inactive"):
            mine.write({"account_status": status})
            self.assertEqual(mine.account_status, status)
        mine.web_save({"account_status": "active"}, {})
        self.assertTrue(mine.active)
        made = mine.create({"name": "New Quay", "account_status": "inactive"})
        self.assertFalse(made.active)
        with self.assertRaisesRegex(AccessError, "Account Status"):
            mine.create({"name": "New Quay", "role_customer": True, "account_status": "locked"})

    def test_a_held_account_is_not_left_for_a_company(self):
        """A contact below a company has the company's account."""
        free, held = self.env["res.partner"].create(
            [
                {"name": "Free Holding", "is_company": True, "role_customer": True},
                {"name": "Held Holding", "is_company": True, "account_status": "hold"},
            ]
        )
        person, employee = self.env["res.partner"].create(
            [
                {"name": "Held Person", "role_customer": True, "account_status": "hold"},
                {"name": "Employee", "parent_id": held.id},
            ]
        )
        as_rep = person.with_user(self.users["rep"])
        refused = partial(self.assertRaisesRegex, AccessError, "account of Held Person")
        with refused(), self.env.cr.savepoint():
            as_rep.parent_id = free
        with refused(), self.env.cr.savepoint():
            # Commands are carried out as who began the transaction.
            as_rep.env.transaction.default_env = as_rep.env
            free.with_env(as_rep.env).write({"child_ids": [(4, person.id)]})
        self.env.transaction.default_env = self.env
        as_rep.parent_id = held
        as_rep.parent_id = False
        # Who leaves a held company takes no account along.
        employee.with_user(self.users["rep"]).parent_id = free
        person.with_user(self.users["bookkeeper"]).parent_id = free
        self.assertEqual(person.commercial_partner_id, free)

    def test_it_is_shown_wherever_the_customer_is_chosen(self):
        child = self.env["res.partner"].create({"name": "Ann", "parent_id": self.customer.id})
        self.customer.account_status = "hold"
        partners = self.env["res.partner"].with_user(self.rep)

        def choose(partners):
            """What the list below the field of a page shows, and what the field then keeps."""
            found = partners.web_name_search("Harbour", {"display_name": {}})
            shown = {one["id"]: one["__formatted_display_name"] for one in found}
            return shown, {one["id"]: one["display_name"] for one in found}

        names = {self.customer.id: "Harbour Supply", child.id: "Harbour Supply, Ann"}
        shown, kept = choose(partners.with_context(res_partner_search_mode="customer"))
        self.assertEqual(shown[self.customer.id], "Harbour Supply \t `Credit Hold`")
        self.assertEqual(shown[child.id], "Harbour Supply \t --Ann-- \t `Credit Hold`")
        self.assertEqual(kept, names)
        self.customer.account_status = "locked"
        shown, kept = choose(partners.with_context(res_partner_search_mode="customer"))
        self.assertEqual(shown[self.customer.id], "Harbour Supply \t `Locked`")
        self.assertEqual(kept, names)
        self.customer.account_status = "hold"
        shown, kept = choose(partners)
        self.assertEqual(shown[self.customer.id], "Harbour Supply")
        chosen = self.customer.with_context(
            res_partner_search_mode="customer", show_address=1, show_vat=True
        )
        self.assertEqual(chosen.display_name.partition("\n")[0], "Harbour Supply")
        form = Form(self.env["sale.order"].with_user(self.rep))
        form.partner_id = self.customer
        self.assertEqual(form.credit_status, "hold")
        self.assertIn("on credit hold", form.credit_message)
