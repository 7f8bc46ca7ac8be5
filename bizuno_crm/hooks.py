"""Installing on a live database of any size, and leaving it without a trace (uninstall.py).

Everything here is set-based SQL: no contact is loaded, none is renamed.
"""

import logging
from contextlib import closing, suppress
from dataclasses import replace
from decimal import Decimal

import psycopg2
from odoo.sql_db import db_connect
from odoo.tools import SQL, sql

from . import uninstall
from .logic import contact_id, terms

_logger = logging.getLogger(__name__)


def pre_init_hook(env):
    _contact_pre_init(env)


def post_init_hook(env):
    _contact_post_init(env)
    _credit_post_init(env)
    _profit_post_init(env)


def uninstall_hook(env):
    """Odoo itself drops our columns, their indexes, our records and groups. Payment terms, price
    sheets and fiscal positions stay: they are Odoo's own records, and documents refer to them."""
    uninstall.records_uninstall(env)
    _aging_uninstall(env)
    uninstall.pipeline_uninstall(env)
    _profit_uninstall(env)
    uninstall.promo_uninstall(env)
    uninstall.reflection_uninstall(env)


# --- contact -------------------------------------------------------------------------------------


def _contact_pre_init(env):
    """Make and fill the columns before Odoo does, which would compute them contact by contact."""
    env.cr.execute(
        # A default that is there while the column is added costs no rewrite of the table.
        """
        ALTER TABLE res_partner
            ADD COLUMN IF NOT EXISTS account_status varchar DEFAULT 'active',
            ADD COLUMN IF NOT EXISTS account_restriction varchar,
            ADD COLUMN IF NOT EXISTS contact_id_conflict boolean,
            ADD COLUMN IF NOT EXISTS role_branch boolean
        """
    )
    env.cr.execute("ALTER TABLE res_partner ALTER COLUMN account_status DROP DEFAULT")
    env.cr.execute("UPDATE res_partner SET account_status = 'inactive' WHERE NOT active")
    _contact_fill_roles(env)
    _contact_flag_conflicts(env)


def _contact_fill_roles(env):
    """Only branches need a statement. Customers, vendors, employees and users need none: those
    roles *are* Odoo's ranks, flag and logins; leads and projects are Bizuno's alone."""
    env.cr.execute(
        """
        UPDATE res_partner SET role_branch = TRUE
          FROM res_company
         WHERE res_company.partner_id = res_partner.id AND res_company.parent_id IS NOT NULL
        """
    )


def _contact_flag_conflicts(env):
    """Exempt from the unique index what shares its Contact ID already: all but the one that keeps
    it. The index then guards every other Contact ID from the first moment."""
    env.cr.execute(
        SQL(
            """
            UPDATE res_partner SET contact_id_conflict = TRUE
             WHERE id IN (
                SELECT id FROM (
                    SELECT id,
                           row_number() OVER (PARTITION BY key ORDER BY %(order)s) AS place
                      FROM (SELECT id, active, %(key)s AS key FROM res_partner
                             WHERE parent_id IS NULL AND ref <> ''
                               AND contact_id_conflict IS NOT TRUE) AS contact
                     WHERE key <> '') AS holder
                 WHERE place > 1)
            """,
            key=SQL(contact_id.KEY_SQL.format(text="ref")),
            order=SQL(contact_id.HOLDER_ORDER),
        )
    )
    if env.cr.rowcount:
        _logger.info(
            "Contacts that share their Contact ID with an older one: %s. They are listed under "
            "Bizuno CRM / Configuration / Contact ID Conflicts.",
            env.cr.rowcount,
        )


def _contact_post_init(env):
    assert sql.index_exists(env.cr, "res_partner_contact_id_unique")
    _contact_start_sequences(env)
    _contact_post_init_features(env)


def _contact_post_init_features(env):
    # Ship-to addresses are offered on the order only where this feature is on.
    env.ref("base.group_user")._apply_group(env.ref("account.group_delivery_invoice_address"))


