from . import res_company
from . import res_config_settings
from . import res_partner_roles
from . import res_partner_contact_id
from . import res_partner_status
from . import res_partner_contact
