"""The commands that the desk offers as buttons, in the order of a year's work: one list, a line or two for each.

A button runs the command as it is typed in a terminal, so it does the same and refuses the same.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from nianbao.model.kinds import KIND_TITLES
from nianbao.reading.refusal import RefusedError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Json = dict[str, Any]

# A year is a draft, or frozen: before its day of publication, when that can be taken back, or after it.
DRAFT, AWAITING, FROZEN = ALL = "draft", "awaiting", "frozen"
# Stands for the year in the words of a command.
SUBJECT = "{year}"
# Where exports go, below the portal.
EXPORTS = "导出"
# Offered where an error may stand, see `nianbao.editing.year_path`.
WAIVE = "waive"
_LONGEST = 500
# What is done about a blank that must not stay empty.
_ACTS = {"choice": "选择", "files": "放入"}
_DAY, _YEAR = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"), re.compile(r"(?:19|20)[0-9]{2}")
_OUT = (f"--out={EXPORTS}/{SUBJECT}", "--replace")


@dataclass(frozen=True, slots=True, kw_only=True)
class Blank:
    """Something that is filled in before a command runs, and the *word* of the command that it becomes.

    *kind* is ``text``, ``day``, ``year``, ``choice``, ``yes`` or ``files``. Of several files the first takes the
    place of ``{}`` in *word*; the others follow as they are.
    """

    name: str
    title: str
    kind: str
    word: str
    hint: str = ""
    required: bool = False
    options: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A button in a *step* of the year's path, for years in one of *states*.

    *words* are what is typed behind `nianbao`, `SUBJECT` in place of the year. *asks* is what must be agreed to
    first, *shows* tells that what the command prints is of interest also where it went well, *remains* that it is of
    use only while its step is open. A command without words is carried out by the page, by other requests.
    """

    id: str
    step: str
    title: str
    hint: str
    words: tuple[str, ...] = ()
    blanks: tuple[Blank, ...] = ()
    states: tuple[str, ...] = (DRAFT,)
    asks: str = ""
    shows: bool = False
    remains: bool = False

    def described(self) -> Json:
        """Return what a browser makes the button and its form of."""
        return {key: value for key, value in asdict(self).items() if key not in {"words", "states", "remains"}}

    def arguments(self, subject: str, said: Mapping[str, str], files: Iterable[str]) -> list[str]:
        """Return the arguments of the command on *subject*, a year or for `START` a folder.

        Raises RefusedError where something that was *said* cannot be taken, with all of it.
        """
        found = [word.replace(SUBJECT, subject) for word in self.words]
        last: list[str] = []
        refused: list[str] = []
        for blank in self.blanks:
            if blank.kind == "files":
                first, *others = [*files] or [""]
                values, last = [first], others
            else:
                values = [said.get(blank.name, "").strip()]
                refused += filter(None, [_fault(blank, values[0])])
            if blank.required and not values[0]:
                refused.append(f"请{_ACTS.get(blank.kind, '填写')}“{blank.title}”")
            found += [blank.word.replace("{}", value) for value in values if value]
        if refused:
            raise RefusedError("；".join(refused))
        return [*found, *last]


def _fault(blank: Blank, text: str) -> str:
    """Return why *text* cannot stand in *blank*, empty where it can or there is none."""
    if not text:
        return ""
    if len(text) > _LONGEST or any(ord(character) < ord(" ") for character in text):
        return f"“{blank.title}”应为一行文字，不超过 {_LONGEST} 个字"
    if blank.kind == "year" and not _YEAR.fullmatch(text):
        return f"“{blank.title}”应为四位数的年份，如 2024，实际为“{text}”"
    if blank.kind == "day" and not _is_day(text):
        return f"“{blank.title}”应为 2024-01-31 这样的日期，实际为“{text}”"
    if blank.kind == "choice" and text not in {option for option, _ in blank.options}:
        return f"请选择“{blank.title}”"
    return ""