def _contact_start_sequences(env):
    """Begin above the numbers of this shape that are taken already."""
    for name in ("sequence_contact_customer", "sequence_contact_vendor"):
        sequence = env.ref(f"bizuno_crm.{name}")
        ((highest,),) = env.execute_query(
            SQL(
                """
                SELECT max(substr(key, %(start)s)::bigint)
                  FROM (SELECT %(key)s AS key FROM res_partner) AS contact
                 WHERE key ~ %(shape)s
                """,
                key=SQL(contact_id.KEY_SQL.format(text="ref")),
                start=len(sequence.prefix) + 1,
                shape=f"^{sequence.prefix.lower()}[0-9]{{1,9}}$",
            )
        )
        if highest and highest >= sequence.number_next_actual:
            sequence.number_next = highest + 1


# --- aging ---------------------------------------------------------------------------------------

# Up to so many bytes of journal items (about 200,000 of them) an index is made before anybody could
# notice; beyond, without a lock. The size is known of a restored database too, which PostgreSQL has
# no statistics of yet.
_AGING_SMALL_LEDGER = 64 * 1024**2
_AGING_INDEX = "account_move_line_bizuno_receivable_idx"
# Those of earlier versions: without what is in dispute (until 19.0.1.0.1), without invoice dates.
_AGING_INDEXES_BEFORE = (
    "account_move_line_bizuno_open_items_idx",
    "account_move_line_bizuno_aging_idx",
)
_ACCOUNT_INDEX = "account_move_bizuno_account_idx"
# CONCURRENTLY waits for transactions that are older than itself, and who is at the keyboard waits
# for it: a back-up of many hours must not hold an installation up for ever.
_AGING_PATIENCE = "10min"


def _aging_ensure_index(env):
    """The indexes on tables of Odoo's own: of open receivable items, which the figures of all
    customers read alone, and of an account's documents. Called by every installation and update;
    mends what an interrupted one has left.

    One that an earlier version made serves until the new one is there.
    """
    indexes = _aging_indexes()
    env.cr.execute(
        "SELECT pg_relation_size('account_move_line'),"
        " ARRAY(SELECT (SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(name))"
        " FROM unnest(%s) AS name),"
        " EXISTS (SELECT FROM pg_indexes WHERE schemaname = current_schema()"
        " AND indexname = ANY(%s))",
        [[*indexes], [*_AGING_INDEXES_BEFORE]],
    )
    size, are_valid, has_before = env.cr.fetchone()
    if all(are_valid) and not has_before:
        return
    if size > _AGING_SMALL_LEDGER:
        # CONCURRENTLY waits for running transactions, this one among them: after its end.
        dbname = env.cr.dbname
        env.cr.postcommit.add(lambda: _aging_create_index_concurrently(dbname))
        return
    for (name, index_sql), is_valid in zip(indexes.items(), are_valid, strict=True):
        if is_valid is False:
            env.cr.execute(_aging_drop_sql(name))
        env.cr.execute(index_sql())
    for name in _AGING_INDEXES_BEFORE:
        env.cr.execute(_aging_drop_sql(name))


# Under this name the migration to 19.0.1.0.1 knows it.
_aging_post_init = _aging_ensure_index


def _aging_indexes():
    """:return: {name: function that gives the statement that makes it}"""
    return {_AGING_INDEX: _aging_index_sql, _ACCOUNT_INDEX: _account_index_sql}


def _aging_index_sql(concurrently=False):
    return _aging_create_sql(
        _AGING_INDEX,
        """
        account_move_line (account_id, partner_id)
            INCLUDE (
                amount_residual, date_maturity, invoice_date, date, company_id, display_type,
                no_followup
            )
         WHERE reconciled IS NOT TRUE AND parent_state = 'posted' AND amount_residual <> 0
        """,
        concurrently,
    )


def _account_index_sql(concurrently=False):
    """Odoo has none, and reads all documents of the company to know what one customer was invoiced,
    whenever his page is opened; so does PostgreSQL before a contact is deleted. We ask for the
    first sale of an account, and whether a contact is in use."""
    return _aging_create_sql(
        _ACCOUNT_INDEX,
        "account_move (commercial_partner_id) WHERE commercial_partner_id IS NOT NULL",
        concurrently,
    )


def _aging_create_sql(name, on, concurrently):
    return SQL(
        "CREATE INDEX %s IF NOT EXISTS %s ON %s",
        SQL("CONCURRENTLY" if concurrently else ""),
        SQL.identifier(name),
        SQL(on),
    )


