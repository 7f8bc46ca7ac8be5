from typing import NamedTuple

from odoo import Command, api, fields, models
from odoo.exceptions import UserError


class Carried(NamedTuple):
    """The projects that go from documents to what is made of them, whoever makes it. A context that
    comes with a remote call can hold no such object."""

    ids: tuple


class BizunoProjectDocumentMixin(models.AbstractModel):
    """An order or an invoice that is about a project: its lines are, unless they say otherwise."""

    _name = "bizuno.project.document.mixin"
    _description = "Document on a Project"

    bizuno_project_id = fields.Many2one(
        comodel_name="bizuno.project",
        # not "Project": with Odoo's Project app a document has one of those, too
        string="Customer Project",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        tracking=True,
        help="The project this document belongs to. Its lines are assigned to this project unless "
        "they have their own.",
    )
    # like show_update_fpos of Odoo: what the page has given to the lines last
    bizuno_project_passed_on = fields.Json(store=False, exportable=False)

    # The lines of goods and services.
    _project_lines = None

    @api.model_create_multi
    def create(self, vals_list):
        projects = self.env["bizuno.project"]._prepare_accounts(vals_list)
        carried = self.env.context.get("bizuno_carried")
        known = carried.ids if isinstance(carried, Carried) else ()
        projects.filtered(lambda project: project.id not in known)._check_readable()
        return super().create(vals_list)

    def copy(self, default=None):
        return (
            super(BizunoProjectDocumentMixin, self._carry_projects())
            .copy(default)
            .with_env(self.env)
        )

    def write(self, vals):
        vals = self._with_emptied_lines(vals)
        if "bizuno_project_id" not in vals:
            return super().write(vals)
        project = self.env["bizuno.project"].browse(vals["bizuno_project_id"] or ())
        if any(document.bizuno_project_id != project for document in self):
            project._check_readable()
        # First the project and the lines that follow it, then what the same page says of lines.
        before = [(document, document.bizuno_project_id) for document in self]
        result = super().write({"bizuno_project_id": vals["bizuno_project_id"]})
        for document, old in before:
            document._pass_project_on(old)
        others = {name: value for name, value in vals.items() if name != "bizuno_project_id"}
        return super().write(others) if others else result

    @api.onchange("bizuno_project_id")
    def _onchange_bizuno_project_id(self):
        passed_on = self.bizuno_project_passed_on
        if passed_on is False or passed_on is None:
            old = self._origin.bizuno_project_id
        else:
            old = self.env["bizuno.project"].browse(passed_on)
        if self.bizuno_project_id == old:
            return
        # Without a plan the lines get it when the page is saved: to make one empties the page.
        if self.env["account.analytic.plan"]._find_bizuno_plan():
            # before there are lines: new ones find it
            self.bizuno_project_id._check_readable()
            self.bizuno_project_id._ensure_analytic_account()
            self._pass_project_on(old)
            self.bizuno_project_passed_on = self.bizuno_project_id.ids

    @api.onchange("partner_id")
    def _onchange_partner_id_bizuno_project(self):
        # On bills any project may be chosen.
        customer = self.bizuno_project_id.sudo().partner_id.commercial_partner_id
        if self._is_project_of_customer() and self.partner_id and customer:
            if customer != self.partner_id.commercial_partner_id:
                self.bizuno_project_id = False
                self._onchange_bizuno_project_id()

    @api.model
    def _with_emptied_lines(self, vals):
        """A new line whose distribution is given and empty is on no project: of who sees
        distributions and no projects, nothing else says so."""

        def with_emptied(command):
            if command[0] != Command.CREATE or command[2].get("analytic_distribution", True):
                return command
            return (*command[:2], {"bizuno_project_id": False, **command[2]})

        commands = vals.get(self._project_lines)
        if not isinstance(commands, list):
            return vals
        return {**vals, self._project_lines: [with_emptied(command) for command in commands]}

    def _pass_project_on(self, old):
        self.ensure_one()
        new = self.bizuno_project_id
        if new != old and self._is_on_projects():
            self[self._project_lines]._filter_followers(old, new)._put_on_project(new)

    def _carry_projects(self):
        """:return: these documents, for what is made of them: who makes it need not see their
        projects"""
        carried = Carried(tuple(self.sudo().bizuno_project_id.ids))
        return self.with_context(bizuno_carried=carried)

    def _take_off_mixed(self, sources):
        """A document for others of several projects is on none; its lines keep theirs.

        :param sources: what it was made of
        """
        # Being on none counts as well.
        if len({source.bizuno_project_id for source in sources}) <= 1:
            return True
        # pylint: disable-next=super-method-mismatch
        return super().write({"bizuno_project_id": False})

    def _is_on_projects(self):
        """:return: whether it is a document with a project, and not just any journal entry"""
        return True

    def _is_project_of_customer(self):
        """:return: whether it is the project of who the document is for"""
        return True

    def _check_project_unlocked(self):
        """:raise UserError: if the document is booked, and its period closed"""
        if refusal := self._get_project_refusal():
            raise UserError(refusal)

    def _get_project_refusal(self):
        """:return: why the project of the lines of this document cannot change any more, or
        False"""
        return False
