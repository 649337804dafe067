// The latest points of a run: a table, a row for each.

class LatestTable {
  constructor() {
    this.title = make("h2");
    this.title.id = `ks-latest-${Math.random().toString(36).slice(2)}`; // of many on a page
    this.table = make("table", "ks-latest");
    this.table.setAttribute("aria-labelledby", this.title.id);
    this.place = make("div", "ks-scroll");
    this.place.tabIndex = 0;
    this.place.setAttribute("role", "group");
    this.place.setAttribute("aria-labelledby", this.title.id);
    this.place.append(this.table);
    this.section = make("div");
    this.section.hidden = true; // until there is a point
    this.section.append(this.title, this.place);
  }
  call(unit) {
    this.unit = unit;
    this.title.textContent = `Latest ${unit}s`;
  }
  show({ names, rows }) {
    this.section.hidden = rows.length === 0;
    const cell = (tag, text, scope) => {
      const made = make(tag, "", text);
      if (scope) made.scope = scope;
      return made;
    };
    const head = make("thead"), body = make("tbody");
    head.append(make("tr"));
    const hasNews = rows.some(({ news }) => news);
    const columns = [this.unit, ...names, ...(hasNews ? ["what happened"] : [])];
    head.firstChild.append(...columns.map((name) => cell("th", name, "col")));
    for (const { name, cells, news } of rows) {
      const row = make("tr");
      row.append(cell("th", name, "row"));
      for (const { text, best } of cells) {
        const made = cell("td", text);
        made.append(make("b", "ks-best", best ? " best" : ""));
        row.append(made);
      }
      if (hasNews) row.append(cell("td", news));
      body.append(row);
    }
    this.table.replaceChildren(head, body);
  }
}

