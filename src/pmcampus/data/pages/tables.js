// Tables whose heads say so can be sorted by each column. Without this script they stand as they are.
(() => {
  const value = (row, at) => {
    const cell = row.cells[at];
    return cell ? (cell.dataset.v ?? cell.textContent).trim() : "";
  };
  const asNumber = (text) => (/^[−-]?[\d.,]+(\s*%)?$/.test(text) ? parseFloat(text.replace("−", "-").replace(",", ".")) : NaN);
  const words = new Intl.Collator(document.documentElement.lang, { numeric: true, sensitivity: "base" });
  const compare = (a, b) => {
    const [x, y] = [asNumber(a), asNumber(b)];
    return Number.isNaN(x) || Number.isNaN(y) ? words.compare(a, b) : x - y;
  };
  const sort = (table, head) => {
    const at = [...head.parentElement.cells].indexOf(head);
    const falls = head.getAttribute("aria-sort") === "ascending";
    for (const other of head.parentElement.cells) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", falls ? "descending" : "ascending");
    const body = table.tBodies[0];
    const rows = [...body.rows].map((row) => [value(row, at), row]);
    const isEmpty = (text) => text === "" || text.startsWith("–");
    rows.sort(([a], [b]) => isEmpty(a) - isEmpty(b) || (falls ? compare(b, a) : compare(a, b)));
    body.append(...rows.map(([, row]) => row));
  };
  for (const table of document.querySelectorAll("table.sortable")) {
    for (const head of table.tHead.rows[0].cells) {
      if (!("sort" in head.dataset)) continue;
      const button = document.createElement("button");
      button.type = "button";
      button.className = "sort";
      button.append(...head.childNodes);
      button.addEventListener("click", () => sort(table, head));
      head.append(button);
    }
  }
})();
