from . import account_portal
from . import aging
from . import promo_portal
