from odoo.tools import SQL


def user_day_sql(env, moment):
    """
    :param moment: SQL of a moment, which the database keeps in UTC
    :return: SQL of the day that it is for the user
    """
    return SQL("(%s AT TIME ZONE 'UTC' AT TIME ZONE %s)::date", moment, str(env.tz))
