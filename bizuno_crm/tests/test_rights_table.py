from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import BizunoCommon

LEVELS = ("read", "add", "edit", "full")
AREAS = ("customer", "lead", "project", "promo", "receivable")
OPERATIONS = {"r": "read", "c": "create", "w": "write", "d": "unlink"}

# Who may do what: r(ead), c(reate), w(rite), d(elete). One column per area with the levels Read,
# Add, Edit and Full; then a credit approver, a sales rep as Odoo makes them, and a Bizuno Manager.
# Portal users may do nothing at all. What the code of a model refuses beyond this is tested with
# that model; for the log, which whoever may add may correct for a day, in test_log_entries. What
# vendors are owed follows from accounting's rights alone: test_payables.
TABLE = """
                             employee customer      lead              project           promo           receivable           approver rep  manager

bizuno.action.code           -        -   -   -   - r   r   r   r     r   r   r   r     -  -  -   -     -    -    -    -     -        r    rcwd
bizuno.market                -        -   -   -   - r   r   r   r     r   r   r   r     -  -  -   -     -    -    -    -     -        r    rcwd
bizuno.project.stage         -        -   -   -   - r   r   r   r     r   r   r   r     -  -  -   -     -    -    -    -     -        r    rcwd

bizuno.setup.step            -        -   -   -   - -   -   -   -     -   -   -   -     -  -  -   -     -    -    -    -     -        -    r
bizuno.contact.id.assign     -        -   -   -   - -   -   -   -     -   -   -   -     -  -  -   -     -    -    -    -     -        -    rcw
bizuno.contact.log           -        -   -   -   - r   rcw rcw rcwd  r   rcw rcw rcwd  -  -  -   -     -    -    -    -     -        rcw  rcwd
bizuno.log.action            -        -   -   -   - -   rcw rcw rcw   -   rcw rcw rcw   -  -  -   -     -    -    -    -     -        rcw  rcw
bizuno.reminder              -        -   -   -   - r   rc  rcw rcwd  r   rc  rcw rcwd  -  -  -   -     -    -    -    -     -        rcw  rcwd
bizuno.reminder.snooze       rcw      rcw rcw rcw rcw rcw rcw rcw rcw rcw rcw rcw rcw   rcw rcw rcw rcw rcw  rcw  rcw  rcw   rcw      rcw  rcw
bizuno.lead.convert          -        -   -   -   - -   -   rcw rcw   -   -   -   -     -  -  -   -     -    -    -    -     -        rcw  rcw
bizuno.lead.convert.line     -        -   -   -   - -   -   rcwd rcwd -   -   -   -     -  -  -   -     -    -    -    -     -        rcwd rcwd
bizuno.project               -        -   -   -   - -   -   -   -     r   rc  rcw rcwd  -  -  -   -     -    -    -    -     -        rcw  rcwd
bizuno.project.analysis      -        -   -   -   - -   -   -   -     r   r   r   r     -  -  -   -     -    -    -    -     -        r    r
bizuno.project.profit        -        -   -   -   - -   -   -   -     -   -   -   -     -  -  -   -     -    -    -    -     -        -    -
bizuno.project.assign        -        -   -   -   - -   -   -   -     -   -   -   -     -  -  -   -     -    -    -    -     -        -    -
bizuno.project.assign.line   -        -   -   -   - -   -   -   -     -   -   -   -     -  -  -   -     -    -    -    -     -        -    -
bizuno.project.open          -        -   -   -   - -   -   -   -     -   -   -   -     -  -  -   -     -    -    -    -     -        -    -
bizuno.project.portfolio     -        -   -   -   - -   -   -   -     -   -   -   -     -  -  -   -     -    -    -    -     -        -    -
bizuno.project.close         -        -   -   -   - -   -   -   -     -   -   rcw rcw   -  -  -   -     -    -    -    -     -        rcw  rcw

bizuno.terms.wizard          -        -   -   rcw rcw - -   -   -     -   -   -   -     -  -  -   -     -    -    -    -     -        -    rcw
bizuno.account.status.wizard -        -   -   rcw rcw - -   -   -     -   -   -   -     -  -  -   -     -    -    -    -     -        -    rcw
bizuno.credit.approval       -        r   r   r   r -   -   -   -     -   -   -   -     -  -  -   -     -    -    -    -     rc       r    rc
bizuno.credit.approval.wizard -       -   -   -   - -   -   -   -     -   -   -   -     -  -  -   -     -    -    -    -     rcw      -    rcw
bizuno.credit.wait           -        r   r   r   r -   -   -   -     -   -   -   -     -  -  -   -     -    -    -    -     r        r    r

bizuno.promo                 -        -   -   -   - -   -   -   -     -   -   -   -     r  rc rcw rcwd  -    -    -    -     -        r    rcwd
bizuno.promo.history         -        -   -   -   - -   -   -   -     -   -   -   -     r  r  r   r     -    -    -    -     -        r    r
bizuno.promo.recipient       -        -   -   -   - -   -   -   -     -   -   -   -     r  r  r   r     -    -    -    -     -        r    r
bizuno.promo.candidate       -        -   -   -   - -   -   -   -     -   -   -   -     r  r  r   r     -    -    -    -     -        r    r

bizuno.aged.receivable       -        -   -   -   - -   -   -   -     -   -   -   -     -  -  -   -     r    r    r    r     -        r    r
bizuno.aged.customer         -        -   -   -   - -   -   -   -     -   -   -   -     -  -  -   -     r    r    r    r     -        r    r
bizuno.customer.history      -        -   -   -   - -   -   -   -     -   -   -   -     -  -  -   -     r    r    r    r     -        r    r
bizuno.rep.sales             -        -   -   -   - -   -   -   -     -   -   -   -     -  -  -   -     r    r    r    r     -        r    r
bizuno.aged.receivable.report -       -   -   -   - -   -   -   -     -   -   -   -     -  -  -   -     rcwd rcwd rcwd rcwd  -        rcwd rcwd
bizuno.aging.activity        -        -   -   -   - -   -   -   -     -   -   -   -     -  -  -   -     rcwd rcwd rcwd rcwd  -        rcwd rcwd
bizuno.statement             -        -   -   -   - -   -   -   -     -   -   -   -     -  -  -   -     rcwd rcwd rcwd rcwd  -        rcwd rcwd
bizuno.statement.mailing     -       -   -   -   - -   -   -   -     -   -   -   -     -  -  -   -     r    r    r    r     -        -    r
bizuno.statement.mailing.line -       -   -   -   - -   -   -   -     -   -   -   -     -  -  -   -     r    r    r    r     -        -    r

bizuno.contact.export        -        -   -   -   - -   -   -   -     -   -   -   -     -  -  -   -     -    -    -    -     -        -    -
bizuno.import                -        -   -   -   - -   -   -   -     -   -   -   -     -  -  -   -     -    -    -    -     -        -    -
bizuno.import.choice         -        -   -   -   - -   -   -   -     -   -   -   -     -  -  -   -     -    -    -    -     -        -    -
bizuno.import.run            -        -   -   -   - -   -   -   -     -   -   -   -     -  -  -   -     -    -    -    -     -        -    -
bizuno.import.record         -        -   -   -   - -   -   -   -     -   -   -   -     -  -  -   -     -    -    -    -     -        -    -
bizuno.import.step           -        -   -   -   - -   -   -   -     -   -   -   -     -  -  -   -     -    -    -    -     -        -    -

bizuno.aged.payable          -        -   -   -   - -   -   -   -     -   -   -   -     -  -  -   -     -    -    -    -     -        -    -
bizuno.aged.vendor           -        -   -   -   - -   -   -   -     -   -   -   -     -  -  -   -     -    -    -    -     -        -    -
bizuno.vendor.history        -        -   -   -   - -   -   -   -     -   -   -   -     -  -  -   -     -    -    -    -     -        -    -
bizuno.aged.payable.report   -        -   -   -   - -   -   -   -     -   -   -   -     -  -  -   -     -    -    -    -     -        -    -
"""  # noqa: E501  (a table is read by its columns)

