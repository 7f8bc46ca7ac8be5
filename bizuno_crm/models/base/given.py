"""What is given when a record is created: by the values, or by a default for them."""


def with_given_defaults(records, vals_list, *names):
    """A default of the context, or one that a user has saved, gives a field as well as a value
    does: who decides by the values has to know both. What the field itself starts with is left
    out.

    :param records: of the model in which they are created
    :param names: of the fields by which something is decided
    :return: the values, with those defaults of these fields of which they say nothing
    """
    context = records.env.context
    saved = records.env["ir.default"]._get_model_defaults(records._name)
    defaulted_names = [name for name in names if f"default_{name}" in context or name in saved]
    if not defaulted_names:
        return vals_list
    # Odoo leaves out what is no value of the field.
    defaults = records.default_get(defaulted_names)
    defaults = {name: defaults[name] for name in defaulted_names if name in defaults}
    return [{**defaults, **vals} for vals in vals_list]
