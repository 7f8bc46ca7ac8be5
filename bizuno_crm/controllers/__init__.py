from . import aging
from . import promo_portal
