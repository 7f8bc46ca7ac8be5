import io

import lxml.html
import openpyxl
from odoo import Command
from odoo.addons.mail.tests.common import MailCase
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from ...reports.receivable import aged_receivable_xlsx
from ..common_companies import CompaniesCommon


@tagged("post_install", "-at_install")
@freeze_time(CompaniesCommon.TODAY)
class TestCompaniesFigures(CompaniesCommon, MailCase):
    """One contact, two companies: whoever switches the company sees that company's figures."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        rep = cls.users["rep"]
        cls.customer.user_id = rep
        cls.own = cls._invoice_in(cls.here, 100, "2025-05-01", invoice_user_id=rep.id)
        cls.foreign = cls._invoice_in(cls.there, 700, "2025-06-20", invoice_user_id=rep.id)

    def _switch(self, model, *companies, user="bookkeeper"):
        self.env.invalidate_all()
        return self._in(self.env[model], *companies, user=self.users[user])

    def test_the_customers_panel(self):
        def figures(*companies):
            partner = self._switch("res.partner", *companies).browse(self.customer.id)
            return partner.aged_total, partner.aged_31_60, partner.aged_1_30

        self.assertEqual(figures(self.here), (100, 100, 0))
        self.assertEqual(figures(self.there), (700, 0, 700))
        # Amounts in two currencies are never added: the first company is the one worked in.
        self.assertEqual(figures(self.here, self.there), (100, 100, 0))
        self.assertEqual(figures(self.there, self.here), (700, 0, 700))

    def test_the_cache_does_not_carry_figures_from_one_company_to_the_other(self):
        partner = self.customer.with_user(self.users["bookkeeper"])
        self.assertEqual(self._in(partner, self.here).aged_total, 100)
        self.assertEqual(self._in(partner, self.there).aged_total, 700)

    def test_searching_by_a_figure(self):
        for company, expected in ((self.here, False), (self.there, True)):
            partners = self._switch("res.partner", company)
            found = partners.search([("aged_total", ">", 500), ("id", "=", self.customer.id)])
            self.assertEqual(bool(found), expected, company.name)

    def test_the_lists_behind_the_figures(self):
        for model, amount in (
            ("bizuno.aged.receivable", "balance"),
            ("bizuno.customer.history", "amount_company"),
            ("bizuno.rep.sales", "amount_invoiced"),
        ):
            for companies, expected in (
                ((self.here,), {self.here: 100}),
                ((self.there,), {self.there: 700}),
                ((self.here, self.there), {self.here: 100, self.there: 700}),
            ):
                records = self._switch(model, *companies)
                domain = [("partner_id", "=", self.customer.id)]
                sums = dict(records._read_group(domain, ["company_id"], [f"{amount}:sum"]))
                if model == "bizuno.customer.history":
                    # shown per document: the foreign one in its own company's currency
                    self.assertEqual(set(sums), set(expected), (model, companies))
                else:
                    self.assertEqual(sums, expected, (model, companies))

    def test_the_dashboard(self):
        rep = self.users["rep"]
        for company, name, value in ((self.here, "A", 10), (self.there, "B", 2000)):
            self.env["bizuno.project"].with_user(rep).with_company(company).create(
                {"name": name, "expected_revenue": value, "company_id": company.id}
            )
        for company, receivable, revenue in ((self.here, 100, 10), (self.there, 700, 2000)):
            data = self._switch("bizuno.dashboard", company).get_data()
            total = self._in(
                self.env["bizuno.aged.receivable"], company, user=self.users["bookkeeper"]
            ).search([])
            self.assertAlmostEqual(
                data["receivables"]["total"], sum(total.mapped("amount_total")), 2
            )
            self.assertGreaterEqual(data["receivables"]["total"], receivable)
            self.assertEqual(data["receivables"]["currency_id"], company.currency_id.id)
            pipeline = self._switch("bizuno.dashboard", company, user="rep").get_data()["pipeline"]
            self.assertEqual((pipeline["count"], pipeline["value"]), (1, revenue))
            self.assertEqual(pipeline["currency_id"], company.currency_id.id)

    def test_the_report_has_a_sheet_and_pages_for_each_company(self):
        report = self._switch("bizuno.aged.receivable.report", self.here, self.there).create(
            {"partner_ids": [Command.set(self.customer.ids)]}
        )
        self.assertEqual(report.company_ids, self.both)
        stream = io.BytesIO()
        aged_receivable_xlsx.write(report, stream)
        stream.seek(0)
        sheets = openpyxl.load_workbook(stream, data_only=True).worksheets
        self.assertEqual(len(sheets), 2)
        for sheet, company, amount in (
            (sheets[0], self.here, 100), (sheets[1], self.there, 700),
        ):  # fmt: skip
            cells = [cell for row in sheet.iter_rows(values_only=True) for cell in row if cell]
            self.assertIn(amount, cells)
            self.assertTrue(any(company.name in str(cell) for cell in cells))
            self.assertTrue(any(company.currency_id.name in str(cell) for cell in cells))
        totals = {
            section["company"]: line["amounts"][-1]
            for section in report._get_sections()
            for line in section["lines"]
            if line["kind"] == "total"
        }
        self.assertEqual(totals, {self.here: 100, self.there: 700})
        for section in report._get_sections():
            for line in section["lines"]:
                if line["kind"] == "control":
                    ledger = self.env["account.move.line"].search([
                        ("account_id.account_type", "=", "asset_receivable"),
                        ("parent_state", "=", "posted"),
                        ("company_id", "=", section["company"].id),
                    ])  # fmt: skip
                    self.assertAlmostEqual(
                        line["control"]["ledger"], sum(ledger.mapped("balance")), 2
                    )

    def test_statements_keep_the_companies_apart(self):
        statement = self._switch("bizuno.statement", self.here, self.there).create(
            {"partner_ids": [Command.set(self.customer.ids)], "date": self.TODAY}
        )
        [[_partner, pages]] = statement._get_pages()
        self.assertEqual(
            {page["company"]: page["totals"]["balance"] for page in pages},
            {self.here: 100, self.there: 700},
        )
        alone = self._switch("bizuno.statement", self.there).create(
            {"partner_ids": [Command.set(self.customer.ids)], "date": self.TODAY}
        )
        [[_partner, [page]]] = alone._get_pages()
        self.assertEqual(page["company"], self.there)

    def test_the_email_of_a_statement_names_whose_items_it_holds(self):
        """And no other company that happens to be switched on, nor the first of them for all."""
        here, there = self.here.name, self.there.name
        only_there = self._create_customer("Only There", email="there@example.com")
        self._invoice_in(self.there, 50, "2025-06-01", only_there)
        self.customer.email = "both@example.com"
        nobody = self._create_customer("Owes Nothing", email="nobody@example.com")
        for customer, switched_on, names in (
            (self.customer, (self.here, self.there), f"{here} and {there}"),
            (self.customer, (self.there, self.here), f"{there} and {here}"),
            (self.customer, (self.there,), there),
            (only_there, (self.here, self.there), there),
            (nobody, (self.here, self.there), here),
        ):
            statement = self._switch("bizuno.statement", *switched_on).create(
                {"partner_ids": [Command.set(customer.ids)], "date": self.TODAY}
            )
            with self.mock_mail_gateway():
                statement.action_send()
            line = (
                self.env["bizuno.statement.mailing.line"]
                .sudo()
                .search([("partner_id", "=", customer.id)], order="id desc", limit=1)
            )
            self.assertEqual(line.mail_id.subject, f"Statement of account from {names}")
            body = lxml.html.fromstring(str(line.mail_id.body_html))
            self.assertEqual(body.xpath("//p[last()]/text()")[-1], names)

    def test_the_log_and_the_next_reminder_of_a_shared_contact(self):
        rep = self.users["rep"]
        customer = self.customer.with_user(rep)
        with freeze_time("2025-06-01 12:00:00"):
            self._in(customer, self.here).log_contact_action("ret", "Here")
        with freeze_time("2025-06-20 12:00:00"):
            self._in(customer, self.there, self.here).log_contact_action("ret", "There")
        self._in(customer, self.here).reminder_date = "2025-07-20"
        self._in(customer, self.there).reminder_date = "2025-07-10"
        self.env.flush_all()
        for companies, count, day, reminder in (
            ((self.here,), 1, "2025-06-01", "2025-07-20"),
            ((self.there,), 1, "2025-06-20", "2025-07-10"),
            ((self.here, self.there), 2, "2025-06-20", "2025-07-10"),
        ):
            shown = self._in(customer, *companies)
            self.assertEqual(shown.contact_log_count, count)
            entries = self._in(self.env["bizuno.contact.log"], *companies, user=rep)
            self.assertEqual(
                entries.search_count([("partner_id", "=", customer.id)]), count, "as the list"
            )
            self.assertEqual(str(shown.last_contact_date.date()), day)
            self.assertEqual(str(shown.reminder_date), reminder)
            later = [("id", "=", customer.id), ("last_contact_date", ">", "2025-06-10")]
            self.assertEqual(bool(shown.search(later)), day > "2025-06-10")
            due = [("id", "=", customer.id), ("reminder_date", "<", "2025-07-15")]
            self.assertEqual(bool(shown.search(due)), reminder < "2025-07-15")
        other = self._create_customer("Between").with_user(rep)
        self._in(other, self.here).reminder_date = "2025-07-15"
        pair = [("id", "in", (customer + other).ids)]
        for company, first in ((self.here, other), (self.there, customer)):
            ordered = self._in(customer, company).search(pair, order="reminder_date")
            self.assertEqual(ordered[0], first)

    def test_values_of_each_company(self):
        customer = self.customer
        accounts = {
            company: self.env["account.account"].with_company(company).create({
                "name": "Dealers", "code": "400950", "account_type": "income",
                "company_ids": [Command.set(company.ids)],
            })
            for company in self.both
        }  # fmt: skip
        for company, terms, limit in (
            (self.here, "3:2:5:45:500", 500), (self.there, "3:2:5:10:9000", 9000),
        ):  # fmt: skip
            there = customer.with_company(company)
            there.bizuno_terms = terms
            there.property_income_account_id = accounts[company]
            self.assertEqual(there.credit_limit, limit)
        self.env.flush_all()
        self.env.invalidate_all()
        for company, limit, days in ((self.here, 500, 45), (self.there, 9000, 10)):
            there = customer.with_company(company)
            self.assertEqual(there.credit_limit, limit)
            self.assertEqual(there.property_payment_term_id.line_ids.nb_days, days)
            invoice = self._invoice_in(company, 5, "2025-06-30")
            self.assertEqual(invoice.invoice_line_ids.account_id, accounts[company])
        self.assertIn("over_limit", self._status_in(self.there, 9000))
        with self.assertRaisesRegex(UserError, "company inconsistencies"), self.env.cr.savepoint():
            customer.with_company(self.here).property_income_account_id = accounts[self.there]
            self.env.flush_all()

    def _status_in(self, company, amount):
        self._invoice_in(company, amount, "2025-12-31")
        self.env.invalidate_all()
        return self.customer.with_company(company).credit_status


@tagged("post_install", "-at_install")
class TestCompaniesRules(CompaniesCommon):
    """What belongs to a company is invisible, unreadable and unwritable for who is not in it."""

    def _records_there(self):
        manager = self.users["bizuno_manager"]
        there = {"company_id": self.there.id}
        partner = self._create_customer("Overseas only", company_id=self.there.id)
        env = self._in(self.env["res.partner"], self.there, user=manager).env
        project = env["bizuno.project"].create({"name": "P", "partner_id": partner.id, **there})
        log = env["res.partner"].browse(partner.id).log_contact_action("ret", "Hello")
        reminder = env["bizuno.reminder"].create({"name": "R", "partner_id": partner.id, **there})
        promo = env["bizuno.promo"].create({
            "name": "Sale", "subject": "S", "body_html": "<p>S</p>", "distribution": "filter",
            "partner_domain": repr([("id", "=", partner.id)]),
            "email_from": "sales@example.com", **there,
        })  # fmt: skip
        partner.email = "overseas@example.com"
        promo.action_send()
        invoice = self._invoice_in(self.there, 50, "2025-06-01", partner)
        self._invoice_in(self.there, 20, "2025-06-01", partner, move_type="in_invoice")
        self.env.flush_all()
        reports = {
            model: self._in(self.env[model], self.there).search([("move_id", "=", invoice.id)])
            for model in ("bizuno.aged.receivable", "bizuno.rep.sales")
        }
        reports["bizuno.aged.customer"] = self._in(
            self.env["bizuno.aged.customer"], self.there
        ).search([("partner_id", "=", partner.id)])
        for model in ("bizuno.aged.payable", "bizuno.aged.vendor", "bizuno.vendor.history"):
            reports[model] = self._in(self.env[model], self.there).search(
                [("partner_id", "=", partner.id)]
            )
        self._in(invoice, self.there).bizuno_project_id = project.id
        self.env.flush_all()
        for model in ("bizuno.project.profit", "bizuno.project.open"):
            reports[model] = self._in(self.env[model], self.there).search(
                [("project_id", "=", project.id)]
            )
        move = self.env["bizuno.import.run"].sudo().create(there)
        step_done = (
            self.env["bizuno.import.step"].sudo().create({"name": "contacts", "run_id": move.id})
        )
        moved = self.env["bizuno.import.record"].sudo().create({
            "key": "contacts/1", "res_model": "res.partner", "res_id": partner.id,
            "run_id": move.id, **there,
        })  # fmt: skip
        reports["bizuno.project.analysis"] = self._in(
            self.env["bizuno.project.analysis"], self.there
        ).search([("project_id", "=", project.id)])
        step = self.env["bizuno.setup.step"].sudo().create({
            "code": "policy", "state": "done", "company_id": self.there.id,
        })  # fmt: skip
        history = self._in(self.env["bizuno.customer.history"], self.there).search(
            [("partner_id", "=", partner.id)], limit=1
        )
        order = (
            self.env["sale.order"]
            .with_company(self.there)
            .create({"partner_id": partner.id, "company_id": self.there.id})
        )
        approval = self.env["bizuno.credit.approval"].sudo().create({
            "order_id": order.id, "amount": 5, "reason": "A friend",
        })  # fmt: skip
        self.env["bizuno.credit.wait"]._add(order, manager)
        wait = self.env["bizuno.credit.wait"].sudo().search([("order_id", "=", order.id)])
        mailing = self.env["bizuno.statement.mailing"].sudo().create({
            "date": self.TODAY, "user_id": manager.id, "company_id": self.there.id,
            "line_ids": [Command.create({"partner_id": partner.id})],
        })  # fmt: skip
        return [
            project, log, reminder, promo, promo.history_ids, promo.history_ids.recipient_ids,
            *reports.values(), history, approval, wait, partner, step,
            mailing, mailing.line_ids, move, moved, step_done,
        ]  # fmt: skip

    def test_each_model_of_ours_that_has_a_company(self):
        records = self._records_there()
        manager, local = self.users["bizuno_manager"], self.locals["bizuno_manager"]
        # the move from Bizuno is for administrators
        (manager + local).group_ids += self.env.ref("account.group_account_manager")
        (manager + local).group_ids += self.env.ref("base.group_system")
        ours = {
            name
            for name, model in self.env.registry.items()
            if name.startswith("bizuno.")
            and "company_id" in model._fields
            and not model._abstract
            and not model._transient
        }
        self.assertEqual(ours - {one._name for one in records}, set(), "each is tried below")
        for record in records:
            self.assertTrue(record, "made")
            self.env.invalidate_all()
            # Who works in both, and has switched this one on, sees it; in the other one not.
            there = self._in(record, self.there, user=manager)
            self.assertTrue(there.search([("id", "in", record.ids)]), record._name)
            for user in (manager, local):
                seen = self._in(record, self.here, user=user)
                self.assertFalse(seen.search([("id", "in", record.ids)]), record._name)
                with self.assertRaises(AccessError, msg=record._name):
                    seen.read(["display_name", "company_id"])
            if record._auto and record._name != "bizuno.credit.approval":
                with self.assertRaises(AccessError, msg=record._name):
                    self._in(record, self.here, user=local).unlink()

    def test_nobody_puts_anything_into_a_company_that_is_not_theirs(self):
        local = self.locals["bizuno_manager"]
        local.group_ids -= self.env.ref("bizuno_crm.group_manager")
        local.group_ids += self.env.ref("sales_team.group_sale_manager")
        for model, values in (
            ("bizuno.project", {"name": "P"}),
            ("bizuno.reminder", {"name": "R"}),
            ("bizuno.promo", {"name": "S", "email_from": "a@example.com"}),
            (
                "bizuno.contact.log",
                {
                    "partner_id": self.customer.id,
                    "action_id": self.env.ref("bizuno_crm.action_code_flw").id,
                },
            ),
        ):
            records = self.env[model].with_user(local)
            with self.assertRaises(AccessError, msg=model), self.env.cr.savepoint():
                records.create({**values, "company_id": self.there.id})
            own = records.create(values)
            self.assertEqual(own.company_id, self.here)
            with self.assertRaises(AccessError, msg=model), self.env.cr.savepoint():
                own.company_id = self.there

    def test_what_is_about_a_companys_record_belongs_to_that_company(self):
        """Whichever company is on top in the user's menu at that moment."""
        rep = self.users["rep"]
        partner = self._create_customer("Overseas only", company_id=self.there.id)
        project = self.env["bizuno.project"].create(
            {"name": "P", "partner_id": partner.id, "company_id": self.there.id}
        )
        env = self._in(partner, self.here, self.there, user=rep).env
        entry = env["res.partner"].browse(partner.id).log_contact_action("ret", "Hello")
        self.assertEqual(entry.company_id, self.there)
        wizard = env["bizuno.log.action"].create({
            "partner_id": partner.id, "project_id": project.id, "notes": "On the project",
            "action_id": self.env.ref("bizuno_crm.action_code_flw").id,
        })  # fmt: skip
        wizard.action_confirm()
        self.assertEqual(project.contact_log_ids.company_id, self.there)
        self.assertEqual(project.reminder_ids.company_id, self.there)

    def test_project_numbers_of_each_company(self):
        sequence = self.env.ref("bizuno_crm.sequence_project")
        own = sequence.sudo().copy(
            {"company_id": self.there.id, "prefix": "O/", "code": sequence.code}
        )
        projects = self._in(
            self.env["bizuno.project"], self.here, self.there, user=self.users["rep"]
        )
        here = projects.create({"name": "A"})
        there = projects.create({"name": "B", "company_id": self.there.id})
        self.assertRegex(here.number, r"^P\d{5}$")
        self.assertRegex(there.number, r"^O/\d{5}$")
        # as an import brings it
        same = projects.sudo().create(
            {"name": "C", "company_id": self.there.id, "number": here.number}
        )
        self.assertEqual(same.number, here.number, "unique within a company, as in Bizuno")
        own.active = False
        self.assertRegex(
            projects.create({"name": "D", "company_id": self.there.id}).number, r"^P\d{5}$"
        )

    def test_settings_are_those_of_the_company_worked_in(self):
        for company, policy in ((self.here, "block"), (self.there, "warn")):
            self.env["res.config.settings"].with_company(company).create(
                {"credit_policy": policy}
            ).execute()
        self.assertEqual(self.both.mapped("credit_policy"), ["block", "warn"])
