"""An HTML report as a browser takes it: what is wrong with its structure, and what it says."""

from collections import Counter
from collections.abc import Sequence
from html.parser import HTMLParser

from vivavoce.formats.reports.html.report import html_report
from vivavoce.formats.reports.reported import ReportedRun

VOID = {"meta", "br", "input", "wbr"}
FETCHING = {"src", "srcset", "data", "action", "formaction", "poster", "background", "ping", "xlink:href"}
TAGS = set(
    """
    html head meta title style body script a div nav p span ul li ol main section header footer bdi b i q br
    wbr h1 h2 h3 h4 table caption thead tbody tr th td dl dt dd svg g rect path circle text details summary
    figure figcaption pre del ins
    """.split()
)


class Page(HTMLParser):
    """Reads a page at once; `problems` is what a careful reader would object to."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.problems: list[str] = []
        self.ids: Counter[str] = Counter()
        self.links: list[str] = []
        self.tags: Counter[str] = Counter()
        self.metas: dict[str, str] = {}
        self._open: list[str] = []
        self._texts: list[str] = []
        self._referred: list[str] = []
        self.feed(text)
        self.close()
        self.problems += [f"<{tag}> is not closed" for tag in self._open]
        self.problems += [f"two elements have the id {id}" for id, count in self.ids.items() if count > 1]
        self.problems += [f"#{id} leads nowhere" for id in self.links if id not in self.ids]
        self.problems += [f"nothing has the id {id}" for id in self._referred if id not in self.ids]

    @property
    def text(self) -> str:
        """All that can be read, without style and script."""
        return "".join(self._texts)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        if tag not in TAGS:
            self.problems.append(f"<{tag}> is not ours")
        if tag not in VOID:
            self._open.append(tag)
        if tag == "title" and "svg" in self._open:
            self.tags["title"] -= 1
        values = dict(attrs)
        if tag == "meta" and values.get("http-equiv"):
            self.metas[str(values["http-equiv"])] = str(values["content"])
        for name, value in attrs:
            self._attribute(tag, name, value or "")

    def _attribute(self, tag: str, name: str, value: str) -> None:
        if name.startswith("on") or name == "style" or name in FETCHING:
            self.problems.append(f"<{tag} {name}> could fetch or run something, or the policy forbids it")
        elif name == "href":
            if value.startswith("#"):
                self.links.append(value[1:])
            else:
                self.problems.append(f"<{tag} href={value!r}> leads out of the page")
        elif name == "id":
            self.ids[value] += 1
        elif name == "aria-labelledby":
            self._referred += value.split()
        elif name == "data-filter":
            self._referred.append(value)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open[-1] != tag:
            self.problems.append(f"</{tag}> closes {self._open[-1:]}")
        else:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        if self._open[-1:] not in (["style"], ["script"]):
            self._texts.append(data)


def page_of(*runs: ReportedRun) -> Page:
    """The report of the runs, sound in its structure."""
    page = Page(text_of(runs))
    assert page.problems == []
    assert (page.tags["script"], page.tags["style"], page.tags["title"]) == (1, 1, 1)
    return page


def text_of(runs: Sequence[ReportedRun]) -> str:
    return "".join(html_report(runs))
