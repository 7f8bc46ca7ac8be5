"""Leaving a database without a trace, where Odoo leaves something behind."""

from odoo.tools import SQL, sql


def records_uninstall(env):
    """What Odoo stumbles over, or leaves behind, when our models go."""
    models = [
        model
        for model in env.registry.values()
        if model._original_module == "bizuno_crm" and not model._abstract
    ]
    _drop_references_between(env, [model._table for model in models if model._auto])
    # Favourites and export templates of people name the model as text only.
    names = [model._name for model in models]
    env.cr.execute("DELETE FROM ir_filters WHERE model_id = ANY(%s)", [names])
    env.cr.execute("DELETE FROM ir_exports WHERE resource = ANY(%s)", [names])
    # The columns take their foreign keys with them, not Odoo's own list of these.
    env.cr.execute(
        """
        DELETE FROM ir_model_constraint USING ir_module_module AS module
         WHERE module.id = ir_model_constraint.module AND module.name = 'bizuno_crm'
           AND ir_model_constraint.type = 'f'
        """
    )


def _drop_references_between(env, tables):
    """Odoo deletes our stages, action codes and so on one by one before it drops the tables, and
    logs an error for each that a project or a log entry refers to. All of these tables go."""
    references = env.execute_query(
        SQL(
            """
            SELECT conrelid::regclass::text, conname FROM pg_constraint
             WHERE contype = 'f' AND connamespace = current_schema::regnamespace
               AND conrelid::regclass::text = ANY(%(tables)s)
               AND confrelid::regclass::text = ANY(%(tables)s)
            """,
            tables=tables,
        )
    )
    for table, name in references:
        sql.drop_constraint(env.cr, table, name)


def pipeline_uninstall(env):
    """What our models inherit from Odoo's mixins has external ids of the mixins' modules. The
    database cascades to those records when our models go, and would leave their ids behind."""
    env.cr.execute(
        """
        DELETE FROM ir_model_data
         WHERE module <> 'bizuno_crm'
           AND (model = 'ir.model.inherit' AND name LIKE 'model\\_inherit\\_\\_bizuno\\_%'
                OR model = 'ir.model.fields.selection' AND name LIKE 'selection\\_\\_bizuno\\_%')
        """
    )


def promo_uninstall(env):
    """Without the ledger nothing keeps an address from getting a message twice: what has not left
    yet stays. Odoo deletes the mailings along with the model of their recipients."""
    env.cr.execute(
        """
        DELETE FROM mail_message
         WHERE id IN (SELECT mail_message_id FROM mail_mail
                       WHERE mailing_id IN (SELECT id FROM mailing_mailing
                                             WHERE bizuno_promo_history_id IS NOT NULL))
        """
    )
    env.cr.execute("DELETE FROM mail_message WHERE model LIKE 'bizuno.promo%'")
    env.cr.execute("DELETE FROM mailing_mailing WHERE bizuno_promo_history_id IS NOT NULL")


_OURS = "odoo.addons.bizuno_crm."
# Fields of Odoo's contacts that are tracked because of us.
_TRACKED = (
    "ref", "credit_limit", "property_payment_term_id", "specific_property_product_pricelist",
)  # fmt: skip


def reflection_uninstall(env):
    """Odoo does not describe them anew when an addon goes."""
    for name, model in env.registry.items():
        classes = model.mro()
        if any(cls.__module__.startswith(_OURS) for cls in classes):
            theirs = (cls.__doc__ for cls in classes if not cls.__module__.startswith(_OURS))
            env.cr.execute(
                "UPDATE ir_model SET info = %s WHERE model = %s", [next(filter(None, theirs)), name]
            )
    env.cr.execute(
        """
        UPDATE ir_model_fields SET copied = TRUE
         WHERE model IN ('res.partner', 'res.users') AND name = 'ref';
        UPDATE ir_model_fields SET tracking = NULL
         WHERE model = 'res.partner' AND name = ANY(%s)
        """,
        [[*_TRACKED]],
    )
