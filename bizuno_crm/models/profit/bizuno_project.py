from collections import Counter

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ... import messages
from ...reports.profit import project_documents
from ..crm.bizuno_project_sales_mixin import SELLERS

SALES = ["out_invoice", "out_refund", "out_receipt"]
PURCHASES = ["in_invoice", "in_refund", "in_receipt"]
READERS = "account.group_account_invoice,account.group_account_readonly"
# of the invoices that Odoo shows them
SELLERS_AND_READERS = f"{SELLERS},{READERS}"


class BizunoProject(models.Model):
    # Each project has an analytic account of its own, from the first document on.

    _name = "bizuno.project"
    _inherit = ["bizuno.project", "bizuno.project.profit.mixin"]

    invoice_count = fields.Integer(
        string="Number of Invoices", compute="_compute_documents", groups=READERS
    )
    bill_count = fields.Integer(
        string="Number of Bills", compute="_compute_documents", groups=READERS
    )

    amount_invoiced = fields.Monetary(
        string="Invoiced",
        compute="_compute_documents",
        groups=SELLERS_AND_READERS,
        help="Posted customer invoices of this project that you can see, less credit notes, "
        "excluding taxes, in the company currency.",
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_documents(self):
        moves = self.env["account.move"]._search(
            [("move_type", "in", SALES + PURCHASES), ("state", "!=", "cancel")]
        )
        sums = project_documents.sum_up(self._origin, moves)
        for project in self:
            figures = {
                move_type: sums.get((project._origin.id, move_type), (0, 0.0))
                for move_type in SALES + PURCHASES
            }
            project.invoice_count = sum(figures[move_type][0] for move_type in SALES)
            project.bill_count = sum(figures[move_type][0] for move_type in PURCHASES)
            amount = sum(figures[move_type][1] for move_type in SALES)
            project.amount_invoiced = project.currency_id.round(amount)

    @api.constrains("analytic_account_id")
    def _check_analytic_account(self):
        projects = self.sudo().with_context(active_test=False)
        for project in projects.filtered("analytic_account_id"):
            account = project.analytic_account_id
            if other := projects.search(
                [("analytic_account_id", "=", account.id), ("id", "!=", project.id)], limit=1
            ):
                raise ValidationError(messages.project_account_taken(self.env, account, other))

    def write(self, vals):
        if "analytic_account_id" in vals:
            self._check_account_may_change(vals["analytic_account_id"])
        if "company_id" in vals:
            self._move_accounts_to(self.env["res.company"].browse(vals["company_id"] or ()))
        named = {"name", "number", "partner_id"} & vals.keys()
        before = [(project, project._prepare_account_vals()) for project in self if named]
        result = super().write(vals)
        for project, old in before:
            project._rename_account(old)
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_booked(self):
        if booked := self._filter_booked():
            raise UserError(messages.project_with_items(self.env, booked))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_on_documents(self):
        numbers = self._count_documents()
        for project in self:
            if number := numbers[project.id]:
                raise UserError(messages.project_with_documents(self.env, project, number))

    def action_view_invoices(self):
        """:return: the action that lists the customer invoices and credit notes with lines of this
        project"""
        return self._action_view_moves("account.action_move_out_invoice_type", SALES)

    def action_view_invoiced(self):
        """:return: the action that lists the posted ones of these"""
        action = self.action_view_invoices()
        return {**action, "domain": [*action["domain"], ("state", "=", "posted")]}

    def action_view_bills(self):
        """:return: the action that lists the vendor bills and refunds with lines of this project"""
        return self._action_view_moves("account.action_move_in_invoice_type", PURCHASES)

    def action_assign_documents(self):
        """Ask which documents of the past belong to this project.

        :return: the action of the wizard
        :raise UserError: if the project has no customer
        """
        self._check_customer()
        wizards = self.env["bizuno.project.assign"]
        wizards.check_access("create")
        return wizards._open_for(self)

    def _action_view_moves(self, action, types):
        self.ensure_one()
        return {
            **self.env["ir.actions.actions"]._for_xml_id(action),
            "domain": [
                ("move_type", "in", types),
                ("state", "!=", "cancel"),
                ("invoice_line_ids.bizuno_project_id", "=", self.id),
                *self._get_company_domain(self.company_id),
            ],
            "context": {"default_move_type": types[0], "default_bizuno_project_id": self.id},
        }

    def _ensure_analytic_account(self):
        """:return: the analytic accounts of these projects, in sudo; made where there are none"""
        projects = self.sudo()
        if missing := projects.filtered(lambda project: not project.analytic_account_id):
            plan = self.env["account.analytic.plan"]._get_bizuno_plan()
            accounts = plan.env["account.analytic.account"].with_context(tracking_disable=True)
            made = accounts.create(
                [
                    {**missing_project._prepare_account_vals(), "plan_id": plan.id}
                    for missing_project in missing
                ]
            )
            for project, account in zip(missing, made, strict=True):
                project.analytic_account_id = account
        return projects.analytic_account_id

    @api.model
    def _prepare_accounts(self, vals_list):
        """The accounts are there before the documents or lines with these values are: to make one
        in between empties what Odoo has worked out of them so far.

        :return: the projects that the values name
        """
        projects = self.browse(
            {vals.get("bizuno_project_id") for vals in vals_list} - {None, False}
        )
        if new := projects.filtered(lambda project: not project.sudo().analytic_account_id):
            new._check_readable()
            new._ensure_analytic_account()
        return projects

    def _check_readable(self):
        """:raise AccessError: if there are any that the user may not see; none may be chosen by
        everybody"""
        if self:
            self.check_access("read")

    @api.model
    def _find_by_accounts(self, account_ids):
        """
        :param account_ids: of analytic accounts
        :return: {id of an account: its project}, in sudo, without those that are no project's
        """
        if not account_ids:
            return {}
        projects = self.sudo().with_context(active_test=False)
        owners = projects.search_fetch(
            [("analytic_account_id", "in", list(account_ids))],
            ["analytic_account_id"],
            # before accounts had one project only, several could share one: the oldest has it
            order="id desc",
        )
        return {project.analytic_account_id.id: project for project in owners}

    def _prepare_account_vals(self):
        self.ensure_one()
        project = self.sudo()
        return {
            "name": project.name,
            "code": project.number,
            "partner_id": project.partner_id.id,
            "company_id": project.company_id.id,
        }

    def _rename_account(self, old):
        """An account that is still called what the project was goes on being called like it.

        :param dict old: what the values of the account followed from
        """
        account, new = self.sudo().analytic_account_id, self._prepare_account_vals()
        if account and (account.name, account.code) == (old["name"], old["code"]):
            account.write({name: new[name] for name in new if new[name] != old[name]})

    def _check_account_may_change(self, account_id):
        changed = self.sudo().filtered(
            lambda project: (
                project.analytic_account_id and project.analytic_account_id.id != account_id
            )
        )
        for project in changed._filter_booked()[:1]:
            raise UserError(messages.project_account_in_use(self.env, project))

    def _move_accounts_to(self, company):
        """The account goes along with a project of another company, as long as nothing is on it.

        :raise UserError: if there is, which stays in its company and would be nobody's
        """
        leaving = self.sudo().filtered(lambda project: project.company_id != company)
        numbers = leaving._count_documents()
        used = leaving._filter_booked() | leaving.filtered(lambda project: numbers[project.id])
        for lines in self._find_models_of("bizuno.project.line.mixin"):
            for project in leaving - used:
                accounts = project.analytic_account_id
                domain = [("analytic_distribution", "in", accounts.ids)]
                if accounts and lines.search_count(domain, limit=1):
                    used |= project
        for project in used[:1]:
            raise UserError(messages.project_of_company_with_documents(self.env, project, company))
        accounts = leaving.analytic_account_id.filtered("company_id")
        if company and accounts:
            accounts.company_id = company

    def _count_documents(self):
        """:return: Counter of {project's id: number of its documents}"""
        numbers = Counter()
        for documents in self._find_models_of("bizuno.project.document.mixin"):
            for project, number in documents._read_group(
                [("bizuno_project_id", "in", self.ids)], ["bizuno_project_id"], ["__count"]
            ):
                numbers[project.id] += number
        return numbers

    @api.model
    def _find_models_of(self, mixin):
        """:return: the documents, or their lines, that may be on projects: those of the small
        addons, too, each in sudo"""
        for name in self.env.registry.descendants([mixin], "_inherit"):
            if not self.env[name]._abstract:
                yield self.env[name].sudo().with_context(active_test=False)

    def _filter_booked(self):
        """:return: those of these projects on whose accounts anything is booked"""
        accounts = self.sudo().analytic_account_id
        booked = set()
        for plan in accounts.root_plan_id:
            column = plan._column_name()
            groups = (
                self.env["account.analytic.line"]
                .sudo()
                ._read_group([(column, "in", accounts.ids)], [column])
            )
            booked |= {account.id for (account,) in groups}
        return self.filtered(lambda project: project.sudo().analytic_account_id.id in booked)
