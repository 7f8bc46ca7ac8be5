import io
import json

from odoo import http
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, freeze_time, new_test_user, tagged

from ..common_aging import AgingCommon


@tagged("post_install", "-at_install")
class TestRepSalesExport(AgingCommon, HttpCase):
    """Sales by rep as the XLSX that the list exports: a rep gets his own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rep, cls.manager = cls.users["rep"], cls.users["sales_manager"]
        for user in (cls.rep, cls.users["bookkeeper"]):
            user.group_ids += cls.env.ref("base.group_allow_export")
        cls.rep.commission_rate = 10
        invoice = cls._invoice(200, "2025-06-01", invoice_user_id=cls.rep.id)
        cls._pay(invoice, 50, "2025-06-02")
        cls._invoice(-40, "2025-06-01", invoice_user_id=cls.rep.id)
        cls._invoice(1000, "2025-06-01", invoice_user_id=cls.manager.id, ref="=1+1")

    def _xlsx(self, user):
        import openpyxl  # noqa: PLC0415

        self.authenticate(user.login, user.login)
        names = ("user_id", "partner_id", "move_id", "date", "amount_invoiced", "amount_paid",
                 "commission")  # fmt: skip
        response = self.url_open(
            "/web/export/xlsx",
            data={
                "csrf_token": http.Request.csrf_token(self),
                "data": json.dumps(
                    {
                        "model": "bizuno.rep.sales",
                        "fields": [
                            {"name": name, "label": name, "type": field.type}
                            for name in names
                            for field in [self.env["bizuno.rep.sales"]._fields[name]]
                        ],
                        "ids": False,
                        "domain": [],
                        "groupby": [],
                        "import_compat": False,
                        "context": {"allowed_company_ids": self.env.company.ids},
                    }
                ),
            },
        )
        self.assertEqual(response.status_code, 200)
        sheet = openpyxl.load_workbook(io.BytesIO(response.content)).active
        rows = list(sheet.iter_rows(min_row=2, values_only=True))
        return [dict(zip(names, row, strict=True)) for row in rows]

    def _screen(self, user):
        sales = self.env["bizuno.rep.sales"].with_user(user)
        [sums] = sales._read_group(
            [], [], ["amount_invoiced:sum", "amount_paid:sum", "commission:sum"]
        )
        return [round(amount, 2) for amount in sums]

    def test_xlsx_equals_the_screen_and_a_rep_gets_his_own(self):
        for user, count in ((self.rep, 2), (self.users["bookkeeper"], 3)):
            rows = self._xlsx(user)
            self.assertEqual(len(rows), count)
            sums = [
                round(sum(row[name] for row in rows), 2)
                for name in ("amount_invoiced", "amount_paid", "commission")
            ]
            self.assertEqual(sums, self._screen(user))
        self.assertEqual(self._screen(self.rep), [160, 50, 16])
        self.assertEqual({row["user_id"] for row in self._xlsx(self.rep)}, {self.rep.name})

    def _reader(self, login, *groups):
        return new_test_user(
            self.env, login,
            ",".join(("bizuno_crm.group_receivable_read", "base.group_allow_export", *groups)),
            password=login, company_id=self.env.company.id,
            company_ids=[(6, 0, self.env.companies.ids)],
        )  # fmt: skip

    def test_rates_are_not_for_every_reader_of_receivables(self):
        self.manager.commission_rate = 3
        reader = self._reader("rates_reader")
        sales = self.env["bizuno.rep.sales"].with_user(reader)
        self.assertEqual(sum(sales.search([]).mapped("amount_invoiced")), 1160)
        for name in ("commission", "commission_rate"):
            self.assertNotIn(name, sales.fields_get())
            for call in (
                lambda name=name: sales.search_read([], [name]),
                lambda name=name: sales.web_search_read([], {name: {}}),
                lambda name=name: sales.search([(name, ">", 0)]),
                lambda name=name: sales.search([], order=name),
                lambda name=name: sales.formatted_read_group([], ["user_id"], [f"{name}:sum"]),
                lambda name=name: sales.search([]).export_data([name]),
            ):
                with self.assertRaises(AccessError, msg=name):
                    call()
        views = sales.get_views([(False, kind) for kind in ("list", "kanban", "pivot")])["views"]
        for kind, view in views.items():
            self.assertNotIn("commission", view["arch"], kind)

    def test_a_rep_who_reads_receivables_sees_the_own_commission_alone(self):
        self.manager.commission_rate = 3
        both = self._reader("rates_both", "sales_team.group_sale_salesman_all_leads")
        both.commission_rate = 7
        self._invoice(300, "2025-06-03", invoice_user_id=both.id)
        self.env.flush_all()
        everybodys = {self.rep: (160, 16), self.manager: (1000, 30), both: (300, 21)}
        own = {self.rep: (160, 0), self.manager: (1000, 0), both: (300, 21)}
        for user, expected in (
            (both, own), (self.users["bookkeeper"], everybodys), (self.manager, everybodys),
        ):  # fmt: skip
            self.env.invalidate_all()
            sales = self.env["bizuno.rep.sales"].with_user(user)
            groups = sales._read_group(
                [], ["user_id"], ["amount_invoiced:sum", "commission:sum", "commission_rate:max"]
            )
            self.assertEqual(
                {rep: (amount, commission or 0) for rep, amount, commission, _rate in groups},
                expected,
            )
            shown = {rep for rep, amounts in expected.items() if amounts[1]}
            self.assertEqual({rep for rep, _a, _c, rate in groups if rate}, shown)
            rows = sales.search([])
            self.assertEqual(
                rows.filtered("commission").user_id, self.env["res.users"].union(*shown)
            )
            self.assertEqual(
                sales.search([("commission_rate", ">", 0)]), rows.filtered("commission")
            )
        exported = self._xlsx(both)
        self.assertEqual({row["user_id"] for row in exported if row["commission"]}, {both.name})
        # What somebody else has looked at in the same transaction is not remembered.
        rows = self.env["bizuno.rep.sales"].sudo().search([])
        self.assertEqual(sum(rows.mapped("commission")), 67)
        self.assertEqual(sum(rows.with_user(both).sudo(False).mapped("commission")), 21)

    def test_by_period_and_customer(self):
        other = self._create_customer("Quay Traders")
        self._invoice(70, "2025-05-20", other, invoice_user_id=self.rep.id)
        sales = self.env["bizuno.rep.sales"].with_user(self.rep)
        months = sales._read_group([], ["date:month"], ["amount_invoiced:sum"], order="date:month")
        self.assertEqual(
            [(str(m), a) for m, a in months], [("2025-05-01", 70), ("2025-06-01", 160)]
        )
        customers = dict(sales._read_group([], ["partner_id"], ["amount_invoiced:sum"]))
        self.assertEqual(customers, {self.customer: 160, other: 70})

    @freeze_time("2025-06-30")
    def test_a_click_opens_the_document(self):
        row = self.env["bizuno.rep.sales"].search([("amount_invoiced", "=", 200)])
        action = row.action_open_document()
        self.assertEqual((action["res_model"], action["res_id"]), ("account.move", row.move_id.id))
