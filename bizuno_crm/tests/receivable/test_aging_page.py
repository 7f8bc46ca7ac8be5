import io
from ast import literal_eval
from datetime import date

import lxml.etree
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Domain
from odoo.tests import Form, freeze_time, new_test_user, tagged
from odoo.tools.safe_eval import safe_eval

from ...reports.receivable import aged_receivable_xlsx
from ..common_aging import AgingCommon
from ..common_companies import CompaniesCommon


@tagged("post_install", "-at_install")
@freeze_time(AgingCommon.TODAY)
class TestAgingPage(AgingCommon):
    """The page Aged Receivables: rows per customer, the head above them, its buttons."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls._create_customer("Quay Traders")
        cls.customer.user_id = cls.users["rep"]
        invoice = cls._invoice(1234.56, "2025-05-10", date="2025-04-10")
        cls._pay(invoice, 234.56, "2025-06-20")
        cls._invoice(-100, "2025-06-01")
        cls._invoice(77.7, "2025-07-15", cls.other, date="2025-06-15")
        cls._entry(-20, "2025-06-25", cls.other)
        cls._entry(50, "2025-01-01")
        cls.Page = cls.env["bizuno.aged.customer"]

    def _as(self, name, **context):
        return self.Page.with_user(self.users[name]).with_context(**context)

    def test_rows_are_the_sums_of_the_items(self):
        for at in (None, "2025-06-10", "2025-05-11", "2025-06-24"):
            page, aged = (model.with_context(aged_at=at) for model in (self.Page, self.Aged))
            names = [
                "amount_current", "amount_1_30", "amount_31_60", "amount_61_90", "amount_91_120",
                "amount_over_120", "amount_total", "amount_past_due", "unapplied", "balance",
            ]  # fmt: skip
            rows = page.search([])
            self.assertTrue(rows)
            for row in rows:
                items = aged.search([("partner_id", "=", row.partner_id.id)])
                self.assertEqual(row.item_count, len(items))
                self.assertEqual(row.days_late, max(items.mapped("days_late")))
                for name in names:
                    self.assertAlmostEqual(row[name], sum(items.mapped(name)), 2, (at, name))
            self.assertAlmostEqual(
                sum(rows.mapped("balance")), sum(aged.search([]).mapped("balance")), 2
            )

    def test_who_may_send_statements_is_offered_it(self):
        self.env.company.aging_reps_see_own = True
        for name, may_send in (("bookkeeper", True), ("rep", True), ("bizuno_manager", True)):
            head = self._as(name).get_aged_page()
            self.assertEqual((head["may_send"], head["may_plan"]), (may_send, True), name)
        rows = self._as("rep").search([])
        self.assertEqual(rows.partner_id, self.customer)
        context = rows.action_send_statements()["context"]
        self.assertEqual(context["default_partner_ids"], self.customer.ids)
        reader = new_test_user(
            self.env, "aged_page_reader", "account.group_account_readonly",
            company_id=self.env.company.id, company_ids=[Command.set(self.env.company.ids)],
        )  # fmt: skip
        self.assertFalse(self.Page.with_user(reader).get_aged_page()["may_send"])

    def test_a_call_list_of_many_names_their_number(self):
        many = self.env["res.partner"].create([{"name": f"Berth {n}"} for n in range(31)])
        for partners, is_named in ((many[:30], True), (many, False)):
            form = Form(
                self.env["bizuno.aging.activity"]
                .with_user(self.users["bookkeeper"])
                .with_context(default_partner_ids=partners.ids)
            )
            self.assertEqual(form.partner_count, len(partners))
            self.assertEqual(not form._get_modifier("partner_ids", "invisible"), is_named)

    def test_who_telephones_is_found_with_the_account(self):
        """By a person's name or Contact ID, whatever a company is part of, active or not."""
        self.customer.is_company = True
        berth = self._create_customer("Berth Office", parent_id=self.customer.id)
        kim = self._create_customer("Kim Lee", parent_id=berth.id)
        north = self._create_customer("North Pier", parent_id=self.customer.id, is_company=True)
        self._invoice(12, "2025-05-10", north)
        self.other.ref = "Q-778"
        self.other.active = False
        models = (
            "bizuno.aged.receivable", "bizuno.aged.customer", "bizuno.rep.sales",
        )  # fmt: skip
        bookkeeper = self.users["bookkeeper"]
        for name in models:
            model = self.env[name].with_user(bookkeeper)
            arch = lxml.etree.fromstring(model.get_view(view_type="search")["arch"])
            self.assertTrue(arch.xpath("//field[@name='searched_partner_id']"), name)
            for operator, value, found in (
                ("ilike", "kim l", self.customer),
                ("=", kim.id, self.customer),
                ("=", self.customer.id, self.customer + north),
                ("ilike", "north pi", north),
                ("ilike", "Q-778", self.other),
                ("ilike", "nobody of that name", self.customer.browse()),
            ):
                rows = model.search([("searched_partner_id", operator, value)])
                self.assertEqual(rows.partner_id, found, (name, operator, value))

    def test_credits_are_not_shown_as_past_due_on_a_phone(self):
        """As on the list: who has credits alone owes nothing, though they are old."""
        credit = self._create_customer("Credit Pier")
        self._invoice(-70, "2025-01-10", credit)
        [row] = self._as("bookkeeper").search([("partner_id", "=", credit.id)])
        self.assertLess(row.amount_past_due, 0)
        for name in ("bizuno.aged.customer", "bizuno.aged.vendor"):
            model = self.env[name].with_user(self.users["bookkeeper"])
            card = lxml.etree.fromstring(model.get_view(view_type="kanban")["arch"])
            [shown] = card.xpath("//*[field[@name='amount_past_due']]")
            condition = shown.get("t-if")
            for amount, is_shown in ((row.amount_past_due, False), (0, False), (12.5, True)):
                value = condition.replace("record.amount_past_due.raw_value", str(amount))
                self.assertEqual(bool(safe_eval(value)), is_shown, (name, condition, amount))

    def test_a_page_of_the_list_knows_how_many_there_are(self):
        for number in range(4):
            self._invoice(10 + number, "2025-06-01", self._create_customer(f"Berth {number}"))
        self._entry(5, "2025-06-01")
        page = self._as("bookkeeper")
        spec = {"balance": {}, "partner_id": {"fields": {"display_name": {}}}}
        everyone = page.search([])
        for order in (None, "balance DESC", "days_late, partner_id"):
            rows = page.search([], order=order)
            self.assertEqual(len(rows), len(everyone))
            for offset in (0, 2, 4):
                found = page.web_search_read([], spec, offset=offset, limit=2, order=order)
                self.assertEqual(found["length"], len(everyone))
                expected = rows[offset : offset + 2]
                self.assertEqual([one["id"] for one in found["records"]], expected.ids)
                self.assertEqual(
                    [one["balance"] for one in found["records"]], expected.mapped("balance")
                )
        self.assertEqual(page.web_search_read([], spec, limit=2, count_limit=3)["length"], 3)
        self.assertEqual(page.web_search_read([("balance", ">", 10**9)], spec)["length"], 0)

    def test_a_row_is_found_by_its_id_and_opens_its_items(self):
        rows = self._as("bookkeeper", aged_at="2025-06-10").search([])
        for row in rows:
            self.env.invalidate_all()
            again = rows.browse(row.id)
            self.assertEqual(again.read(["balance"])[0]["balance"], row.balance)
            action = again.action_open_items()
            items = self.env[action["res_model"]].with_context(**action["context"])
            found = items.search(action["domain"])
            self.assertAlmostEqual(sum(found.mapped("balance")), row.balance, 2)
            self.assertEqual(len(found), row.item_count)
            contact = items.get_aged_page(action["domain"])["contact"]
            partner = row.partner_id
            self.assertEqual(contact, bool(partner) and {"id": partner.id, "phone": partner.phone})

    def test_the_head_counts_everything_and_ties_to_the_ledger(self):
        page = self._as("bookkeeper")
        head = page.get_aged_page([])
        self.assertFalse(head["refusal"])
        self.assertTrue(head["is_everything"])
        [company] = head["companies"]
        self.assertAlmostEqual(company["total"], 1027.7)
        self.assertAlmostEqual(company["past_due"], 950)
        self.assertAlmostEqual(company["unapplied"], 20)
        self.assertAlmostEqual(company["balance"], self._ledger("2025-06-30"))
        self.assertAlmostEqual(company["control"]["ledger"], self._ledger("2025-06-30"))
        self.assertEqual((company["control"]["difference"], company["control"]["entries"]), (0, []))
        self.assertEqual(company["documents"], "5 open documents")
        self.assertEqual(page._describe_documents(12014), "12,014 open documents")
        dates = {one["key"]: one["date"] for one in head["dates"]}
        self.assertEqual(
            dates, {"today": "2025-06-30", "month": "2025-05-31", "quarter": "2025-03-31"}
        )
        [found] = page.get_aged_page([("partner_id", "=", self.other.id)])["companies"]
        self.assertAlmostEqual(found["balance"], 57.7)
        self.assertAlmostEqual(found["control"]["items"], company["control"]["items"])
        [then] = page.with_context(aged_at="2025-05-11").get_aged_page([])["companies"]
        self.assertAlmostEqual(then["balance"], self._ledger("2025-05-11"))
        documents = self.env["bizuno.aged.receivable"].with_user(self.users["bookkeeper"])
        [late] = documents.get_aged_page([("bucket", "=", "over_120")])["companies"]
        self.assertEqual((late["total"], late["documents"]), (50, "1 open document"))

    def test_a_difference_is_shown_with_its_entries(self):
        line = self._receivable_lines(self._invoice(10, "2025-06-01", self.other))
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE account_move_line SET amount_residual = 7 WHERE id = %s", [line.id]
        )
        self.env.invalidate_all()
        [company] = self._as("bookkeeper").get_aged_page([])["companies"]
        control = company["control"]
        self.assertEqual(control["difference"], 3)
        self.assertEqual([one["amount"] for one in control["entries"]], [3])
        self.assertEqual(control["entries"][0]["id"], line.move_id.id)

    def test_a_rep_is_told_why_there_is_nothing(self):
        rep = self._as("rep")
        sentence = rep.get_aged_page([])["refusal"]
        self.assertIn("Sales Reps See Their Customers' Receivables", sentence)
        for model in (rep, self.env["bizuno.aged.receivable"].with_user(self.users["rep"])):
            # as Odoo reads it for the page: with all rights
            for own in (model, model.sudo()):
                self.assertIn("You may not see", own.get_empty_list_help("<p>Nobody owes</p>"))
            for name in ("action_print", "action_download_xlsx", "action_send_statements"):
                with self.assertRaisesRegex(AccessError, "may not see"):
                    getattr(model, name)()
        report = self.env["bizuno.aged.receivable.report"].with_user(self.users["rep"]).create({})
        for name in (
            "action_open", "action_print", "action_download_xlsx", "action_send_statements",
        ):  # fmt: skip
            with self.assertRaisesRegex(AccessError, "may not see"):
                getattr(report, name)()
        self.assertFalse(self._menus("rep"))
        self.assertEqual(self._menus("bookkeeper"), {"aged", "documents", "report"})

    def test_a_rep_who_may_sees_his_customers_and_that_there_are_others(self):
        self.env.company.aging_reps_see_own = True
        head = self._as("rep").get_aged_page([])
        self.assertIn("see only", head["hint"])
        [company] = head["companies"]
        self.assertEqual((company["balance"], company["control"]), (900, None))
        self.assertEqual(self._as("rep").search([]).partner_id, self.customer)
        self.assertEqual(self._menus("rep"), {"aged", "documents", "report"})
        report = self.env["bizuno.aged.receivable.report"].with_user(self.users["rep"]).create({})
        self.assertIn("Your customers only", report._get_filters_text())

    def _menus(self, name):
        shown = self.env["ir.ui.menu"].with_user(self.users[name]).load_menus(False)
        return {
            kind
            for kind in ("aged", "documents", "report")
            if self.env.ref(f"bizuno_crm.menu_receivables_{kind}").id in shown
        }

    def test_buttons_take_the_ticked_rows_or_all_that_is_shown(self):
        page = self._as("bookkeeper", aged_at="2025-06-24", aging_basis="invoice_date")
        [row] = page.search([("partner_id", "=", self.other.id)])
        for rows, domain, expected in (
            (row, [], {"Quay Traders"}),
            (page, [("partner_id", "=", self.customer.id)], {self.customer.name}),
            (page, [], {"Quay Traders", self.customer.name, None}),
            (page, [("balance", ">", 500)], {self.customer.name}),
        ):
            action = rows.with_context(active_domain=domain).action_download_xlsx()
            report = self.env["bizuno.aged.receivable.report"].browse(
                int(action["url"].split("/")[-1].split(".")[0])
            )
            self.assertEqual(report.date, date(2025, 6, 24))
            self.assertEqual(report.aging_basis, "invoice_date")
            report = report.with_user(self.users["bookkeeper"])
            self.assertEqual({one.partner_name for one in report._iter_rows()}, expected)
        action = page.with_context(active_domain=[]).action_send_statements()
        self.assertIn("2025-06-24", str(action["context"]))
        action = row.action_plan_activity()
        self.assertEqual(action["context"]["default_partner_ids"], self.other.ids)

    def test_a_search_that_is_none_is_refused(self):
        report = self.env["bizuno.aged.receivable.report"].with_user(self.users["bookkeeper"])
        bad = report.create(
            {"page_model": "bizuno.aged.customer", "page_domain": "__import__('os')"}
        )
        with self.assertRaisesRegex(UserError, "cannot be read"):
            bad._get_domain()

    def test_buckets_stand_in_the_order_of_their_age(self):
        self._invoice(5, "2025-02-15")
        groups = self.Aged.formatted_read_group([], ["bucket"], ["balance:sum"])
        self.assertEqual(
            [group["bucket"] for group in groups],
            ["current", "1_30", "31_60", "over_120", "unapplied"],
        )
        by_customer = self.Aged._read_group([], ["partner_id", "bucket"], ["balance:sum"])
        self.assertEqual(len(by_customer), 6)

    def test_zero_and_credit_balances_can_be_searched(self):
        even = self._create_customer("Even Steven")
        self._invoice(40, "2025-06-01", even)
        self._entry(-40, "2025-06-01", even)
        owed = self._create_customer("In Credit")
        self._entry(-40, "2025-06-01", owed)
        arch = lxml.etree.fromstring(self.Page.get_view(view_type="search")["arch"])
        for name, expected in (("zero", even), ("credits", owed)):
            [node] = arch.xpath(f"//filter[@name='{name}']")
            domain = Domain(literal_eval(node.get("domain")))
            self.assertEqual(self.Page.search(domain).partner_id, expected)

    def test_impossible_dates_are_refused_in_a_sentence(self):
        for day in ("0001-01-01", "9999-12-31"):
            with self.assertRaisesRegex(UserError, "choose a date from the year"):
                self._as("bookkeeper", aged_at=day).get_aged_page([])
            with self.assertRaisesRegex(UserError, "choose a date from the year"):
                self.env["bizuno.aged.receivable.report"].create({"date": day})

    def test_grouped_lists_add_up_the_rows_of_customers(self):
        """Whichever way a sum by customer is made, it is the same."""
        names = ["__count", "amount_1_30:sum", "balance:sum", "days_late:max", "unapplied:sum"]
        for at in (None, "2025-06-10", "2025-05-11"):
            aged = self.Aged.with_context(aged_at=at)
            plain = [("reference", "!=", "no such"), ("reference", "!=", False)]
            for groupby in (["partner_id"], ["user_id"], ["company_id", "partner_id"]):
                summed = aged._read_group([], groupby, names, order="balance:sum DESC, __count")
                slow = aged._read_group(plain, groupby, names, order="balance:sum DESC, __count")
                self.assertEqual(len(summed), len(slow))
                for fast_row, slow_row in zip(summed, slow, strict=True):
                    head = len(groupby)
                    self.assertEqual(fast_row[:head], slow_row[:head])
                    for one, two in zip(fast_row[head:], slow_row[head:], strict=True):
                        self.assertAlmostEqual(float(one), float(two), 2, (at, groupby))
            groups = aged.web_read_group([], ["partner_id"], names, limit=1)
            self.assertEqual(groups["length"], len(aged._read_group([], ["partner_id"])))


