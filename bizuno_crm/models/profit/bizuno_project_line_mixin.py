from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ... import messages
from ...logic import project_lines
from ..base.given import with_given_defaults


class BizunoProjectLineMixin(models.AbstractModel):
    """A line of an order or an invoice, whose analytic distribution says which project it is on.

    The project is nothing of its own: it is read from the distribution and written into it, so that
    it goes wherever Odoo takes the distribution, and never says anything else than the ledger.
    """

    _name = "bizuno.project.line.mixin"
    _description = "Line on a Project"

    bizuno_project_id = fields.Many2one(
        comodel_name="bizuno.project",
        string="Customer Project",
        compute="_compute_bizuno_project_id",
        inverse="_inverse_bizuno_project_id",
        search="_search_bizuno_project_id",
        compute_sudo=True,
        help="The project this line belongs to. Its analytic account is added to the analytic "
        "distribution at 100%; a line that is split by hand has no project of its own here.",
    )

    # The document of the line, and its reference to it.
    _project_document = None

    @api.depends("analytic_distribution")
    def _compute_bizuno_project_id(self):
        shares = self._get_project_shares()
        for line in self:
            line.bizuno_project_id = project_lines.find_whole(shares[line])

    def _inverse_bizuno_project_id(self):
        wanted = [(line, line.bizuno_project_id) for line in self]
        for project in {project for _line, project in wanted}:
            lines = self.browse(
                line.id for line, wanted_project in wanted if wanted_project == project
            )
            lines._put_on_project(project)

    @api.onchange("bizuno_project_id")
    def _onchange_bizuno_project_id(self):
        if not self.bizuno_project_id or self.env["account.analytic.plan"]._find_bizuno_plan():
            self._put_on_project(self.bizuno_project_id)

    def _search_bizuno_project_id(self, operator, value):
        projects = self.env["bizuno.project"].with_context(active_test=False)
        if operator == "any":
            matching, with_none = projects.search(value), False
        elif operator == "in":
            ids = [operand for operand in value if operand and isinstance(operand, int)]
            names = [operand for operand in value if isinstance(operand, str)]
            matching = projects.search(
                Domain("id", "in", ids) | Domain("display_name", "in", names)
            )
            with_none = False in value
        elif operator in ("ilike", "like", "=ilike", "=like"):
            matching, with_none = projects.search([("display_name", operator, value)]), False
        else:
            return NotImplemented
        domain = Domain("analytic_distribution", "in", matching.sudo().analytic_account_id.ids)
        if with_none:
            every = projects.sudo().search([("analytic_account_id", "!=", False)])
            domain |= Domain("analytic_distribution", "not in", every.analytic_account_id.ids)
        return domain

    @api.model
    def default_get(self, fields):  # pylint: disable=redefined-outer-name
        # A default of the page is one of its document, of which the lines have theirs.
        defaults = super().default_get(fields)
        defaults.pop("bizuno_project_id", None)
        return defaults

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = with_given_defaults(self, vals_list, self._project_document)
        vals_list = self._with_projects_of_documents(vals_list)
        self.env["bizuno.project"]._prepare_accounts(vals_list)
        return super().create([self._with_distribution_if_locked(vals) for vals in vals_list])

    def copy_data(self, default=None):
        # A copy is on the project of its original, even if its document is on another one.
        vals_list = super().copy_data(default)
        for line, vals in zip(self, vals_list, strict=True):
            vals.setdefault("bizuno_project_id", line.sudo().bizuno_project_id.id)
        return vals_list

    def _compute_analytic_distribution(self):  # pylint: disable=missing-return
        # Odoo proposes it anew for another product or customer: the project of the line stays, and
        # a new one has that of its document.
        # Of a new line that has a product already, the page says what somebody has left of it.
        cached = self._fields["analytic_distribution"]._get_cache(self.env)
        emptied = self.filtered(
            lambda line: not line._origin and line.product_id and not cached.get(line.id, True)
        )
        before = {line: line.analytic_distribution for line in self}
        shares = self._get_project_shares()
        super()._compute_analytic_distribution()
        for line in self:
            project = project_lines.find_whole(shares[line])
            if shares[line] and not project:
                line.analytic_distribution = before[line]
            elif not project and not line._origin and line not in emptied and line._takes_project():
                project = line._get_project_of_origin()
                if line._get_project_shares()[line]:
                    continue
            # whose account is there since the document has the project: nothing is made in here
            if project and project.sudo().analytic_account_id:
                line._put_on_project(project)

    @api.model
    def _with_projects_of_documents(self, vals_list):
        """A line that says nothing of projects is on that of its document."""
        documents = self.env[self._fields[self._project_document].comodel_name]
        said = self.env["bizuno.project"]._find_by_accounts({
            account_id
            for vals in vals_list
            for account_id in project_lines.find_account_ids(vals.get("analytic_distribution"))
        })  # fmt: skip
        result = []
        for vals in vals_list:
            document = documents.browse(vals.get(self._project_document))
            if (
                "bizuno_project_id" not in vals
                and document._is_on_projects()
                and document.bizuno_project_id
                and self._takes_project(vals)
                and not said.keys()
                & project_lines.find_account_ids(vals.get("analytic_distribution"))
            ):
                vals = {**vals, "bizuno_project_id": document.bizuno_project_id.id}
            result.append(vals)
        return result

    @api.model
    def _with_distribution_if_locked(self, vals):
        """Nobody writes into the lines of a locked document: a new one begins with what its project
        makes of its distribution."""
        document = self.env[self._fields[self._project_document].comodel_name]
        document = document.browse(vals.get(self._project_document))
        if "bizuno_project_id" not in vals or not document._get_project_refusal():
            return vals
        vals = dict(vals)
        project = self.env["bizuno.project"].browse(vals.pop("bizuno_project_id") or ())
        line = self.new(vals)
        line._put_on_project(project)
        return {**vals, "analytic_distribution": line.analytic_distribution}

    def _put_on_project(self, project):
        """Put the account of a project into the distribution of the lines at 100 %, beside what
        other plans say; without a project take it out, where it has the whole line.

        :raise UserError: if the lines are of another company, or posted in a locked period
        """
        lines = self.filtered(lambda line: line._takes_project())
        shares = lines._get_project_shares()
        lines = lines.filtered(
            lambda line: (
                project_lines.find_whole(shares[line]) != project
                if project
                else project_lines.find_whole(shares[line])
            )
        )
        if not lines:
            return
        lines._check_project_may_change(project)
        account = project._ensure_analytic_account()
        in_plan = lines._find_accounts_of_plan(account.root_plan_id) if account else set()

        def distribution_of(line):
            distribution = project_lines.without_accounts(
                line.analytic_distribution,
                {sharing_project.sudo().analytic_account_id.id for sharing_project in shares[line]},
            )
            if account:
                distribution = project_lines.with_account(distribution, account.id, in_plan)
            return project_lines.freeze(distribution)

        # Not one by one: an invoice balances its entry anew each time.
        for distribution, group in lines.grouped(distribution_of).items():
            group.analytic_distribution = dict(distribution) or False

    def _check_project_may_change(self, project):
        for document, lines in self.grouped(self._project_document).items():
            # Who adds a line to a document need not see what the document is about.
            if document.bizuno_project_id != project:
                project._check_readable()
            company = project.sudo().company_id
            if project and document.company_id and company != document.company_id:
                raise UserError(messages.project_of_other_company(self.env, project, document))
            # by a new line no project changes
            if lines._origin:
                document._check_project_unlocked()

    def _get_project_of_origin(self):
        """:return: the project that this line, a new one, is on unless somebody says otherwise"""
        return self[self._project_document].bizuno_project_id

    def _takes_project(self, vals=None):
        """
        :param dict vals: of a line that is to be created; None: this one
        :return: whether the line is one of goods or services
        """
        kind = vals.get("display_type") if vals is not None else self.display_type
        return (kind or "product") == "product"

    def _get_project_shares(self):
        """:return: {line: {project: percentage}}, the projects in sudo"""
        sums = {line: project_lines.sum_by_account(line.analytic_distribution) for line in self}
        projects = self.env["bizuno.project"]._find_by_accounts(
            {account_id for percentages in sums.values() for account_id in percentages}
        )
        shares = {}
        for line, percentages in sums.items():
            shares[line] = {}
            for account_id, percentage in percentages.items():
                if project := projects.get(account_id):
                    before = shares[line].get(project, 0.0)
                    shares[line][project] = before + percentage
        return shares

    def _find_accounts_of_plan(self, plan):
        """:return: set of the ids of the accounts of the plan in the distributions of the lines"""
        ids = set()
        for line in self:
            ids |= project_lines.find_account_ids(line.analytic_distribution)
        accounts = self.env["account.analytic.account"].sudo().browse(ids).exists()
        return {account.id for account in accounts if account.root_plan_id == plan}

    def _filter_followers(self, old, new):
        """
        :param old: the project that their document was on
        :param new: the one that it is on now
        :return: those lines that go along: no project of their own, nothing split by hand
        """
        lines = self.filtered(lambda line: line._takes_project())
        shares = lines._get_project_shares()
        if old:
            return lines.filtered(lambda line: project_lines.find_whole(shares[line]) == old)
        lines = lines.filtered(lambda line: not shares[line])
        account = new.sudo().analytic_account_id
        taken = lines._find_accounts_of_plan(account.root_plan_id) if account else set()
        return lines.filtered(
            lambda line: not taken & project_lines.find_account_ids(line.analytic_distribution)
        )