def _is_day(text: str) -> bool:
    try:
        return bool(_DAY.fullmatch(text)) and bool(dt.date.fromisoformat(text))
    except ValueError:
        return False


_FILES_HINT = "Word、PDF、Excel、网页或文本；文字和表格分开的，几个文件一起放进来"

COMMANDS = (
    Command(
        id="import",
        step="prepare",
        title="读入报告",
        hint="读入往年已经公布的报告，或者今年的底稿。能确定的才读，有疑问的在这里问；人工改过的不会被覆盖。",
        words=("import",),
        blanks=(
            Blank(name="files", title="报告的文件", kind="files", word="{}", hint=_FILES_HINT, required=True),
            Blank(name="year", title="报告的年度", kind="year", word="--year={}", hint="文件里没有写明时才填"),
        ),
        states=ALL,
        shows=True,
    ),
    Command(
        id="answers", step="", title="答复导入的问题", hint="", words=("import", SUBJECT), shows=True
    ),  # Its form is the list of questions.
    Command(
        id="new",
        step="prepare",
        title="开始新的年度",
        hint="沿用上年的结构，带来结转的申请和现行有效的文件，数都写作“待填”。有填好的填报表可以一起读入。",
        words=("new",),
        blanks=(
            Blank(name="year", title="新的年度", kind="year", word="{}", required=True),
            Blank(
                name="files",
                title="填好的填报表（可以没有）",
                kind="files",
                word="--from={}",
                hint="nianbao template 生成的 Excel；没有的以后在页面上填，也可以从 Excel 粘贴",
            ),
        ),
        states=ALL,
    ),
    Command(
        id="zeros",
        step="figures",
        title="其余填 0",
        hint="发生了的都填好以后，把剩下待填的格都填为 0；可以一步撤销。",
        remains=True,
        asks="没有发生的才是 0；有发生的请先填好。确定把剩下待填的都填为 0 吗？",
    ),
    Command(
        id="check",
        step="check",
        title="全部检查一遍",
        hint="用全部规则核对数字和文字，列出证实了多少处、查出哪些问题。",
        words=("check", SUBJECT),
        states=ALL,
        shows=True,
    ),
    Command(
        id=WAIVE,
        step="check",
        title="照原样公布",
        hint=(
            "录入的旧报告原来就有的错误，对照原件确实如此的，写明理由，照原样公布；错误和理由向社会公开。"
            "本年的报告请改正，不用这一项。"
        ),
        blanks=(
            Blank(name="finding", title="哪一处", kind="choice", word="", required=True),
            Blank(name="reason", title="理由", kind="text", word="", hint="一句话，向社会公开", required=True),
        ),
        states=(DRAFT,),
    ),
    Command(
        id="approval",
        step="approval",
        title="生成审签单",
        hint="一份 Word：核对结果、与上年的对照、保密审查和签名的地方。",
        words=("export", SUBJECT, "--format=approval", *_OUT),
    ),
    Command(
        id="approve",
        step="approval",
        title="登记审签",
        hint="审签单签好以后在这里登记；内容有改动的要重新审签。",
        blanks=(
            Blank(name="role", title="环节", kind="text", word="", required=True),
            Blank(name="by", title="姓名或职务", kind="text", word="", required=True),
            Blank(name="on", title="审签日期", kind="day", word="", required=True),
        ),
    ),
    Command(
        id="freeze",
        step="freeze",
        title="定稿",
        hint="登记公布日期和公布的内容。定稿以后只能查看，确需改动的要登记更正。有错误时不定稿。",
        words=("freeze", SUBJECT),
        blanks=(
            Blank(
                name="published",
                title="公布日期",
                kind="day",
                word="--published={}",
                hint="公布的那一天，可以是将来的一天；那天以前可以撤回",
            ),
            Blank(name="unknown", title="录入的旧报告，公布日期无从查考", kind="yes", word="--date-unknown"),
        ),
    ),
    Command(
        id="publish",
        step="freeze",
        title="改公布日期",
        hint="提前、推迟公布的，在原定的日期以前登记；以后重新生成网站。",
        words=("publish", SUBJECT),
        blanks=(Blank(name="on", title="公布日期", kind="day", word="--on={}", hint="不填就是今天"),),
        states=(AWAITING,),
    ),
    Command(
        id="reopen",
        step="freeze",
        title="撤回定稿",
        hint="改回草稿；撤回的日期和原因写在以后公布的记录里。改好以后要重新审签、定稿。",
        words=("reopen", SUBJECT),
        blanks=(
            Blank(name="reason", title="撤回的原因", kind="text", word="--reason={}", hint="一句话", required=True),
        ),
        states=(AWAITING,),
    ),
    Command(
        id="correct",
        step="freeze",
        title="登记更正",
        hint="先在页面上点“更正”改好，再在这里登记；更正的日期、原因和前后的内容向社会公开。",
        words=("correct", SUBJECT),
        blanks=(
            Blank(name="reason", title="更正的原因", kind="text", word="--reason={}", hint="一句话", required=True),
            Blank(name="on", title="更正日期", kind="day", word="--on={}", hint="不填就是今天"),
        ),
        states=(FROZEN,),
    ),
    Command(
        id="build",
        step="build",
        title="生成网站并打包",
        hint="检查、生成、逐页读回核对，全部无误才换上；另打成一个 ZIP 交给操作人员。通常要一两分钟。",
        words=("build", "--zip"),
        blanks=(
            Blank(
                name="address",
                title="网站公布后的网址",
                kind="text",
                word="--site-url={}",
                hint="如 https://www.example.gov.cn/nianbao/；不知道可以不填",
            ),
        ),
        states=ALL,
    ),
    Command(
        id="export",
        step="deliver",
        title="导出 Word、PDF 和数据",
        hint="与网站上的下载文件相同；草稿也可以导出，文件里注明“草稿”。",
        words=("export", SUBJECT, *_OUT),
        states=ALL,
    ),
    Command(
        id="filing",
        step="deliver",
        title="导出报送上级的材料",
        hint="一个 ZIP：报告、表格、数据和审签单。",
        words=("export", SUBJECT, "--format=filing", *_OUT),
        states=ALL,
    ),
    Command(
        id="article",
        step="deliver",
        title="导出网页文章",
        hint="粘贴到内容管理系统里用。",
        words=("export", SUBJECT, "--format=article", *_OUT),
        states=ALL,
    ),
)

