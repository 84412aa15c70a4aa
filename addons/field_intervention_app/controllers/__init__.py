from . import api
from . import shell
