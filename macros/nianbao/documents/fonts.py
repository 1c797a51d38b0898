"""Chinese fonts of this machine for PDF, found by name in a documented order; none is shipped.

What was found is kept as long as nothing has changed where fonts lie: to read them all takes long.
"""

from __future__ import annotations

import functools
import hashlib
import json
import os
import re
import sys
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    import typst

    from nianbao.cache.cache import Cache

# Fonts that have the characters of a report, the best first: those of free systems, Windows, macOS, older ones.
_SERIF = (
    *("Noto Serif CJK SC", "Source Han Serif SC", "Source Han Serif CN", "Noto Serif SC"),
    *("SimSun", "NSimSun", "STSong", "Songti SC", "FandolSong", "AR PL UMing CN", "AR PL SungtiL GB"),
)
_SANS = (
    *("Noto Sans CJK SC", "Source Han Sans SC", "Source Han Sans CN", "Noto Sans SC"),
    *("Microsoft YaHei", "SimHei", "STHeiti", "Heiti SC", "PingFang SC", "Hiragino Sans GB", "FandolHei"),
    *("WenQuanYi Zen Hei", "WenQuanYi Micro Hei", "Droid Sans Fallback"),
)
# What GB/T 9704 asks for, under the names that these fonts have on different systems, and what stands in for it.
_ORDER: Mapping[str, Sequence[str]] = {
    "title": ("FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05", "FZXiaoBiaoSong-B05GBK", "STZhongsong", *_SERIF, *_SANS),
    "body": ("FangSong_GB2312", "FangSong", "STFangsong", "FandolFang R", "FandolFang", *_SERIF, *_SANS),
    "kai": ("KaiTi_GB2312", "KaiTi", "STKaiti", "Kaiti SC", "FandolKai", "AR PL UKai CN", *_SERIF, *_SANS),
    "hei": ("SimHei", "STHeiti", "Heiti SC", "FandolHei", *_SANS, *_SERIF),
    "song": ("SimSun", "STSong", "FandolSong", *_SERIF, *_SANS),
}

# The typesetter sets variable fonts in their lightest weight.
_VARIABLE = re.compile(r"\[wght\]|-VF\b|-VF\.|variable", re.IGNORECASE)

ADVICE = (
    "没有找到可用的中文字体，不能生成 PDF，其他格式不受影响。请安装一种中文字体后重试："
    "Debian、Ubuntu 用 apt install fonts-noto-cjk，Fedora 用 dnf install google-noto-serif-cjk-fonts，"
    "Windows 和 macOS 自带宋体、黑体，如已删除请恢复；可变字体（文件名带 VF 或 [wght]）不能用"
)