# Where there is no portal yet; the folder comes first.
START = Command(
    id="start",
    step="",
    title="建立",
    hint="",
    words=("start", SUBJECT),
    blanks=(
        Blank(
            name="name",
            title="机关全称",
            kind="text",
            word="--name={}",
            hint="如 某某市某某区民政局；有往年报告的可以不填，从报告里读",
        ),
        Blank(
            name="id",
            title="固定标识",
            kind="text",
            word="--id={}",
            hint="机关名称的拼音，如 minzhengju；小写字母开头的字母、数字和下划线，用在文件名里",
            required=True,
        ),
        Blank(
            name="kind",
            title="机关类别",
            kind="choice",
            word="--kind={}",
            options=tuple(KIND_TITLES.items()),
            required=True,
        ),
        Blank(name="region", title="所在地区", kind="text", word="--region={}"),
        Blank(name="superior", title="上级机关", kind="text", word="--superior={}"),
        Blank(
            name="year",
            title="从哪一年度的报告开始",
            kind="year",
            word="--year={}",
            hint="不填就是上一年；放了报告的以报告为准",
        ),
        Blank(name="files", title="往年的报告（可以没有）", kind="files", word="--from={}", hint=_FILES_HINT),
    ),
    shows=True,
)


def command_of(id_: str) -> Command | None:
    """Return the command called *id_* that the desk runs in a process, None where there is none."""
    return next((one for one in COMMANDS if one.id == id_ and one.words), None)
