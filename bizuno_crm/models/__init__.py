from . import res_company
from . import res_config_settings
from . import res_partner_roles
from . import res_partner_contact_id
from . import res_partner_status
from . import res_partner_contact

# receivables
from . import res_company_aging
from . import res_company_commission
from . import res_config_settings_aging
from . import res_partner_aging
from . import res_partner_history
from . import res_partner_statement
from . import res_users_commission
