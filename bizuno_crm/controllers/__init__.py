from . import account_portal
from . import aging
from . import contact_export
from . import profit
from . import promo_portal
