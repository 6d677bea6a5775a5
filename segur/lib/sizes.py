"""Sizes of files, as people read them."""

KIB = 1024
MIB = 1024 * KIB


def file_size(size: int) -> str:
    """«812 octets», «34 Ko», «2,4 Mo»."""
    if size < KIB:
        return f"{size} octets"
    if size < MIB:
        return f"{size / KIB:.0f} Ko"
    return f"{size / MIB:.1f} Mo".replace(".", ",")
