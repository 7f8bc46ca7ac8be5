"""What an addon adds to a database, and what it does to what was there before."""

# The plan of the accounts of projects, once there are any: the company's analytic accounting, and a
# column of Odoo's analytic items, which stays as long as its plan and has its name.
PLAN_COLUMN = "x_plan[0-9]+_id"
# Everything that has a name and that an addon can add to.
NAMES = {
    "views": "SELECT model || ' ' || name FROM ir_ui_view",
    "models": "SELECT model FROM ir_model",
    "fields": "SELECT model || '.' || name FROM ir_model_fields",
    "selections": "SELECT f.model || '.' || f.name || '=' || s.value"
    " FROM ir_model_fields_selection s JOIN ir_model_fields f ON f.id = s.field_id",
    "many2many tables": "SELECT name FROM ir_model_relation",
    "constraint rows": "SELECT name FROM ir_model_constraint",
    "columns": "SELECT table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable"
    " || coalesce(column_default, '')"
    " FROM information_schema.columns WHERE table_schema = current_schema",
    "tables": "SELECT relname FROM pg_class WHERE relnamespace = current_schema::regnamespace",
    "indexes": "SELECT indexdef FROM pg_indexes WHERE schemaname = current_schema",
    "constraints": "SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)"
    " FROM pg_constraint WHERE connamespace = current_schema::regnamespace",
    "functions": "SELECT proname FROM pg_proc WHERE pronamespace = current_schema::regnamespace",
    "triggers": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    "xml ids": "SELECT module || '.' || name FROM ir_model_data",
    "menus": "SELECT name->>'en_US' FROM ir_ui_menu",
    "actions": "SELECT type || ' ' || (name->>'en_US') FROM ir_actions",
    "filters": "SELECT model_id || ' ' || name FROM ir_filters",
    "parameters": "SELECT key FROM ir_config_parameter",
    "defaults": "SELECT field_id::text FROM ir_default",
    "crons": "SELECT cron_name FROM ir_cron",
    "sequences": "SELECT coalesce(code, name) FROM ir_sequence",
    "rules": "SELECT name FROM ir_rule",
    "access rows": "SELECT name FROM ir_model_access",
    "groups": "SELECT name->>'en_US' FROM res_groups",
    "privileges": "SELECT name->>'en_US' FROM res_groups_privilege",
    "categories": "SELECT name->>'en_US' FROM ir_module_category",
    "assets": "SELECT path FROM ir_asset",
    "activity types": "SELECT name->>'en_US' FROM mail_activity_type",
    "message subtypes": "SELECT name->>'en_US' FROM mail_message_subtype",
    "mail templates": "SELECT name->>'en_US' FROM mail_template",
    "mailing filters": "SELECT name FROM mailing_filter",
    "fiscal positions": "SELECT name->>'en_US' FROM account_fiscal_position",
    "paper formats": "SELECT name FROM report_paperformat",
}


def picture(env, outline_before=None, grown=()):
    """Everything at once.

    :param outline_before: look at these columns and rows; if None, at all there are
    :param grown: how tables begin of which all rows are looked at that there are now
    :return: {"names", "outline", "values"}
    """
    seen = outline(env)
    if outline_before:
        seen = {
            table: [columns, seen[table][1] if table.startswith(tuple(grown)) else highest]
            for table, (columns, highest) in outline_before.items()
        }
    return {
        "names": names(env),
        "outline": seen,
        "values": values(env, seen),
    }


def names(env):
    """:return: {what: names of all there is of it}"""
    names_of = {}
    for what, query in NAMES.items():
        env.cr.execute(query)
        names_of[what] = sorted({str(row[0]) for row in env.cr.fetchall()})
    return names_of


def mentions(env, word):
    """:return: {table: number of its rows in which the word stands anywhere}"""
    counts = {}
    for table in _tables(env):
        where = "t::text ILIKE %s"
        if table == "ir_model_fields":
            where += f" AND t.name !~ '{PLAN_COLUMN}'"
        env.cr.execute(f'SELECT count(*) FROM "{table}" AS t WHERE {where}', [f"%{word}%"])
        if count := env.cr.fetchone()[0]:
            counts[table] = count
    return counts


def outline(env):
    """What `values` is to look at: the columns and rows that there are now.

    :return: {table: [columns, highest id or None where there is none]}
    """
    seen = {}
    for table, columns in _tables(env).items():
        highest = None
        if "id" in columns:
            env.cr.execute(f'SELECT max(id) FROM "{table}"')
            highest = env.cr.fetchone()[0] or 0
        seen[table] = [columns, highest]
    return seen


def values(env, outline):
    """A fingerprint of the values in those columns and rows.

    :return: {table: {column: text}}, and for a table of a many2many {table: {row: True}}
    """
    existing = _tables(env)
    seen = {}
    for table, (columns, highest) in outline.items():
        present = [column for column in columns if column in existing.get(table, ())]
        if not present:
            seen[table] = {}
        elif highest is None:
            row = " || ',' || ".join(f"coalesce(\"{column}\"::text, '')" for column in present)
            env.cr.execute(f'SELECT DISTINCT md5({row}) FROM "{table}"')
            seen[table] = {text: True for (text,) in env.cr.fetchall()}
        else:
            sums = ", ".join(f'sum(hashtextextended("{c}"::text, id))::text' for c in present)
            env.cr.execute(f'SELECT {sums} FROM "{table}" WHERE id <= %s', [highest])
            seen[table] = dict(zip(present, env.cr.fetchone(), strict=True))
    return seen


def _tables(env):
    env.cr.execute(
        """
        SELECT t.table_name, array_agg(c.column_name::text ORDER BY c.column_name)
          FROM information_schema.tables t JOIN information_schema.columns c USING (table_name)
         WHERE t.table_schema = current_schema AND c.table_schema = current_schema
           AND t.table_type = 'BASE TABLE'
      GROUP BY t.table_name ORDER BY t.table_name
        """
    )
    return dict(env.cr.fetchall())
