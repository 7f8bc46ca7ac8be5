from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ... import messages
from ...logic import aging, credit
from ...reports.credit import credit_exposure
from ..base.bizuno_guard import readers_only
from ..terms.bizuno_terms_mixin import ACCOUNT_READERS


class ResPartner(models.Model):
    # The credit status of a customer: in the current company, of the commercial entity. Credit hold
    # and lock: who set them and why is in the chatter, and whoever chooses the customer sees it.

    _inherit = "res.partner"
    # Branches lend by the limits of their root company.
    _fields_of_root = ("credit_limit",)

    account_status_reason = fields.Char(
        string="Status Reason",
        copy=False,
        tracking=True,
        readonly=True,
        groups="base.group_user",
    )

    credit_status = fields.Selection(
        selection=list(credit.STATUSES.items()),
        compute="_compute_credit_status",
        search="_search_credit_status",
        groups="base.group_user",
        help="The first that applies: locked, credit hold, over the limit, past due, OK.",
    )
    credit_message = fields.Char(
        string="Credit Status in Words", compute="_compute_credit_message", groups="base.group_user"
    )

    @api.depends("account_restriction", "account_status_reason", "commercial_partner_id")
    @api.depends_context("company")
    def _compute_credit_status(self):
        """As the system, because the figures are not for everyone. A list asks for the status
        alone, a form for the message as well."""
        if len(self) == 1:
            self._compute_credit_message()
            return
        self._set_credit_status(self._get_credit_positions(self.env.company))

    def _set_credit_status(self, positions):
        for partner in self:
            position = positions.get(partner.commercial_partner_id._origin.id, credit.Position())
            partner.credit_status = position.status()

    @api.depends("account_restriction", "account_status_reason", "commercial_partner_id")
    @api.depends_context("company", "uid", "lang", "credit_without_figures")
    def _compute_credit_message(self):
        """As the system; the message names only figures that Odoo shows this user elsewhere."""
        company = self.env.company
        positions = self._add_credit_branches(self._get_credit_positions(company), company)
        names = ("credit_status", "credit_message")
        # Protected: remembered as computed, not written as by somebody who changes the customer.
        with self.env.protecting([self._fields[name] for name in names], self):
            self._set_credit_status(positions)
            self._set_credit_message(positions, company)

    def _set_credit_message(self, positions, company):
        for partner in self:
            customer = partner.commercial_partner_id
            position = positions.get(customer._origin.id, credit.Position())
            partner.credit_message = messages.credit_status(
                self.env, customer.sudo(), company, position, branches=position.branches
            )

    @api.depends_context("res_partner_search_mode")
    def _compute_display_name(self):
        # Where a customer is chosen, on orders and invoices, the list says who is on hold: in the
        # formatted name alone, which is shown and never kept. The status is no dependency, because
        # each invoice of the customer stores a name, and would be written.
        super()._compute_display_name()
        context = self.env.context
        if not context.get("formatted_display_name"):
            return
        if context.get("res_partner_search_mode") != "customer":
            return
        if not self.env.user._is_internal():
            return  # the customer, who can send a context as well
        labels = dict(self._fields["account_restriction"]._description_selection(self.env))
        for partner in self:
            status = partner.commercial_partner_id.sudo().account_restriction
            if status:
                partner.display_name = f"{partner.display_name} \t `{labels[status]}`"

    def write(self, vals):
        # The reason of a hold is none for what comes after it.
        if "account_restriction" in vals and "account_status_reason" not in vals:
            restriction = vals["account_restriction"] or False
            ended = self.filtered(
                lambda record: (
                    record.account_status_reason and record.account_restriction != restriction
                )
            )
            if ended:
                ended.sudo().account_status_reason = False
        result = super().write(vals)
        if "account_restriction" in vals:
            self.env["res.partner"].invalidate_model(["display_name"], flush=False)
        return result

    def action_open_account_status(self):
        """The dialog that puts the account on hold, locks or releases it, and asks why.

        :return: a window action
        :raise AccessError: without the right to change the customer's account
        """
        return self._get_account_dialog(
            "bizuno.account.status.wizard",
            self.env._("Status of %(customer)s", customer=self.name),
            self.env._("Status"),
        )

    @api.model
    def _sees_credit_figures(self):
        """Whether messages for this user name open amount and limit. What is posted where others
        read it, too, names none: a context key can hide them, and never show them."""
        return not self.env.context.get("credit_without_figures") and self.env.user.has_groups(
            ACCOUNT_READERS
        )

    def _get_credit_positions(self, company, serialized=None):
        """The positions of these contacts' commercial entities, in one query besides their limits.

        No rights are checked: for decisions, and for messages that leave out what is secret.

        :param serialized: customers to whose accounts only one transaction at a time may add
        :return: {commercial partner's id: `logic.credit.Position`}
        """
        customers = self.sudo().commercial_partner_id._origin._get_accounts_sold_to(company)
        if not customers:
            return {}
        query = self._get_credit_owed_sql(company, customers.ids)
        if serialized:
            query = credit_exposure.serialized(query, serialized.ids)
        owed = {partner_id: amounts for partner_id, *amounts in self.env.execute_query(query)}
        round_ = company.sudo().currency_id.round
        positions = {}
        for customer in customers:
            open_, past_due, unapplied = (
                float(amount) for amount in owed.get(customer.id, (0, 0, 0))
            )
            positions[customer.id] = credit.Position(
                limit=customer._get_limit_to_come(company),
                open=round_(open_),
                past_due=round_(past_due),
                unapplied=round_(unapplied),
                account_status=customer.account_restriction or "active",
            )
        return positions

    @api.model
    def _add_credit_branches(self, positions, company):
        """For messages: the banner counts what is open in all companies that share the limit, the
        panel beside it what is open in those that are switched on.

        :param positions: {commercial partner's id: `logic.credit.Position`}
        :return: the same, with what other companies of the tree have open in accounts with a limit
        """
        limited = [
            key for key, position in positions.items() if position.limit and position.open > 0
        ]
        if not limited or not self._sees_credit_figures():
            return positions
        others = company.sudo().browse(company._get_credit_tree_ids()) - company.sudo()
        if not others:
            return positions
        branches = defaultdict(list)
        figures = (
            self.env["bizuno.aged.receivable"]
            .sudo()
            ._get_figures([("company_id", "in", others.ids), ("partner_id", "in", limited)])
        )
        for (company_id, partner_id), amounts in figures.items():
            balance = amounts[aging.AMOUNTS.index("balance")]
            if balance:
                branches[partner_id].append((others.browse(company_id).name, balance))
        return {
            key: position._replace(branches=tuple(branches[key])) if key in branches else position
            for key, position in positions.items()
        }

    def _judge_credit_amount(
        self, company, amount, label, counted=False, taken_over=0.0, allowances=()
    ):
        """Judge an amount that is about to be lent to this customer by something else than an order
        or an invoice, such as a sale on account at a till: as a document of that amount, under a
        lock of the customer until the end of the transaction. What is paid is not to be in it.

        :param company: `res.company` that lends
        :param float amount: in its currency, more than 0
        :param str label: what lends, within a sentence: “this sale”
        :param bool counted: what the customer owes contains the amount already
        :param float taken_over: by how much less is left of orders that counted before
        :param allowances: ways in which it may have been approved, as of `logic.credit.Document`
        :return: (what the company's policy does about it: “warn”, “approval”, “block” or None if
            there is nothing against it; the reasons in words, with the figures that the user may
            see)
        """
        self.ensure_one()
        customer, company = self.sudo().commercial_partner_id, company.sudo()
        policy = company._get_credit_policy()
        is_limited = bool(customer._get_limit_to_come(company) or customer.account_restriction)
        locked = customer if is_limited and not policy.is_warning_only else None
        [position] = customer._get_credit_positions(company, locked).values()
        amount = company.currency_id.round(amount)
        added = max(company.currency_id.round(amount - taken_over), 0.0)
        document = credit.Document(
            added=added, is_counted=counted, to_pay=amount, allowances=allowances
        )
        [verdict] = credit.judge(position, [document], policy)
        if not verdict.action:
            return None, ""
        text = messages.credit_status(
            self.env, customer, company, verdict.position, verdict.amount, label
        )
        return verdict.action, text

    @api.model
    def _get_credit_owed_sql(self, company, partner_ids=None):
        """A query: partner_id (the commercial partner), open, past_due, unapplied; in the company's
        currency.

        :param partner_ids: ids of commercial partners; None for all customers
        """
        receivable = self.env["bizuno.aged.receivable"]
        # What posting has just written on lines of drafts, which do not count, need not go to the
        # database by a statement of its own.
        bases = (company | company._get_credit_root()).sudo().mapped("aging_basis")
        is_by_invoice_date = "invoice_date" in bases
        receivable._flush_sources(unread=() if is_by_invoice_date else ("invoice_date",))
        owed = receivable._get_open_receivable_sql(company, partner_ids)
        if company.sudo().credit_scope != "invoices_and_orders":
            return SQL(
                "SELECT partner_id, total - unapplied AS open, past_due, unapplied FROM (%s) owed",
                owed,
            )
        companies = receivable._get_company_tree_sql(company)
        return SQL(
            """
            SELECT partner_id, SUM(total) - SUM(unapplied) AS open,
                   SUM(past_due) AS past_due, SUM(unapplied) AS unapplied
              FROM (
                    %(owed)s
                     UNION ALL
                    SELECT partner_id, amount, 0, 0 FROM (%(ordered)s) ordered
                   ) owed
             GROUP BY partner_id
            """,
            owed=owed,
            ordered=credit_exposure.open_orders_sql(self.env, companies, partner_ids),
        )

    @api.model
    @readers_only("credit_status")
    def _search_credit_status(self, operator, value):
        if operator != "in":
            return NotImplemented
        return self._get_credit_status_domain(value, self.env.company)

    @api.model
    def _get_credit_status_domain(self, statuses, company):
        """The contacts whose account has one of these statuses: the rule of `logic.credit` for all
        customers, in SQL."""
        restriction = "commercial_partner_id.account_restriction"
        by_amounts = {credit.OVER_LIMIT, credit.PAST_DUE, credit.OK}
        wanted = by_amounts.intersection(statuses)
        # Most customers owe nothing, and are not among those whose amounts are looked up.
        if credit.OK in wanted:
            amounts_domain = ~self._get_credit_amounts_domain(by_amounts - wanted, company)
        else:
            amounts_domain = self._get_credit_amounts_domain(wanted, company)
        restricted = [status for status in statuses if status in (credit.LOCKED, credit.HOLD)]
        return Domain(restriction, "in", restricted) | (
            Domain(restriction, "=", False) & amounts_domain
        )

    @api.model
    def _get_credit_amounts_domain(self, statuses, company):
        """The contacts of customers who owe so much that they have one of these statuses, if they
        are neither locked nor on hold: what is owed is read once, whatever is asked for.

        :param statuses: over the limit, past due, both or none of them
        """
        if not statuses:
            return Domain.FALSE
        company = company.sudo()
        self.flush_model(["commercial_partner_id", "credit_limit"])
        customers = self.sudo().with_company(company)
        query = customers._search([], bypass_access=True, active_test=False)
        account_ids = SQL(
            """
            SELECT %(id)s FROM res_partner
              JOIN (%(owed)s) account ON account.partner_id = %(id)s
             WHERE CASE
                   WHEN %(limit)s <> 0
                        AND ROUND((account.open - %(limit)s)::numeric, %(digits)s) > 0
                   THEN %(over_limit)s
                   WHEN ROUND((account.past_due - account.unapplied)::numeric, %(digits)s) > 0
                   THEN %(past_due)s
                   END IN %(statuses)s
            """,
            id=SQL.identifier(query.table, "id"),
            owed=self._get_credit_owed_sql(company),
            limit=customers._get_limit_to_come_sql(query.table, query),
            digits=credit.DIGITS,
            over_limit=credit.OVER_LIMIT,
            past_due=credit.PAST_DUE,
            statuses=tuple(statuses),
        )
        return Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "%s IN (%s)",
                model._field_to_sql(alias, "commercial_partner_id", query),
                account_ids,
            )
        )