class FontError(Exception):
    """No font of this machine can set the document; the text says in Chinese what to install."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FontSet:
    """Fonts to set a document with. *families* names for each role those found, the best first.

    *key* differs where other fonts were found: with the same key and document, a PDF has the same bytes.
    *load* gives the fonts as the typesetter takes them.
    """

    families: Mapping[str, tuple[str, ...]]
    key: str
    load: Callable[[], typst.Fonts]

    @property
    def source(self) -> typst.Fonts:
        """The fonts as the typesetter takes them, read when first asked for."""
        return self.load()


def find_fonts(folders: Sequence[Path] | None = None) -> FontSet:
    """Return the Chinese fonts of this machine, or only those below *folders*.

    Raises FontError where there is none.
    """
    if folders is None:
        return _chosen(system_fonts)
    below = _read(folders)
    return _chosen(lambda: below)


def system_fonts() -> typst.Fonts:
    """Return all fonts of this machine, read again only after a change where fonts lie."""
    fonts, folders, stamp = _read_once()
    if fonts_stamp(folders) != stamp:
        _read_once.cache_clear()
        fonts, *_ = _read_once()
    return fonts


def folders_of(fonts: typst.Fonts) -> tuple[str, ...]:
    """Return the folders in which the files of *fonts* lie."""
    return tuple(sorted({str(Path(font.path).parent) for font in fonts.fonts() if font.path}))


@functools.lru_cache(maxsize=1)
def _read_once() -> tuple[typst.Fonts, tuple[str, ...], str]:
    """Return the fonts of this machine, their folders and the stamp of these: to read takes longer than to set."""
    fonts = _read(None)
    return fonts, folders_of(fonts), fonts_stamp(folders_of(fonts))


def _read(folders: Sequence[Path] | None) -> typst.Fonts:
    import typst  # Here alone: where all files are found as they were, no fonts are read.

    paths = [str(folder) for folder in folders or ()]
    return typst.Fonts(include_system_fonts=folders is None, include_embedded_fonts=True, font_paths=[*paths])


def _chosen(load: Callable[[], typst.Fonts]) -> FontSet:
    fonts = load().fonts()
    fixed = [font for font in fonts if not _VARIABLE.search(Path(font.path or "").name)]
    known = {font.family for font in fixed}
    families = {role: tuple(name for name in dict.fromkeys(order) if name in known) for role, order in _ORDER.items()}
    if not families["body"]:
        raise FontError(ADVICE)
    found = sorted(f"{font.family} {font.style} {font.weight} {font.path} {font.index}" for font in fonts)
    key = hashlib.sha256("\n".join([version("typst"), *found]).encode("utf-8", "backslashreplace")).hexdigest()
    return FontSet(families=families, key=key, load=load)


def fonts_stamp(others: Iterable[str] = ()) -> str:
    """Return a digest that differs where fonts were added, replaced or removed, or are looked for elsewhere.

    It tells of the folders in which the typesetter looks on this system, of what names further ones, and of *others*.
    """
    digest = hashlib.sha256(version("typst").encode())
    for path in (*_folders(), *map(Path, others)):
        for line in _tree(path):
            digest.update(line.encode("utf-8", "backslashreplace"))
    return digest.hexdigest()


def _folders() -> Iterator[Path]:
    """Yield the folders and files from which the typesetter takes fonts, and the names of folders of fonts."""
    home = _home()
    if sys.platform == "win32":
        yield Path(os.environ.get("SYSTEMROOT", "C:\\Windows")) / "Fonts"
        yield from (home / "AppData" / kind / "Microsoft" / "Windows" / "Fonts" for kind in ("Local", "Roaming"))
    elif sys.platform == "darwin":
        yield from (Path("/Library/Fonts"), Path("/System/Library/Fonts"), Path("/Network/Library/Fonts"))
        yield home / "Library" / "Fonts"
        yield from sorted(Path("/System/Library/AssetsV2").glob("com_apple_MobileAsset_Font*"))
    else:
        yield from (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), home / ".fonts")
        yield Path(os.environ.get("XDG_DATA_HOME") or home / ".local" / "share") / "fonts"
        yield from (Path("/etc/fonts"), Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config") / "fontconfig")
        yield Path(os.environ.get("FONTCONFIG_FILE") or "/etc/fonts/fonts.conf")


def _home() -> Path:
    try:
        return Path.home()
    except RuntimeError:  # A process may run for no one; then it has no fonts of its own.
        return Path()


def _tree(top: Path) -> Iterator[str]:
    """Yield the files at and below *top*, with their sizes and times."""
    yield _line(top)
    for folder, below, files in os.walk(top):
        below.sort()
        for name in sorted((*below, *files)):
            yield _line(Path(folder, name))


def _line(path: Path) -> str:
    try:
        status = path.stat()
    except OSError:
        return f"{path}\n"
    return f"{path} {status.st_size} {status.st_mtime_ns}\n"


def cached_fonts(cache: Cache) -> FontSet:
    """Return what `find_fonts` finds on this machine, from *cache* where it holds. Raises FontError likewise."""
    kept = cache.find("fonts", (), _holds)
    if kept is not None:
        _, _, families, key = json.loads(kept)
        return FontSet(families={role: tuple(names) for role, names in families.items()}, key=key, load=system_fonts)
    found = find_fonts()
    folders = folders_of(found.source)
    record = [folders, fonts_stamp(folders), found.families, found.key]
    cache.keep("fonts", (), json.dumps(record).encode())
    return found


def _holds(content: bytes) -> bool:
    """Say whether nothing has changed where fonts lie, their own folders among it: the system may name any."""
    folders, stamp, *_ = json.loads(content)
    return bool(fonts_stamp(folders) == stamp)
