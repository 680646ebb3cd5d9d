// Sorts tables, filters rows, and shows where one is. Without it the page is complete, and only stands still.
"use strict";
(() => {
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];

  // --- sort a table by a column: a click or the Enter key on its head
  const valueOf = (row, column) => {
    const cell = row.cells[column];
    const known = cell.dataset.v;
    if (known !== undefined) return Number(known);
    const text = cell.textContent.trim();
    const number = text.replaceAll(",", "");
    return cell.classList.contains("n") && number !== "" && !Number.isNaN(Number(number)) ? Number(number) : text;
  };
  const compare = (left, right) =>
    typeof left === "number" && typeof right === "number"
      ? left - right
      : String(left).localeCompare(String(right), "en", { numeric: true, sensitivity: "base" });
  const sort = (table, head, column) => {
    const rising = head.getAttribute("aria-sort") !== "ascending";
    for (const other of all("thead th", table)) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", rising ? "ascending" : "descending");
    for (const body of table.tBodies) {
      const rows = [...body.rows].map((row) => [valueOf(row, column), row]);
      rows.sort((left, right) => (rising ? 1 : -1) * compare(left[0], right[0]));
      body.append(...rows.map((pair) => pair[1]));
    }
  };
  for (const table of all("table.sortable")) {
    all("thead th", table).forEach((head, column) => {
      if (head.dataset.sort === "no" || !head.textContent.trim()) return;
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      button.addEventListener("click", () => sort(table, head, column));
      head.append(button);
    });
  }

  // --- filter rows: those stay that hold all the words
  const filters = [];
  for (const tools of all("[data-filter]")) {
    const rows = document.getElementById(tools.dataset.filter);
    const label = document.createElement("label");
    const input = document.createElement("input");
    const told = document.createElement("output");
    input.type = "search";
    input.placeholder = tools.dataset.label;
    input.setAttribute("aria-label", tools.dataset.label);
    label.append(input);
    tools.append(label, told);
    let texts = null;
    const apply = () => {
      const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
      texts ??= all("tr", rows).filter((row) => row.parentElement.tagName === "TBODY" && !row.classList.contains("group"))
        .map((row) => [row, `${row.dataset.of ?? ""} ${row.textContent}`.toLowerCase()]);
      let left = 0;
      for (const [row, text] of texts) {
        row.hidden = !words.every((word) => text.includes(word));
        left += row.hidden ? 0 : 1;
      }
      for (const group of all("tr.group", rows)) {
        group.hidden = ![...group.parentElement.rows].some((row) => row !== group && !row.hidden);
      }
      told.textContent = words.length ? `${left.toLocaleString("en")} of ${texts.length.toLocaleString("en")}` : "";
    };
    input.addEventListener("input", apply);
    filters.push({ clear: () => { if (input.value) { input.value = ""; apply(); } } });
  }

  // --- a link into filtered or folded rows must find them
  const reveal = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    if (target.querySelector("tr[hidden]")) for (const filter of filters) filter.clear();
    for (let fold = target.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
    target.scrollIntoView();
  };
  addEventListener("hashchange", reveal);
  if (location.hash) reveal();

  // --- in the matrix, the names of the cell that is pointed at
  for (const table of all("table.matrix")) {
    let marked = [];
    const clear = () => { for (const head of marked) head.classList.remove("at"); marked = []; };
    const mark = (event) => {
      const cell = event.target.closest("td");
      clear();
      if (!cell) return;
      marked = [cell.parentElement.cells[0], table.tHead.rows[0].cells[cell.cellIndex]];
      for (const head of marked) head.classList.add("at");
    };
    table.addEventListener("mouseover", mark);
    table.addEventListener("focusin", mark);
    table.addEventListener("mouseleave", clear);
  }

  // --- which section of the contents is being read
  const links = new Map(all("nav.side li a").map((link) => [link.hash.slice(1), link]));
  const watch = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      for (const link of links.values()) link.removeAttribute("aria-current");
      links.get(entry.target.id)?.setAttribute("aria-current", "true");
    }
  }, { rootMargin: "-10% 0px -80% 0px" });
  for (const id of links.keys()) {
    const section = document.getElementById(id);
    if (section) watch.observe(section);
  }
  document.documentElement.dataset.ready = "true";
})();
