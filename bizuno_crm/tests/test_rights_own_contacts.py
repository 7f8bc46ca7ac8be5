from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import Form, HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from .common import BizunoCommon


@tagged("post_install", "-at_install")
class TestOwnContactsOnly(BizunoCommon):
    """A rep who sees only customers, leads and projects that are theirs or nobody's: nothing else
    of those of others, and everything that Odoo needs to work."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rep = cls.users["rep"]
        cls.colleague = new_test_user(
            cls.env, "own_colleague", "sales_team.group_sale_salesman_all_leads",
            company_id=cls.env.company.id, company_ids=[Command.set(cls.env.companies.ids)],
        )  # fmt: skip
        cls.rep.group_ids += cls.env.ref("bizuno_crm.group_own_contacts_only")
        cls.env.company.aging_reps_see_own = True

        Partner = cls.env["res.partner"]
        cls.theirs, cls.own, cls.nobodys = Partner.create([
            {"name": name, "is_company": True, "role_customer": True, "user_id": user.id,
             "email": f"{name.lower()}@example.com"}
            for name, user in (
                ("Theirs", cls.colleague), ("Own", cls.rep), ("Nobodys", cls.env["res.users"]),
            )
        ])  # fmt: skip
        cls.customers = cls.theirs + cls.own + cls.nobodys

    def _seen(self, records, model="res.partner"):
        found = self.env[model].with_user(self.rep).search([("id", "in", records.ids)])
        return records & found.with_env(self.env)

    def _as_rep(self, record):
        return record.with_user(self.rep)

    # --- contacts --------------------------------------------------------------------------------

    def test_customers_of_others_are_hidden(self):
        self.assertEqual(self._seen(self.customers), self.own + self.nobodys)
        for operation in ("read", "write", "unlink"):
            self.assertFalse(self._as_rep(self.theirs).has_access(operation))
            self.assertTrue(self._as_rep(self.own).has_access(operation))
        self.assertTrue(self.theirs.with_user(self.users["sales_manager"]).has_access("read"))
        self.assertTrue(self.theirs.with_user(self.colleague).has_access("read"))

    def test_the_refusal_says_why(self):
        with self.assertRaisesRegex(
            AccessError, "another sales rep.*“Contacts Shown: Own Only”"
        ) as caught:
            self._as_rep(self.theirs).read(["name"])
        self.assertNotIn("Theirs", str(caught.exception))
        with self.assertRaisesRegex(AccessError, "top-secret"):
            # another rule is the reason: Odoo's words, with its hint to switch the company
            other = self.env["res.company"].create({"name": "Other"})
            self.own.company_id = other
            self._as_rep(self.own).read(["name"])

    def test_leads_of_others_are_hidden(self):
        leads = self.env["res.partner"].create([
            {"name": "L1", "role_lead": True, "user_id": self.colleague.id},
            {"name": "L2", "role_lead": True, "user_id": self.rep.id},
            {"name": "L3", "role_lead": True},
            # a person at a company that is nobody's
            {"name": "L4", "role_lead": True, "user_id": self.colleague.id,
             "parent_id": self.nobodys.id},
            {"name": "L5", "role_lead": True, "user_id": self.colleague.id,
             "parent_id": self.own.id},
        ])  # fmt: skip
        self.assertEqual(self._seen(leads).mapped("name"), ["L2", "L3", "L5"])
        people = leads.create([{"name": "Ann", "parent_id": lead.id} for lead in leads[:3]])
        self.assertEqual(self._seen(people), people[1:])

    def test_addresses_go_with_their_customer(self):
        addresses = self.env["res.partner"].create([
            {"name": f"Dock of {customer.name}", "type": kind, "parent_id": customer.id}
            for customer in self.customers
            for kind in ("delivery", "contact")
        ])  # fmt: skip
        # whoever happens to stand on the address itself
        addresses.user_id = self.colleague
        self.assertEqual(
            self._seen(addresses), addresses.filtered(lambda a: a.parent_id != self.theirs)
        )

    def test_companies_colleagues_and_all_other_contacts_stay(self):
        company = self.env.company.partner_id
        company.write({"user_id": self.colleague.id, "customer_rank": 5})
        vendor, plain = self.env["res.partner"].create([
            {"name": "Vendor", "role_vendor": True, "user_id": self.colleague.id},
            {"name": "Plain", "user_id": self.colleague.id},
        ])  # fmt: skip
        colleague = self.colleague.partner_id
        colleague.write({"user_id": self.colleague.id, "customer_rank": 1})
        self.env.flush_all()
        seen = company + vendor + plain + colleague + self.rep.partner_id
        self.assertEqual(self._seen(seen), seen)
        self.assertTrue(self._as_rep(self.colleague).name)
        self.assertTrue(self._as_rep(self.env.company).partner_id.name)

    def test_a_rep_makes_customers_and_works_with_them(self):
        partners = self.env["res.partner"].with_user(self.rep)
        with Form(partners.with_context(default_role_customer=True)) as form:
            form.name = "New"
        self.assertTrue(form.record.role_customer)
        with Form(self.env["sale.order"].with_user(self.rep)) as order:
            order.partner_id = self._as_rep(self.own)
        order.record.order_line = [
            Command.create({"name": "Pump", "product_id": self.product_a.id, "price_unit": 5})
        ]
        order.record.action_confirm()
        self.assertEqual(order.record.state, "sale")

    def test_an_order_whose_customer_has_gone_to_a_colleague_still_opens(self):
        order = self.env["sale.order"].create({"partner_id": self.own.id, "user_id": self.rep.id})
        self.own.user_id = self.colleague
        self.env.invalidate_all()
        with Form(self._as_rep(order)) as form:
            self.assertEqual(form.partner_id.id, self.own.id)
            form.client_order_ref = "PO 7"
        self.assertEqual(order.client_order_ref, "PO 7")

    def test_what_is_about_a_colleagues_customer_opens_and_does_not_name_ways_to_it(self):
        self.own.phone = "+1 757 555 0188"
        order = self.env["sale.order"].create({"partner_id": self.own.id, "user_id": self.rep.id})
        project = self.env["bizuno.project"].create(
            {"name": "Pier", "partner_id": self.own.id, "user_id": self.rep.id}
        )
        order.message_post(body="To both", partner_ids=(self.own + self.nobodys).ids,
                           message_type="comment", subtype_xmlid="mail.mt_comment")  # fmt: skip

        def suggested(record, user=self.rep):
            # what the chatter asks for when a page opens
            found = record.with_user(user)._message_get_suggested_recipients(
                reply_discussion=True, no_create=True
            )
            return {one["name"] for one in found} & {"Own", "Nobodys"}

        def phone(user=self.rep):
            self.env.invalidate_all()
            return project.with_user(user).partner_phone

        self.assertEqual(suggested(order), {"Own", "Nobodys"})
        self.assertEqual(suggested(project), {"Own"})
        self.assertEqual(phone(), "+1 757 555 0188")
        self.own.user_id = self.colleague
        self.env.invalidate_all()
        self.assertEqual(suggested(order), {"Nobodys"})
        self.assertEqual(suggested(project), set())
        self.assertFalse(phone())
        manager = self.users["sales_manager"]
        self.assertEqual(suggested(order, manager), {"Own", "Nobodys"})
        self.assertEqual(phone(manager), "+1 757 555 0188")

    def test_nobody_else_is_restricted_and_queries_do_not_grow(self):
        for name in ("sales_manager", "accountant", "bizuno_manager", "employee"):
            partners = self.env["res.partner"].with_user(self.users[name])
            self.assertEqual(len(partners.search([("id", "in", self.customers.ids)])), 3, name)

        def queries(records):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            records.read(["name", "user_id"])
            return self.env.cr.sql_log_count - before

        many = self.env["res.partner"].create(
            [{"name": f"P{i}", "role_customer": True, "parent_id": False} for i in range(80)]
        )
        self.env.flush_all()
        queries(self._as_rep(many[:1]))
        self.assertEqual(queries(self._as_rep(many)), queries(self._as_rep(many[:1])))

    # --- what is known about them ----------------------------------------------------------------

    def _for_each(self, model, **values):
        action = self.env.ref("bizuno_crm.action_code_ret")
        common = {
            "bizuno.contact.log": {"action_id": action.id},
            "bizuno.project": {"name": "Job"},
            "bizuno.reminder": {"name": "Call"},
        }[model]
        records = self.env[model].create(
            [{**common, "partner_id": customer.id, **values} for customer in self.customers]
        )
        return records

    def test_log_of_others_customers(self):
        entries = self._for_each("bizuno.contact.log")
        self.assertEqual(self._seen(entries, entries._name), entries[1:])
        lead = self.env["res.partner"].create(
            {"name": "L", "role_lead": True, "user_id": self.colleague.id,
             "parent_id": self.nobodys.id}
        )  # fmt: skip
        entry = self.env["bizuno.contact.log"].create(
            {"partner_id": lead.id, "action_id": entries[0].action_id.id}
        )
        self.assertFalse(self._seen(entry, entry._name))
        address = self.env["res.partner"].create({"name": "Dock", "parent_id": self.theirs.id})
        address.user_id = False
        entry.partner_id = address
        self.assertFalse(self._seen(entry, entry._name))

    def test_projects_and_reminders_of_others_customers(self):
        for model in ("bizuno.project", "bizuno.reminder"):
            with self.subTest(model=model):
                nobodys = self._for_each(model, user_id=False)
                self.assertEqual(self._seen(nobodys, model), nobodys[1:])
                colleagues = self._for_each(model, user_id=self.colleague.id)
                self.assertFalse(self._seen(colleagues, model))
                # what was given to the rep is the rep's
                own = self._for_each(model, user_id=self.rep.id)
                self.assertEqual(self._seen(own, model), own)
        free = self.env["bizuno.reminder"].create({"name": "Free", "user_id": False})
        self.assertEqual(self._seen(free, free._name), free)
        project = self.env["bizuno.project"].create({"name": "x", "user_id": self.colleague.id})
        about = free.create({"name": "About", "user_id": False, "project_id": project.id})
        self.assertFalse(self._seen(about, about._name))

    def test_figures_of_others_customers(self):
        # A right to all receivables is none to the customers of others.
        self.rep.group_ids += self.env.ref("bizuno_crm.group_receivable_full")
        for number, customer in enumerate(self.customers):
            self.init_invoice(
                "out_invoice", partner=customer, amounts=[100.0 * (number + 1)], post=True,
                invoice_date="2025-01-01",
            ).invoice_user_id = self.colleague  # fmt: skip
        self.env.flush_all()
        visible = (self.own + self.nobodys).ids
        for model in (
            "bizuno.aged.receivable",
            "bizuno.aged.customer",
            "bizuno.customer.history",
            "bizuno.rep.sales",
        ):
            rows = self.env[model].with_user(self.rep)
            found = rows.search([("partner_id", "in", self.customers.ids)])
            self.assertEqual(sorted(found.partner_id.ids), sorted(visible), model)
            groups = rows._read_group(
                [("partner_id", "in", self.customers.ids)], ["partner_id"], ["__count"]
            )
            self.assertEqual(sorted(partner.id for partner, _count in groups), sorted(visible))
        data = self.env["bizuno.dashboard"].with_user(self.rep).get_data()
        self.assertEqual(data["receivables"]["total"], sum(
            self.env["res.partner"].browse(visible).mapped("aged_total")
        ))  # fmt: skip
        self.assertNotIn("Theirs", str(data))
        with self.assertRaises(AccessError):
            self._as_rep(self.theirs).read(["aged_total"])

    def test_sales_of_ones_own_stay_in_ones_figures(self):
        """The commission of a rep does not shrink when a customer is handed over."""
        move = self.init_invoice(
            "out_invoice", partner=self.theirs, amounts=[100.0], post=True,
            invoice_date="2025-01-01",
        )  # fmt: skip
        move.invoice_user_id = self.rep
        self.env.flush_all()
        rows = self.env["bizuno.rep.sales"].with_user(self.rep).search([("move_id", "=", move.id)])
        self.assertEqual(len(rows), 1)

    def test_approvals_and_promotions_of_others_customers(self):
        approvals = self.env["bizuno.credit.approval"].create([
            {"order_id": self.env["sale.order"].create({"partner_id": customer.id}).id,
             "amount": 5.0, "reason": "Known well"}
            for customer in self.customers
        ])  # fmt: skip
        self.assertEqual(self._seen(approvals, approvals._name), approvals[1:])

        promo = self.env["bizuno.promo"].create(
            {"name": "Sale", "email_from": "a@example.com", "distribution": "all"}
        )
        history = self.env["bizuno.promo.history"].sudo().create(
            {"promo_id": promo.id, "user_id": self.env.uid}
        )  # fmt: skip
        recipients = self.env["bizuno.promo.recipient"].sudo().create([
            {"promo_id": promo.id, "history_id": history.id, "email": customer.email,
             "partner_id": customer.id}
            for customer in self.customers
        ])  # fmt: skip
        self.assertEqual(self._seen(recipients, recipients._name).ids, recipients[1:].ids)
        candidates = (
            self.env["bizuno.promo.candidate"].with_user(self.rep)
            .with_context(bizuno_promo_id=promo.id).search([])
        )  # fmt: skip
        self.assertNotIn(self.theirs.id, candidates.partner_id.ids)
        self.assertIn(self.own.id, candidates.partner_id.ids)

    def test_new_customers_of_others_are_not_on_the_dashboard(self):
        orders = self.env["sale.order"].create(
            [{"partner_id": customer.id} for customer in self.customers]
        )
        orders.state = "sale"
        card = self.env["bizuno.dashboard"].with_user(self.rep).get_data()["customers"]
        names = [row["name"] for row in card["rows"]]
        self.assertIn("Own", names)
        self.assertNotIn("Theirs", names)

    def test_what_a_project_of_others_customers_earns(self):
        accountant = self.users["accountant"]
        accountant.group_ids += self.env.ref("bizuno_crm.group_own_contacts_only")
        self.own.user_id = accountant
        projects = self.env["bizuno.project"].create([
            {"name": f"Dock for {customer.name}", "partner_id": customer.id, "user_id": False}
            for customer in self.customers
        ])  # fmt: skip
        for project, amount in zip(projects, (110.0, 220.0, 330.0), strict=True):
            move = self.init_invoice(
                "out_invoice", partner=project.partner_id, amounts=[amount],
                invoice_date="2025-02-03",
            )  # fmt: skip
            move.bizuno_project_id = project
            move.action_post()
        self.env.flush_all()
        for model, name in (
            ("bizuno.project.profit", "revenue"), ("bizuno.project.open", "to_pay_in"),
        ):  # fmt: skip
            rows = self.env[model].with_user(accountant)
            self.assertEqual({*rows.search([]).project_id.ids}, {*projects[1:].ids}, model)
            [[total]] = rows._read_group([("project_id", "in", projects.ids)], [], [f"{name}:sum"])
            self.assertGreaterEqual(total, 550.0)
            [[hidden]] = rows._read_group(
                [("project_id", "=", projects[0].id)], [], [f"{name}:sum"]
            )
            self.assertFalse(hidden)
        # An own project of a customer who went to a colleague is the own one still.
        projects[0].user_id = accountant
        self.env.invalidate_all()
        mine = projects[0].with_user(accountant)
        self.assertEqual((mine.is_profit_visible, mine.revenue), (True, 110.0))
        projects[0].user_id = self.colleague
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            mine.read(["revenue"])


@tagged("post_install", "-at_install")
class TestHiddenStatements(BizunoCommon, HttpCase):
    """Statements that others have sent to customers whom one does not see."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reader = new_test_user(
            cls.env, "own_reader",
            "bizuno_crm.group_receivable_add,bizuno_crm.group_own_contacts_only",
            password="own_reader", company_id=cls.env.company.id,
            company_ids=[Command.set(cls.env.companies.ids)],
        )  # fmt: skip
        cls.theirs, cls.own, cls.nobodys = (
            cls._create_customer(name, user_id=user.id)
            for name, user in (
                ("Theirs", cls.users["rep"]), ("Own", cls.reader),
                ("Nobodys", cls.env["res.users"]),
            )
        )  # fmt: skip
        cls.both = cls._send(cls.theirs + cls.own + cls.nobodys, cls.users["bookkeeper"])
        cls.hidden = cls._send(cls.theirs, cls.users["bookkeeper"])
        cls.sent = cls._send(cls.theirs, cls.reader)

    @classmethod
    def _send(cls, customers, user):
        """:return: a mailing as it is when the mail server has refused it all, with its papers"""
        mailing = cls.env["bizuno.statement.mailing"].sudo().create({
            "date": "2025-03-31", "user_id": user.id, "company_id": cls.env.company.id,
            "line_ids": [
                Command.create({"partner_id": one.id, "state": "failed", "error": "550"})
                for one in customers
            ],
        })  # fmt: skip
        for line in mailing.line_ids:
            cls.env["ir.attachment"].sudo().create({
                "name": "Statement.pdf", "raw": f"%PDF {line.partner_id.name}".encode(),
                "res_model": line._name, "res_id": line.id,
            })  # fmt: skip
            cls.env["mail.message"].sudo().create({
                "model": line._name, "res_id": line.id, "message_type": "email",
                "body": f"Balance of {line.partner_id.name}",
            })  # fmt: skip
        return mailing

    def _papers(self, line):
        return [("res_model", "=", line._name), ("res_id", "=", line.id)]

    def _line(self, mailing, customer):
        return mailing.line_ids.filtered(lambda line: line.partner_id == customer)

    def test_lines_and_mailings(self):
        mailings = self.env["bizuno.statement.mailing"].with_user(self.reader)
        self.assertEqual(mailings.search([]).ids, (self.sent + self.both).ids)
        with self.assertRaises(AccessError):
            self.hidden.with_user(self.reader).read(["customer_count"])
        self.env.invalidate_all()
        seen = self.both.with_user(self.reader).sudo(False)
        self.assertEqual((seen.customer_count, seen.failed_count), (2, 2))
        [read] = seen.web_read({"line_ids": {"fields": {"partner_id": {"fields": {}}}}})
        self.assertEqual(
            {line["partner_id"]["id"] for line in read["line_ids"]},
            {*(self.own + self.nobodys).ids},
        )
        lines = self.env["bizuno.statement.mailing.line"].with_user(self.reader)
        self.assertEqual(lines.search([("mailing_id", "=", self.both.id)]).partner_id.ids,
                         (self.own + self.nobodys).ids)  # fmt: skip
        # what somebody has sent stays theirs
        self.assertEqual(lines.search([("mailing_id", "=", self.sent.id)]), self.sent.line_ids)
        everybodys = lines.with_user(self.users["bookkeeper"])
        self.assertEqual(everybodys.search_count([("mailing_id", "=", self.both.id)]), 3)

    def test_papers_and_mails(self):
        hidden, shown = (self._line(self.both, one) for one in (self.theirs, self.own))
        self.authenticate("own_reader", "own_reader")
        for line, is_seen in ((hidden, False), (shown, True), (self.sent.line_ids, True)):
            paper = self.env["ir.attachment"].sudo().search(self._papers(line))
            with mute_logger("odoo.http"):
                page = self.url_open(f"/web/content/{paper.id}?download=true")
            self.assertEqual(page.status_code == 200, is_seen)
            self.assertEqual(paper.raw in page.content, is_seen)
            mine = line.with_user(self.reader).sudo(False)
            attachments = mine.env["ir.attachment"].search(self._papers(line))
            self.assertEqual(bool(attachments), is_seen)
            mails = mine.env["mail.message"].search(
                [("model", "=", line._name), ("res_id", "=", line.id)]
            )
            self.assertEqual(bool(mails), is_seen)
            if is_seen:
                self.assertIn(f"/web/content/{paper.id}", mine.action_open_pdf()["url"])
                continue
            for call in (mine.action_open_pdf, lambda m=mine: m.read(["email", "state"])):
                with self.assertRaises(AccessError):
                    call()

    def test_again_is_sent_what_one_sees(self):
        self.both.with_user(self.reader).action_retry()
        self.assertEqual(
            {line.partner_id: line.state for line in self.both.line_ids},
            {self.theirs: "failed", self.own: "waiting", self.nobodys: "waiting"},
        )
