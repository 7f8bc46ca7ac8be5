import io

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, HttpCase, tagged
from odoo.tools import mute_logger

from ...reports.profit import project_portfolio_xlsx
from ..common_pages import recorded_queries
from .common_profit import ProfitCommon

REPORT = "bizuno_crm.report_project_portfolio"


@tagged("post_install", "-at_install")
class TestProjectPortfolio(ProfitCommon, HttpCase):
    """All projects on one paper, and in one workbook."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bookkeeper = cls.users["bookkeeper"]
        cls.market = cls.env["bizuno.market"].create({"code": "ZZ", "name": "Breweries"})
        cls.project.write({"market_id": cls.market.id, "expected_revenue": 500.0})

    def setUp(self):
        super().setUp()
        for project, price, cost in ((self.project, 100.0, 40.0), (self.second, 50.0, 60.0)):
            self._move(project, "out_invoice", price).action_post()
            self._move(project, price=cost).action_post()
        self._order(self.second).action_confirm()
        self.env.flush_all()

    def _report(self, user=None, **values):
        reports = self.env["bizuno.project.portfolio"].with_user(user or self.bookkeeper)
        return reports.create(values)

    def _rows(self, report):
        return {
            row["project"].name: dict(zip(report._get_amount_names(), row["amounts"], strict=True))
            for section in report._get_sections()
            for row in section["rows"]
        }

    def test_a_row_says_what_the_project_says(self):
        report = self._report()
        rows = self._rows(report)
        self.assertEqual(rows.keys(), {"Cold store", "Pumps"})
        for project in (self.project + self.second).with_user(self.bookkeeper):
            for name, value in rows[project.name].items():
                self.assertEqual(value, project[name], f"{name} of {project.name}")
        self.assertEqual(rows["Pumps"]["to_invoice"], 200.0)

    def test_period_choice_and_groups(self):
        self._move(self.project, price=7.0, date="2025-06-10", invoice_date="2025-06-10")
        self._move(
            self.project, price=8.0, date="2025-06-10", invoice_date="2025-06-10"
        ).action_post()
        june = self._report(date_from="2025-06-10", date_to="2025-06-10")
        rows = self._rows(june)
        self.assertEqual((rows["Cold store"]["revenue"], rows["Cold store"]["cost"]), (0.0, 8.0))
        # what is open is open today
        self.assertEqual(rows["Pumps"]["to_pay_in"], 50.0)
        self.assertEqual(self._rows(self._report(date_to="2025-06-09"))["Cold store"]["cost"], 40.0)

        chosen = self._report(project_ids=self.second.ids)
        self.assertEqual(self._rows(chosen).keys(), {"Pumps"})
        nothing = self.env["bizuno.project"].create({"name": "Idle"})
        idle = self._rows(self._report(project_ids=nothing.ids))
        self.assertEqual(set(idle["Idle"].values()), {0.0})
        self.second.active = False
        self.assertIn("Pumps", self._rows(self._report()))

        sections = self._report(group_by="market_id")._get_sections()
        self.assertEqual([one["label"] for one in sections], ["Breweries", "None"])
        self.assertEqual(sections[1]["amounts"][1:4], [50.0, 60.0, -10.0])
        with self.assertRaisesRegex(UserError, "swap"):
            self._report(date_from="2025-06-10", date_to="2025-06-09")

    def test_paper(self):
        report = self._report(group_by="partner_id", date_to="2025-12-31")
        printer = self.env["ir.actions.report"].with_user(self.bookkeeper)
        html = printer._render_qweb_html(REPORT, report.ids)[0].decode()
        for text in ("Cold store", self.customer.name, "100.00", "Up to 12/31/2025", "Total"):
            self.assertIn(text, html)
        self.assertEqual(report.action_print()["report_name"], f"{REPORT}_document")
        idle = self.env["bizuno.project"].create({"name": "Idle"})
        empty = self._report(date_to="2001-01-01", project_ids=idle.ids)
        html = printer._render_qweb_html(REPORT, empty.ids)[0].decode()
        self.assertIn("Idle", html)
        self.assertNotIn("Cold store", html)

    def test_workbook_has_numbers_and_formulas(self):
        import openpyxl  # noqa: PLC0415

        self.second.name = "=1+1"
        self.authenticate("bizuno_bookkeeper", "bizuno_bookkeeper")
        report = self._report(group_by="market_id")
        answer = self.url_open(report.action_download_xlsx()["url"])
        self.assertEqual(answer.status_code, 200)
        stream = io.BytesIO(answer.content)
        values = openpyxl.load_workbook(stream, data_only=True).active
        formulas = openpyxl.load_workbook(stream).active
        head = {cell.value: cell.column - 1 for cell in values[4]}
        rows = {row[1].value or row[0].value: row for row in values.iter_rows(min_row=5)}
        texts = {cell.value for row in values.iter_rows() for cell in row}
        self.assertIn("=1+1", texts)
        cold = rows["Cold store"]
        self.assertEqual(
            [cold[head[name]].value for name in ("Revenue", "Cost", "Margin")], [100.0, 40.0, 60.0]
        )
        total = rows["Total"]
        self.assertEqual(total[head["Margin"]].value, 50.0)
        for name in ("Revenue", "Cost", "To Invoice"):
            formula = formulas[total[head[name]].coordinate].value
            self.assertTrue(formula.startswith("=SUBTOTAL(109,"), formula)
            self.assertEqual(formulas[cold[head[name]].coordinate].data_type, "n")
        row = cold[0].row
        revenue, cost = (cold[head[name]].column_letter for name in ("Revenue", "Cost"))
        self.assertEqual(
            formulas[cold[head["Margin"]].coordinate].value, f"={revenue}{row}-{cost}{row}"
        )
        self.assertAlmostEqual(cold[head["Margin (%)"]].value, 0.6)

    def test_from_the_list_for_the_ticked_ones(self):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "bizuno_crm.bizuno_project_portfolio_action"
        )
        reports = self.env[action["res_model"]].with_user(self.bookkeeper)
        context = {"active_model": "bizuno.project", "active_ids": self.second.ids}
        with Form(reports.with_context(**context)) as form:
            self.assertEqual(form.project_ids[:], self.second.with_user(self.bookkeeper))
        self.assertEqual(self._rows(form.record).keys(), {"Pumps"})

    @mute_logger("odoo.http")  # the refusals
    def test_a_rep_has_his_own_if_the_settings_say_so(self):
        rep = self.users["rep"]
        (self.project + self.second).user_id = self.users["sales_manager"]
        self.second.user_id = rep
        for user in (rep, self.users["employee"], self.users["bizuno_manager"]):
            with self.assertRaises(AccessError):
                self._report(user)
        report = self._report()
        self.authenticate("bizuno_rep", "bizuno_rep")
        url = f"/bizuno_crm/project_portfolio/{report.id}.xlsx"
        self.assertNotEqual(self.url_open(url).status_code, 200)
        self.env["res.config.settings"].create({"group_project_profit_reps": True}).execute()
        # the bookkeeper's, still
        self.assertNotEqual(self.url_open(url).status_code, 200)
        with self.assertRaises(AccessError):
            report.with_user(rep)._get_sections()
        own = self._report(rep)
        self.assertEqual(self._rows(own).keys(), {"Pumps"})
        self.assertIn("Your projects only", own._get_subtitle())
        self.assertNotIn("Your projects only", report._get_subtitle())
        chosen = self._report(rep, project_ids=(self.project + self.second).ids)
        self.assertEqual(self._rows(chosen).keys(), {"Pumps"})

    def test_constant_number_of_queries(self):
        def queries(count):
            projects = self.env["bizuno.project"].create(
                [{"name": str(one), "partner_id": self.customer.id} for one in range(count)]
            )
            for project in projects:
                self._move(project, price=10.0).action_post()
            report = self._report(group_by="stage_id", project_ids=projects.ids)
            self.env.flush_all()
            self.env.invalidate_all()
            with recorded_queries() as found:
                project_portfolio_xlsx.write(report, io.BytesIO())
            return found

        queries(1)
        few = queries(2)
        many = queries(12)
        self.assertLessEqual(len(many), len(few), "\n".join(many))
