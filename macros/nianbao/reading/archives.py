"""What reading a ZIP raises where it is damaged, locked or packed in a way that the library does not know."""

from __future__ import annotations

import lzma
import struct
import zipfile
import zlib

# RuntimeError is raised of a part with a password, its NotImplementedError of an unknown way of packing, OSError of
# damaged bzip2, struct.error of a header that ends too soon.
UNPACKING_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    OSError,
    RuntimeError,
    ValueError,
)