def _aging_drop_sql(name, concurrently=False):
    return SQL(
        "DROP INDEX %s IF EXISTS %s",
        SQL("CONCURRENTLY" if concurrently else ""),
        SQL.identifier(name),
    )


def _aging_create_index_concurrently(dbname):
    """Invoices can be posted while they are made. Without them all figures are right, only slower:
    a failure is told in the log, and must not undo an installation that is already committed.

    A process that is killed meanwhile stops nothing: PostgreSQL goes on to the end. What PostgreSQL
    itself could not finish is an invalid index, which is of no use to anybody and made anew.
    """
    name = _AGING_INDEX
    with closing(db_connect(dbname).cursor()) as cr:
        cr._cnx.autocommit = True
        try:
            cr.execute("SELECT pg_try_advisory_lock(hashtext(%s))", [_AGING_INDEX])
            if not cr.fetchone()[0]:
                return  # somebody else is at it
            cr.execute("SELECT set_config('lock_timeout', %s, false)", [_AGING_PATIENCE])
            for name, index_sql in _aging_indexes().items():
                cr.execute(
                    "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(%s)", [name]
                )
                if cr.fetchone() == (False,):
                    cr.execute(_aging_drop_sql(name, concurrently=True))
                cr.execute(index_sql(concurrently=True), log_exceptions=False)
            for before in _AGING_INDEXES_BEFORE:
                cr.execute(_aging_drop_sql(before, concurrently=True))
        except psycopg2.Error:
            _logger.exception(
                "The index %s could not be created; the next update of bizuno_crm tries it again",
                name,
            )
            with suppress(psycopg2.Error):  # then the next update drops what is left of it
                cr.execute("SELECT set_config('lock_timeout', '5s', false)")
                cr.execute(_aging_drop_sql(name, concurrently=True), log_exceptions=False)
        finally:
            # With its lock and settings: nobody else may get this connection.
            cr._cnx.close()


def _aging_uninstall(env):
    """An index on a table of Odoo's own outlives the addon unless it is dropped."""
    for name in (*_aging_indexes(), *_AGING_INDEXES_BEFORE):
        env.cr.execute(_aging_drop_sql(name))


# --- terms, credit, price sheet ------------------------------------------------------------------


def _credit_post_init(env):
    _switch_on_pricelists(env)
    _take_over_default_limit(env)


def _switch_on_pricelists(env):
    """Price sheets need them. Done as the checkbox in Odoo's settings does it."""
    group = env.ref("product.group_product_pricelist")
    users = env.ref("base.group_user")
    if group not in users.all_implied_ids:
        users._apply_group(group)
        env["res.company"]._activate_or_create_pricelists()


def _take_over_default_limit(env):
    """A company that has its own default credit limit keeps it for new customers."""
    for company in env["res.company"].search([]):
        limit = env["ir.default"]._get("res.partner", "credit_limit", company_id=company.id)
        if limit:
            default = terms.parse(company.contact_default_terms)
            company.contact_default_terms = terms.encode(
                replace(default, credit_limit=Decimal(str(limit)).quantize(Decimal("0.01")))
            )
    _flag_undecided_limits(env)


def _flag_undecided_limits(env):
    """Bizuno's default limit is 1,000 dollars. The settings of a company that keeps its books in
    another currency say that nobody has decided about the number yet."""
    env["res.company"].search(
        [
            ("parent_id", "=", False),
            ("currency_id.name", "!=", "USD"),
            ("contact_default_terms", "=", terms.encode(terms.Terms())),
        ]
    ).contact_limit_undecided = True


# --- projects on documents -----------------------------------------------------------------------


def _profit_post_init(env):
    """A plan is a column of Odoo's analytic items: made now, and not by the first invoice."""
    env["account.analytic.plan"]._get_bizuno_plan()


def _profit_uninstall(env):
    """Analytic accounts and what is booked on them are the company's: they stay, and so does their
    plan, unless it is empty."""
    plan = env["account.analytic.plan"]._get_bizuno_plan()
    env["ir.config_parameter"].set_param("bizuno_crm.project_plan", False)
    accounts = env["account.analytic.account"].with_context(active_test=False)
    if not accounts.search_count([("plan_id", "child_of", plan.id)], limit=1):
        plan.unlink()
