import json

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged
from odoo.tools.safe_eval import safe_eval

from ..common_aging import AgingCommon
from ..common_pages import (
    count_queries,
    form_specification,
    recorded_queries,
    without_our_views,
)

# What our part of a customer's page may cost.
QUERIES = 12


@tagged("post_install", "-at_install")
@freeze_time(AgingCommon.TODAY)
class TestContactPage(AgingCommon):
    """What it costs to open a customer, and who sees what on the page."""

    def _page(self, login, partner=None):
        return (
            (partner or self.customer)
            .with_user(self.users[login])
            .with_context(default_role_customer=True)
        )

    def _documents(self, count):
        product = self.product_a.id
        line = {"product_id": product, "price_unit": 10, "tax_ids": []}
        self.env["sale.order"].create(
            [
                {"partner_id": self.customer.id, "order_line": [Command.create(line)]}
                for _number in range(count)
            ]
        )
        for number in range(count):
            invoice = self._invoice(10, "2025-06-01")
            if number % 2:
                self._pay(invoice, 10 if number % 4 == 1 else 4, "2025-06-05")
            self.customer.log_contact_action("ret", "Called")

    def test_opening_a_customer_costs_few_queries_whatever_it_has(self):
        self.users["bookkeeper"].group_ids += self.env.ref("bizuno_crm.group_lead_read")
        page = self._page("bookkeeper")
        specification = form_specification(page)
        with without_our_views(self.env, "res.partner"):
            plain = form_specification(page)
        self.assertGreater(len(specification), len(plain), "ours was switched off")
        self._documents(4)
        for warm in (plain, specification):
            count_queries(page, warm)
        few = count_queries(page, specification)
        self.assertLessEqual(few, count_queries(page, plain) + QUERIES)
        self._documents(8)
        self.assertLessEqual(count_queries(page, specification), few)

    def test_open_items_are_looked_up_once_for_all_figures(self):
        page = self._page("bookkeeper")
        specification = form_specification(page)
        self._documents(3)
        count_queries(page, specification)
        self.env.flush_all()
        self.env.invalidate_all()
        with recorded_queries() as queries:
            [values] = page.web_read(specification)
        self.assertTrue(values["aged_total"] and values["aged_summary"])
        looked = [query for query in queries if "account_partial_reconcile" in query]
        # What is matched with drafts, for the credit status and for the figures with their sentence
        self.assertLessEqual(len(looked), 2, "\n".join(looked))

    def test_a_new_customer_gets_defaults_from_one_look(self):
        page = self._page("bookkeeper").browse()
        page = page.with_context(res_partner_search_mode="customer")
        specification = form_specification(page)
        page.onchange({}, [], specification)
        self.env.invalidate_all()
        with recorded_queries() as queries:
            values = page.onchange({}, [], specification)["value"]
        self.assertTrue(values["property_payment_term_id"])
        for table, most in (("account_payment_term", 3), ("account_partial_reconcile", 0)):
            found = [query for query in queries if f'FROM "{table}" ' in query or table in query]
            found = [query for query in found if "account_payment_term_line" not in query]
            self.assertLessEqual(len(found), most, "\n".join(found))

    def test_the_form_names_the_documents_that_its_list_asks_for(self):
        self._documents(2)
        page = self._page("bookkeeper")
        domain = json.loads(page.aged_domain)
        self.assertEqual(
            self.Aged.search(domain), self.Aged.search(page.action_open_aged()["domain"])
        )
        self.assertTrue(self.Aged.search(domain))
        with self.assertRaises(AccessError):
            self._page("employee").read(["aged_domain"])

    def test_nothing_is_written_when_a_customer_is_opened(self):
        """Odoo reads with a cursor that cannot write."""
        self._documents(2)
        page = self._page("bookkeeper")
        specification = form_specification(page)
        self.env.flush_all()
        self.env.invalidate_all()
        with recorded_queries() as queries:
            page.web_read(specification)
            self.env.flush_all()
        self.assertTrue(queries)
        self.assertFalse([query for query in queries if not query.startswith(("SELECT", "WITH"))])

    def test_nothing_is_read_of_the_tabs_that_are_not_open(self):
        specification = form_specification(self._page("bookkeeper"))
        for name in ("history_ids", "contact_log_ids", "project_ids", "history_payment_habit"):
            self.assertNotIn(name, specification)

    def test_lists_of_the_page_cost_the_same_for_many_rows(self):
        page = self._page("bookkeeper")
        names = {
            "bizuno.customer.history": ("kind", "reference", "amount_open", "date_closed"),
            "bizuno.aged.receivable": ("reference", "date_due", "days_late", "balance"),
        }

        def read(action, limit):
            model = page.env[action["res_model"]]
            specification = {name: {} for name in names[model._name]}
            runs = []
            # What all share (rules, groups) may be looked up anew in any one run.
            for _run in range(3):
                self.env.flush_all()
                self.env.invalidate_all()
                with recorded_queries() as queries:
                    found = model.web_search_read(action["domain"], specification, limit=limit)
                runs.append(queries)
            return found["records"], min(runs, key=len)

        self._documents(2)
        for action in (page.action_open_history(), page.action_open_aged()):
            few, queries_few = read(action, 20)
            self._documents(3)
            many, queries_many = read(action, 20)
            self.assertGreater(len(many), len(few))
            self.assertLessEqual(len(queries_many), len(queries_few), "\n".join(queries_many))

    def test_the_address_of_a_list_leads_to_the_same_contacts_records(self):
        """The browser's Back and its reload load the action anew, with the id in the address."""
        page = self._page("bookkeeper")
        for method in (
            "action_open_history", "action_open_vendor_history", "action_view_contact_log",
            "action_view_reminders", "action_view_projects",
        ):  # fmt: skip
            action = getattr(page.sudo(), method)()
            context = action["context"]
            self.assertEqual(context["active_id"], page.id, method)
            stored = self.env["ir.actions.act_window"].browse(action["id"])
            self.assertEqual(
                safe_eval(stored.domain, {"active_id": page.id}),
                [tuple(leaf) if len(leaf) == 3 else leaf for leaf in action["domain"]],
                method,
            )

    def test_newest_documents_come_first(self):
        first = self._invoice(10, "2025-05-01", date="2025-04-01")
        last = self._invoice(20, "2025-06-20", date="2025-06-01")
        action = self._page("bookkeeper").action_open_history()
        rows = self.env[action["res_model"]].search_fetch(action["domain"], ["reference"], limit=1)
        self.assertEqual(rows.reference, last.name)
        everything = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(everything[-1].reference, first.name)

    def test_a_row_prints_and_pays_its_document(self):
        invoice = self._invoice(80, "2025-06-20")
        entry = self._entry(5, "2025-06-20", self.customer)
        rows = self.Aged.with_user(self.users["accountant"]).search(
            [("partner_id", "=", self.customer.id)]
        )
        row = rows.filtered(lambda row: row.move_id == invoice)
        self.assertEqual(row.action_open_document()["res_id"], invoice.id)
        self.assertEqual(row.action_pay_document()["res_model"], "account.payment.register")
        self.assertIn("report", row.action_print_document()["type"])
        paper = rows.filtered(lambda row: row.move_id == entry)
        with self.assertRaisesRegex(UserError, "there is no PDF of it"):
            paper.action_print_document()
        reader = row.with_user(self.users["rep"])
        with self.assertRaises(AccessError):
            reader.action_pay_document()
