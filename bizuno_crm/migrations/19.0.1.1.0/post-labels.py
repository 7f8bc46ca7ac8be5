def migrate(cr, version):
    """The labels of Odoo's own fields that earlier versions changed, as they found them."""
    cr.execute(
        """
        UPDATE ir_model_fields AS new SET field_description = old.field_description
          FROM ir_config_parameter AS kept,
               jsonb_to_recordset(kept.value::jsonb -> 'fields')
               AS old(id int, field_description jsonb)
         WHERE kept.key = 'bizuno_crm.original_labels' AND new.id = old.id;
        DELETE FROM ir_config_parameter WHERE key = 'bizuno_crm.original_labels'
        """
    )
