"""What runs inside Odoo's shell: functions of an environment, called through `Odoo.inside`.

Each takes `env` and arguments that JSON can carry, and returns what JSON can carry.
"""
