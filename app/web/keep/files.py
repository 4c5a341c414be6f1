"""How a file is handed out."""


def attachment(filename: str) -> dict[str, str]:
    """The header with which a browser saves it under this name."""
    return {"Content-Disposition": f'attachment; filename="{filename}"'}
