import lxml.html
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from ..common_aging import AgingCommon


@tagged("post_install", "-at_install")
class TestStatementPortal(AgingCommon, HttpCase):
    """A customer with a login sees the own account, and nobody else's."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.write({"is_company": True, "account_status": "hold"})
        cls.buyer = cls._create_customer("Bea Buyer", parent_id=cls.customer.id)
        cls.stranger = cls._create_customer("Quay Traders")
        for login, partner in (("bea", cls.buyer), ("quay", cls.stranger)):
            new_test_user(
                cls.env, login=login, password=f"{login}{login}", groups="base.group_portal",
                name=partner.name, email=f"{login}@example.com", partner_id=partner.id,
                company_id=cls.env.company.id, company_ids=[(6, 0, cls.env.company.ids)],
            )  # fmt: skip
        cls.invoice = cls._invoice(4321, "2025-05-01", ref="PO 77")
        cls.other = cls._invoice(987, "2025-05-01", cls.stranger)

    def _page(self, url, login):
        self.authenticate(login, login * 2)
        return self.url_open(url)

    def test_own_account_with_balance_aging_documents_and_pdf(self):
        page = self._page("/my/statement", "bea").text.replace("\u00a0", " ")
        for text in ("4,321.00", self.invoice.name, "PO 77", "Over 120", "/my/statement/pdf"):
            self.assertIn(text, page)
        self.assertNotIn(self.other.name, page)
        self.assertNotIn("Hold", page, "what we think of the account is ours")
        home = self.url_open("/my").text
        self.assertIn("/my/statement", home)
        pdf = self.url_open("/my/statement/pdf")
        self.assertEqual(pdf.status_code, 200)
        self.assertEqual(pdf.headers["Content-Type"], "application/pdf")
        self.assertIn("Harbour%20Supply", pdf.headers["Content-Disposition"])

    def test_each_figure_stands_under_its_heading_and_no_more_is_asked_than_is_owed(self):
        self._invoice(10, "2025-06-20", ref=False)
        self._pay(self._invoice(300, "2025-05-01"), 300, "2025-06-01")
        self._entry(-100, "2025-06-10", self.customer)
        page = self._page("/my/statement", "bea").text
        table = lxml.html.fromstring(page).xpath("//table[.//th[contains(., 'Balance')]]")[0]
        columns = len(table.xpath(".//thead//th"))
        rows = table.xpath(".//tbody/tr")
        self.assertGreater(len(rows), 1)
        self.assertEqual([len(row.xpath("./td")) for row in rows], [columns] * len(rows))
        statement = self.env["bizuno.statement"].create({"partner_ids": self.customer.ids})
        [[_partner, [block]]] = statement._get_pages()
        totals = block["totals"]
        self.assertTrue(totals["unapplied"])
        self.assertEqual(totals["amount_asked"], totals["amount_past_due"] - totals["unapplied"])

    def test_payment_is_offered_where_it_can_be_made(self):
        providers = self.env["payment.provider"].search([])
        providers.write({"state": "disabled"})
        self.assertNotIn("payment=True", self._page("/my/statement", "bea").text)

    def test_nobody_elses(self):
        page = self._page(f"/my/statement?partner_id={self.customer.id}", "quay").text
        self.assertIn(self.other.name, page)
        self.assertNotIn(self.invoice.name, page)
        self.assertNotIn("4,321.00", page)

    def test_who_works_here_sees_what_the_own_rights_say(self):
        """Many may put their own contact below any customer."""
        rep, bookkeeper = self.users["rep"], self.users["bookkeeper"]
        for user in (rep, bookkeeper):
            user.password = user.login * 2
            user.partner_id.with_user(user).parent_id = self.customer.id
        for url in ("/my/statement", "/my/statement/pdf"):
            with mute_logger("odoo.http"), self.assertLogs("odoo.http", "WARNING"):
                refused = self._page(url, rep.login)
            self.assertEqual(refused.status_code, 403, url)
            self.assertIn("You may not see what Harbour Supply owes", refused.text)
            self.assertEqual(self._page(url, bookkeeper.login).status_code, 200)
        self.assertIn("4,321.00", self.url_open("/my/statement").text.replace("\u00a0", " "))
        for login, count in ((rep.login, 0), (bookkeeper.login, 1)):
            self.authenticate(login, login * 2)
            counters = self.make_jsonrpc_request("/my/counters", {"counters": ["statement_count"]})
            self.assertEqual(counters, {"statement_count": count})

    def test_the_account_of_who_is_not_active_any_more(self):
        self.customer.active = False
        page = self._page("/my/statement", "bea")
        self.assertEqual(page.status_code, 200)
        self.assertIn("4,321.00", page.text.replace("\u00a0", " "))
        self.assertEqual(self.url_open("/my/statement/pdf").status_code, 200)

    def test_the_public_is_asked_to_log_in(self):
        for url in ("/my/statement", "/my/statement/pdf"):
            self.authenticate(None, None)
            answer = self.url_open(url, allow_redirects=False)
            self.assertEqual(answer.status_code, 303)
            self.assertIn("/web/login", answer.headers["Location"])

    def test_status_of_the_account_is_not_the_customers_to_read(self):
        bea = self.env["res.users"].search([("login", "=", "bea")])
        own = self.customer.with_user(bea)
        for name in ("account_status", "account_restriction", "account_status_reason"):
            with self.assertRaises(AccessError):
                own.read([name])
            with self.assertRaises(AccessError):
                self.env["res.partner"].with_user(bea).search([(name, "=", "hold")])
        named = own.with_context(res_partner_search_mode="customer")
        self.assertEqual(named.display_name, "Harbour Supply")
        named = named.with_context(formatted_display_name=True)
        self.assertEqual(named.display_name, "Harbour Supply")
        self.assertEqual(self.customer.with_user(self.users["rep"]).account_status, "hold")
        self.authenticate("bea", "beabea")
        with mute_logger("odoo.http"), self.assertRaises(Exception) as refused:
            self.make_jsonrpc_request(
                "/web/dataset/call_kw/res.partner/read",
                {"model": "res.partner", "method": "read",
                 "args": [[self.customer.id], ["account_status", "account_restriction"]],
                 "kwargs": {}},
            )  # fmt: skip
        self.assertIn("AccessError", repr(refused.exception))
