from . import test_project_documents