# Models without a company of their own: their records are for all companies.
SHARED = {"bizuno.action.code", "bizuno.market", "bizuno.project.stage"}
OF_VENDORS = {"bizuno.aged.payable", "bizuno.aged.vendor", "bizuno.vendor.history"}
# The rows of a promotion that the context names; nobody can name one of another company.
BY_CONTEXT = {"bizuno.promo.candidate"}


def _users_of_columns():
    yield "employee", "base.group_user"
    for area in AREAS:
        for level in LEVELS:
            yield f"{area}_{level}", f"bizuno_crm.group_{area}_{level}"
    yield "approver", "bizuno_crm.group_credit_approver"
    yield "rep", "sales_team.group_sale_salesman_all_leads"
    yield "manager", "bizuno_crm.group_manager"


def _read_table():
    """:return: {model: {user: "rcwd", …}}"""
    names = [name for name, _group in _users_of_columns()]
    lines = [line.split() for line in TABLE.strip().splitlines()[1:] if line]
    return {model: dict(zip(names, cells, strict=True)) for model, *cells in lines}


@tagged("post_install", "-at_install")
class TestRightsTable(BizunoCommon):
    """Every model of ours × level × operation × company."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_strangers("table", {**dict(_users_of_columns()), "portal": "base.group_portal"})
        cls.table = _read_table()

    def _our_models(self):
        return {
            name
            for name, model in self.env.registry.items()
            if model._original_module == "bizuno_crm" and not model._abstract
        }

    def test_every_model_of_ours_is_in_the_table(self):
        self.assertEqual(set(self.table), self._our_models())

    def test_no_access_row_is_open_to_everybody(self):
        rows = self.env["ir.model.access"].search([("model_id.model", "in", list(self.table))])
        self.assertTrue(all(row.group_id for row in rows))

    def test_levels_of_every_model(self):
        for model, cells in self.table.items():
            for name, cell in {**cells, "portal": "-"}.items():
                records = self.env[model].with_user(self.people[name])
                may = "".join(key for key, op in OPERATIONS.items() if records.has_access(op))
                self.assertEqual(may or "-", cell, f"{model} for {name}")

    def test_records_of_the_own_and_of_another_company(self):
        for model, cells in self.table.items():
            if model in BY_CONTEXT:
                continue
            own, others = self._make(model, self.env.company), self._make(model, self.other)
            for name, cell in {**cells, "portal": "-"}.items():
                user = self.people[name]
                if self.env[model]._transient:
                    self._hand_over(own, user)
                self.assertEqual(self._may(own, user), cell, f"{model} for {name}")
                expected = cell if model in SHARED else "-"
                self.assertEqual(self._may(others, user), expected, f"{model} of others for {name}")
                if expected == "-" and cell != "-":
                    found = others.with_user(user).search([("id", "in", others.ids)])
                    self.assertFalse(found, f"{model} of others, found by {name}")
                    with self.assertRaises(AccessError, msg=f"{model} read by {name}"):
                        others.with_user(user).read()

    def _models_about_contacts(self):
        """:return: those of ours whose records are about a contact: that they name, or that the
        record names which they are a part of"""
        found = {
            model
            for model in self._our_models() - BY_CONTEXT
            if not self.env[model]._transient  # a window belongs to who opened it
            and (field := self.env[model]._fields.get("partner_id")) is not None
            and field.store
        }
        parts = {
            model
            for model in self._our_models() - BY_CONTEXT - found
            for field in self.env[model]._fields.values()
            if field.type == "many2one" and field.required and field.comodel_name in found
            if not self.env[model]._transient
        }
        return found | parts

    def test_nothing_about_a_hidden_customer(self):
        """Own Contacts Only with every other right: what is about a customer of a colleague is
        hidden, and nothing but the colleague is why."""
        user = self._create_users(
            "table_own",
            {"all": "bizuno_crm.group_manager,account.group_account_manager,"
                    "bizuno_crm.group_own_contacts_only"},
        )["all"]  # fmt: skip
        nobody = self.env["res.users"]
        models = self._models_about_contacts()
        self.assertLessEqual(
            {"bizuno.statement.mailing.line", "bizuno.project.profit", "bizuno.project.open"},
            models,
        )
        for model in sorted(models):
            with self.subTest(model=model):
                self.customer.user_id = self.people["rep"]
                record = self._make(model, self.env.company).sudo()
                if self.env[model]._auto:
                    self._put_on(record, self.customer)
                elif "project_id" in record._fields:
                    record.project_id.user_id = nobody
                partner = record.partner_id if "partner_id" in record._fields else self.customer
                self.assertEqual(partner.user_id, self.people["rep"])
                for salesperson, is_seen in (
                    (self.people["rep"], False), (user, True), (nobody, True),
                ):  # fmt: skip
                    partner.user_id = salesperson
                    self.env.flush_all()
                    self.env.invalidate_all()
                    rows = record.with_user(user).sudo(False)
                    found = rows.search([("id", "in", rows.ids)])
                    self.assertEqual(found.ids, rows.ids if is_seen else [], salesperson.login)
                    count = rows.search_count([("id", "in", rows.ids)])
                    self.assertEqual(count, len(rows) if is_seen else 0)
                    if is_seen:
                        self.assertTrue(rows.read(["id"]))
                        continue
                    with self.assertRaises(AccessError):
                        rows.read(["display_name"])

    def _put_on(self, record, customer):
        """Make a record one about a customer, and nobody's own."""
        vals = {}
        for name, value in (("partner_id", customer.id), ("user_id", False)):
            field = record._fields.get(name)
            if field is None or field.related:
                continue
            if name == "partner_id" and not record.partner_id:
                vals[name] = value
            elif name == "user_id" and not field.required:
                vals[name] = value
        record.write(vals)

    def test_candidates_of_another_companys_promotion_are_not_listed(self):
        promo = self._make("bizuno.promo", self.other)
        candidates = self.env["bizuno.promo.candidate"].with_user(self.people["promo_full"])
        with self.assertRaises(AccessError):
            candidates.with_context(bizuno_promo_id=promo.id).search([])

    def test_a_refusal_names_the_lowest_level_that_is_enough(self):
        project = self._make("bizuno.project", self.env.company)
        promo = self._make("bizuno.promo.history", self.env.company)
        for records, name, operation, named in (
            (project, "project_add", "write", "“Projects: Edit”"),
            (project, "project_edit", "unlink", "“Projects: Full”"),
            (project, "employee", "read", "“Projects: Read”"),
            (self.env["bizuno.contact.log"], "lead_read", "create", "Add” or “Projects: Add”"),
            (self.env["bizuno.market"], "lead_full", "write", "“Bizuno Manager”|Bizuno CRM: Biz"),
            (promo, "manager", "create", "Nobody can create"),
        ):
            with self.assertRaisesRegex(AccessError, named, msg=(records, name, operation)):
                records.with_user(self.people[name]).check_access(operation)

    def test_add_creates_what_it_may_not_change(self):
        """A record is completed while it is created, by whatever its form has; then it is shut."""
        for model, name, values in (
            ("bizuno.project", "project_add", {"name": "Job", "reminder_date": "2030-01-01"}),
            ("bizuno.reminder", "lead_add", {"name": "Call", "recurrence": "w"}),
            ("bizuno.promo", "promo_add", {"name": "Sale", "email_from": "a@example.com"}),
        ):
            records = self.env[model].with_user(self.people[name])
            saved = records.web_save(values, {"name": {}})[0]
            record = records.browse(saved["id"])
            self.assertEqual(saved["name"], values["name"])
            with self.assertRaises(AccessError, msg=model):
                record.web_save({"name": "Changed"}, {"name": {}})
            with self.assertRaises(AccessError, msg=model):
                record.copy().write({"name": "Changed"})
            self.assertEqual(record.name, values["name"])

    def test_each_level_implies_the_one_below(self):
        for area in AREAS:
            groups = [self.env.ref(f"bizuno_crm.group_{area}_{level}") for level in LEVELS]
            privilege = self.env.ref(f"bizuno_crm.privilege_{area}")
            self.assertEqual(privilege.group_ids.sorted("sequence").ids, [g.id for g in groups])
            for lower, higher in zip(groups, groups[1:], strict=False):
                self.assertIn(lower, higher.implied_ids)
                self.assertNotIn(higher, lower.all_implied_ids)

    def test_levels_follow_from_odoos_own_groups(self):
        """What docs/security.md tells an administrator."""
        for group, levels in (
            ("sales_team.group_sale_salesman",
             {"customer": "read", "lead": "edit", "project": "edit", "promo": "read"}),
            ("sales_team.group_sale_manager",
             {"customer": "read", "lead": "full", "project": "full", "promo": "full"}),
            ("mass_mailing.group_mass_mailing_user", {"promo": "edit"}),
            ("account.group_account_readonly",
             {"customer": "read", "project": "read", "receivable": "read"}),
            ("account.group_account_invoice",
             {"customer": "edit", "project": "read", "receivable": "edit"}),
            ("account.group_account_manager",
             {"customer": "full", "project": "read", "receivable": "full"}),
            ("base.group_system", dict.fromkeys(AREAS, "full")),
        ):  # fmt: skip
            implied = self.env.ref(group).all_implied_ids
            for area in AREAS:
                expected = LEVELS[: LEVELS.index(levels[area]) + 1] if area in levels else ()
                found = tuple(
                    level
                    for level in LEVELS
                    if self.env.ref(f"bizuno_crm.group_{area}_{level}") in implied
                )
                self.assertEqual(found, expected, (group, area))

    # --- records ---------------------------------------------------------------------------------

    def _may(self, records, user):
        records = records.with_user(user)
        may = "".join(key for key, op in OPERATIONS.items() if records.has_access(op))
        return may or "-"

    def _hand_over(self, records, user):
        """A window belongs to who opened it."""
        self.env.flush_all()
        self.env.cr.execute(
            f"UPDATE {records._table} SET create_uid = %s WHERE id IN %s",  # noqa: S608
            [user.id, tuple(records.ids)],
        )
        records.invalidate_recordset()

    def _make(self, model, company):
        """:return: one record of the model, in the company where the model has one"""
        env = self.env(su=True, context={"allowed_company_ids": company.ids})
        if env[model]._auto and model not in self._recipes():
            self.fail(f"How is a record of {model} made?")
        if not env[model]._auto:
            return self._make_row(env[model], company).with_env(self.env)
        return env[model].create(self._recipes()[model](env)).with_env(self.env)

    def _make_row(self, model, company):
        customer = model.env["res.partner"].create({
            "name": "Rows", "customer_rank": 1, "company_id": company.id,
            "user_id": self.people["rep"].id,
        })  # fmt: skip
        company.sudo().aging_reps_see_own = True
        is_bought = model._name in OF_VENDORS
        move = self.init_invoice(
            "in_invoice" if is_bought else "out_invoice", partner=customer, amounts=[100.0],
            post=True, company=company, invoice_date="2025-01-01",
        )  # fmt: skip
        move.invoice_user_id = self.people["rep"]
        move.bizuno_project_id = model.env["bizuno.project"].create(
            {"name": "Rows", "partner_id": customer.id, "company_id": company.id}
        )
        self.env.flush_all()
        row = model.search([("partner_id", "=", customer.id)])
        self.assertEqual(len(row), 1, model._name)
        return row

    def _recipes(self):
        partner = self.customer.id

        def mailing(env):
            return {
                "date": "2025-01-01",
                "user_id": env.uid,
                "company_id": env.company.id,
                "company_ids": [Command.set(env.company.ids)],
            }

        def send(env):
            promo = env["bizuno.promo"].create({"name": "Sale", "email_from": "a@example.com"})
            return env["bizuno.promo.history"].create({"promo_id": promo.id, "user_id": env.uid})

        def convert(env):
            wizard = env["bizuno.lead.convert"].create({})
            wizard.flush_recordset()  # which computes the lines, and drops others
            return wizard

        def order(env):
            order = env["sale.order"].create({"partner_id": partner})
            return {"order_id": order.id, "reason": "Why not", "amount": 5.0}

        return {
            "bizuno.action.code": lambda env: {"code": f"x{env.company.id}", "name": "X"},
            "bizuno.market": lambda env: {"code": f"x{env.company.id}", "name": "X"},
            "bizuno.project.stage": lambda env: {"code": f"x{env.company.id}", "name": "X"},
            "bizuno.contact.log": lambda env: {
                "partner_id": partner,
                "action_id": env.ref("bizuno_crm.action_code_ret").id,
            },
            "bizuno.setup.step": lambda env: {
                "code": "policies",
                "state": "done",
                "company_id": env.company.id,
            },
            "bizuno.contact.id.assign": lambda env: {"partner_ids": [partner]},
            "bizuno.log.action": lambda env: {"partner_id": partner},
            "bizuno.reminder": lambda env: {"name": "Call"},
            "bizuno.reminder.snooze": lambda env: {
                "reminder_ids": env["bizuno.reminder"].create({"name": "Call"}).ids
            },
            "bizuno.lead.convert": lambda env: {},
            "bizuno.lead.convert.line": lambda env: {
                "wizard_id": convert(env).id,
                "lead_id": partner,
            },
            "bizuno.project": lambda env: {"name": "Job"},
            "bizuno.project.assign": lambda env: {
                "project_id": env["bizuno.project"].create({"name": "Job"}).id
            },
            "bizuno.project.assign.line": lambda env: {
                "wizard_id": env["bizuno.project.assign"]
                .create({"project_id": env["bizuno.project"].create({"name": "Job"}).id})
                .id
            },
            "bizuno.project.portfolio": lambda env: {"company_id": env.company.id},
            "bizuno.project.close": lambda env: {
                "project_id": env["bizuno.project"].create({"name": "Job"}).id
            },
            "bizuno.terms.wizard": lambda env: {"partner_id": partner},
            "bizuno.account.status.wizard": lambda env: {"partner_id": partner, "reason": "Late"},
            "bizuno.credit.approval": order,
            "bizuno.credit.approval.wizard": lambda env: {
                "res_model": "sale.order",
                "res_id": order(env)["order_id"],
                "amount": 5.0,
                "reason": "Why not",
            },
            "bizuno.credit.wait": lambda env: {
                "order_id": env["sale.order"].create({"partner_id": partner}).id,
                "document": "S1",
                "date": "2025-01-01",
                "partner_id": partner,
                "company_id": env.company.id,
            },
            "bizuno.promo": lambda env: {"name": "Sale", "email_from": "a@example.com"},
            "bizuno.promo.history": lambda env: {
                "promo_id": send(env).promo_id.id,
                "user_id": env.uid,
            },
            "bizuno.promo.recipient": lambda env: {
                "history_id": (history := send(env)).id,
                "promo_id": history.promo_id.id,
                "email": "b@example.com",
            },
            "bizuno.aged.receivable.report": lambda env: {},
            "bizuno.aged.payable.report": lambda env: {},
            "bizuno.aging.activity": lambda env: {"partner_ids": [partner]},
            "bizuno.statement": lambda env: {"partner_ids": [partner]},
            "bizuno.statement.mailing": mailing,
            "bizuno.contact.export": lambda env: {"partner_ids": [partner]},
            "bizuno.import": lambda env: {"company_id": env.company.id},
            "bizuno.import.choice": lambda env: {
                "wizard_id": env["bizuno.import"].create({"company_id": env.company.id}).id,
                "kind": "user",
                "code": "1",
            },
            "bizuno.import.run": lambda env: {"company_id": env.company.id},
            "bizuno.import.step": lambda env: {
                "name": "contacts",
                "run_id": env["bizuno.import.run"].create({"company_id": env.company.id}).id,
            },
            "bizuno.import.record": lambda env: {
                "key": "contacts.1",
                "res_model": "res.partner",
                "res_id": partner,
                "run_id": env["bizuno.import.run"].create({"company_id": env.company.id}).id,
                "company_id": env.company.id,
            },
            "bizuno.statement.mailing.line": lambda env: {
                "mailing_id": env["bizuno.statement.mailing"].create(mailing(env)).id,
                "partner_id": partner,
            },
        }
