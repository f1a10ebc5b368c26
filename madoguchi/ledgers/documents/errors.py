from madoguchi.common.errors import Refusal


class FileRefused(Refusal):
    """A file was not kept. Nothing was stored."""

    code = "documents.file_refused"


class FileEmpty(FileRefused):
    code = "documents.file_empty"


class FileTooLarge(FileRefused):
    code = "documents.file_too_large"


class FileKindRefused(FileRefused):
    code = "documents.file_kind_refused"


class FileInfected(FileRefused):
    code = "documents.file_infected"


class FileHeld(Refusal):
    """A file is kept but not opened: its virus check is not done, or has found something."""

    code = "documents.file_held"


class PurposeMissing(Refusal):
    """Staff wanted to read a file without saying why."""

    code = "documents.purpose_missing"