@tagged("post_install", "-at_install")
@freeze_time(AgingCommon.TODAY)
class TestAgingPageCompanies(CompaniesCommon):
    """Several companies at once: a row is of one company."""

    def test_hide_zero_is_by_company_and_customer(self):
        customer = self._create_customer("In two companies")
        both = self.both
        self._invoice_in(self.here, 130, "2025-06-01", customer)
        self._invoice_in(self.there, 130, "2025-06-01", customer, move_type="out_refund")
        for detail in ("summary", "detail"):
            report = self._in(self.env["bizuno.aged.receivable.report"], *both).create(
                {
                    "company_ids": [Command.set(both.ids)],
                    "partner_ids": [Command.set(customer.ids)],
                    "detail": detail,
                    "hide_zero": True,
                }
            )
            self.assertEqual(sorted(row.amounts[-1] for row in report._iter_rows()), [-130, 130])
            self.assertEqual(
                len(
                    self._in(self.env["bizuno.aged.customer"], *both).search(
                        report._get_customers_domain()
                    )
                ),
                2,
            )


@tagged("post_install", "-at_install")
@freeze_time(AgingCommon.TODAY)
class TestAgingInDocumentCurrency(AgingCommon):
    """PDF and XLSX "In the document's currency": a block per currency."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.yen = cls.setup_other_currency("JPY", rounding=1.0)
        cls._invoice(100, "2025-06-01")
        cls._invoice(210000, "2025-05-01", currency_id=cls.yen.id)
        cls._pay(cls._invoice(90000, "2025-07-15", date="2025-06-15", currency_id=cls.yen.id),
                 40000, "2025-06-20")  # fmt: skip

    def _report(self, **values):
        return self.env["bizuno.aged.receivable.report"].create(
            {"in_document_currency": True, **values}
        )

    def test_rows_are_what_the_documents_state(self):
        own = self.env.company.currency_id
        for detail in ("detail", "summary"):
            sums = {}
            for row in self._report(detail=detail)._iter_rows():
                sums.setdefault(row.currency_id, []).append(row.amounts)
            totals = {key: [sum(parts) for parts in zip(*rows, strict=True)]
                      for key, rows in sums.items()}  # fmt: skip
            self.assertEqual(totals[own.id][-1], 100)
            self.assertEqual(totals[self.yen.id][-1], 260000)
            self.assertEqual(totals[self.yen.id][0], 50000)
            self.assertEqual(totals[self.yen.id][2], 210000)

    def test_pdf_and_xlsx_have_a_block_per_currency(self):
        import openpyxl  # noqa: PLC0415

        for detail in ("detail", "summary"):
            report = self._report(detail=detail)
            sections = report._get_sections()
            self.assertEqual(
                [section["currency"] for section in sections],
                sorted([self.env.company.currency_id, self.yen], key=lambda own: own.id),
            )
            kinds = [line["kind"] for section in sections for line in section["lines"]]
            self.assertEqual((kinds.count("total"), kinds.count("control")), (2, 1))
            html, _type = self.env["ir.actions.report"]._render_qweb_html(
                "bizuno_crm.report_aged_receivable_document", report.ids
            )
            self.assertIn("260,000<", html.decode())
            self.assertIn("Amounts in", html.decode())
            stream = io.BytesIO()
            aged_receivable_xlsx.write(report, stream)
            stream.seek(0)
            book = openpyxl.load_workbook(stream, data_only=True)
            self.assertEqual({name[-3:] for name in book.sheetnames}, {"USD", "JPY"})
            for sheet in book:
                self.assertEqual(sheet.page_setup.orientation, "landscape")
                self.assertEqual(sheet.print_title_rows, "$4:$4")

    def test_pdf_states_foreign_amounts_with_their_decimals(self):
        report = self.env["bizuno.aged.receivable.report"].create(
            {"partner_ids": [Command.set(self.customer.ids)]}
        )
        html, _type = self.env["ir.actions.report"]._render_qweb_html(
            "bizuno_crm.report_aged_receivable_document", report.ids
        )
        self.assertIn("JPY 210,000<", html.decode())
        self.assertIn("For all customers, not only those above", html.decode())
