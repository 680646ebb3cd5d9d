"""The documentation as the tests read it: pages, headings, fenced blocks."""

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[3]
DOCS = ROOT / "docs"

_FENCE = re.compile(
    r"^```(?P<language>\w*)(?: title=\"(?P<title>[^\"]+)\")?\n(?P<text>.*?)^```$", re.M | re.S
)
_COMMENT = re.compile(r"<!-- (?P<kind>[a-z]+): (?P<text>.*?) -->")
_HEADING = re.compile(r"^#{1,6} (.+)$", re.M)


@dataclass(frozen=True)
class Block:
    """A fenced block of code."""

    page: Path
    line: int
    language: str
    title: str
    text: str

    def __str__(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.line}"


@dataclass(frozen=True)
class Note:
    """A comment for the tests, such as `<!-- run: 0 -->`."""

    kind: str
    text: str


def pages() -> list[Path]:
    return sorted([*DOCS.rglob("*.md"), *ROOT.glob("*.md")])


def reference(name: str) -> str:
    return (DOCS / "reference" / f"{name}.md").read_text(encoding="utf-8")


def headings(text: str) -> list[str]:
    """Headings outside of fenced blocks, without backticks."""
    return [found.replace("`", "").strip() for found in _HEADING.findall(_FENCE.sub("", text))]


def section(text: str, heading: str) -> str:
    """What stands under a heading, up to the next one of any level."""
    lines = text.splitlines()
    start = next(
        i
        for i, line in enumerate(lines)
        if line.startswith("#") and line.lstrip("# ").replace("`", "") == heading
    )
    inside = False
    for end in range(start + 1, len(lines)):
        inside ^= lines[end].startswith("```")
        if lines[end].startswith("#") and not inside:
            return "\n".join(lines[start + 1 : end])
    return "\n".join(lines[start + 1 :])


def parts(page: Path) -> list[Block | Note]:
    """Blocks and notes of a page, in order."""
    text = page.read_text(encoding="utf-8")
    found: list[tuple[int, Block | Note]] = []
    for match in _FENCE.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        found.append(
            (match.start(), Block(page, line, match["language"], match["title"] or "", match["text"]))
        )
    for match in _COMMENT.finditer(text):
        found.append((match.start(), Note(match["kind"], match["text"])))
    return [part for _, part in sorted(found, key=lambda item: item[0])]


def blocks(language: str) -> list[Block]:
    return [
        part
        for page in pages()
        for part in parts(page)
        if isinstance(part, Block) and part.language == language
    ]
