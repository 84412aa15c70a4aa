from . import test_catalogue
from . import test_service_demo
from . import test_knowledge
