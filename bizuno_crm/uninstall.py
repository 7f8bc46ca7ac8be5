"""Leaving a database without a trace, where Odoo leaves something behind."""

from odoo.tools import SQL, sql

# --- records -------------------------------------------------------------------------------------


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


# --- pipeline ------------------------------------------------------------------------------------


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


# --- promotions ----------------------------------------------------------------------------------


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


# --- labels --------------------------------------------------------------------------------------

# Odoo writes down how its own fields look with our changes ("Reference" is "Contact ID"), shows the
# labels from there, and does not write them anew when an addon goes.
_LABELS = "bizuno_crm.original_labels"


def labels_pre_init(env):
    env.cr.execute(
        """
        CREATE TEMPORARY TABLE bizuno_label AS
        SELECT id, field_description, help, copied, tracking FROM ir_model_fields;
        CREATE TEMPORARY TABLE bizuno_model_info AS SELECT id, info FROM ir_model
        """
    )


def labels_post_init(env):
    """Keep what was there of all that our classes have changed."""
    env.flush_all()
    env.cr.execute(
        """
        SELECT jsonb_build_object(
            'fields', (
                SELECT coalesce(jsonb_agg(old), '[]')
                  FROM bizuno_label AS old JOIN ir_model_fields AS new USING (id)
                 WHERE (old.field_description, old.help, old.copied, old.tracking)
                       IS DISTINCT FROM
                       (new.field_description, new.help, new.copied, new.tracking)),
            'models', (
                SELECT coalesce(jsonb_agg(old), '[]')
                  FROM bizuno_model_info AS old JOIN ir_model AS new USING (id)
                 WHERE old.info IS DISTINCT FROM new.info))::text
        """
    )
    env["ir.config_parameter"].set_param(_LABELS, env.cr.fetchone()[0])
    env.cr.execute("DROP TABLE bizuno_label, bizuno_model_info")


def labels_uninstall(env):
    original = env["ir.config_parameter"].get_param(_LABELS) or "{}"
    env.cr.execute(
        """
        UPDATE ir_model_fields AS new
           SET field_description = old.field_description, help = old.help, copied = old.copied,
               tracking = old.tracking
          FROM jsonb_to_recordset(%(original)s::jsonb -> 'fields')
               AS old(id int, field_description jsonb, help jsonb, copied boolean, tracking int)
         WHERE new.id = old.id;
        UPDATE ir_model AS new SET info = old.info
          FROM jsonb_to_recordset(%(original)s::jsonb -> 'models') AS old(id int, info text)
         WHERE new.id = old.id
        """,
        {"original": original},
    )
    env["ir.config_parameter"].set_param(_LABELS, False)
