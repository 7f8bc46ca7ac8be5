"""The move from Bizuno."""

from .problems import *  # noqa: F403
from .refusals import *  # noqa: F403
from .report import *  # noqa: F403
