"""The text of every refusal, in one place to reword and to translate.

Each function takes the environment (for the language of the user) and returns one text that names
the record and the remedy.
"""

from .base import *  # noqa: F403
from .contact import *  # noqa: F403
from .terms import *  # noqa: F403
from .credit import *  # noqa: F403
from .receivable import *  # noqa: F403
from .crm import *  # noqa: F403
from .profit import *  # noqa: F403
from .promo import *  # noqa: F403
from .importer import *  # noqa: F403
