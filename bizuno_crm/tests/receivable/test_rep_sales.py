import io
import json

from odoo import http
from odoo.tests import HttpCase, freeze_time, tagged

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
