// A table whose rows can be chosen by click or arrow keys. Text goes in through textContent only.
function render({ model, el }) {
  const box = document.createElement("div");
  box.className = "oc-rows";
  const count = document.createElement("p");
  count.className = "oc-count";
  count.setAttribute("role", "status");
  const table = document.createElement("table");
  box.append(table);
  el.append(count, box);

  function choose(index, focus) {
    const rows = [...table.querySelectorAll("tbody tr")];
    rows.forEach((tr, i) => {
      tr.setAttribute("aria-selected", i === index);
      tr.tabIndex = i === Math.max(index, 0) ? 0 : -1;
    });
    if (focus && rows[index]) rows[index].focus();
  }

  function pick(index) {
    model.set("chosen", index);
    model.save_changes();
    choose(index, true);
  }

  function draw() {
    table.replaceChildren();
    table.setAttribute("aria-label", model.get("label"));
    table.setAttribute("role", "grid");
    const head = table.createTHead().insertRow();
    for (const title of model.get("columns")) {
      const th = document.createElement("th");
      th.scope = "col";
      th.textContent = title;
      head.append(th);
    }
    const body = table.createTBody();
    model.get("rows").forEach((cells, i) => {
      const tr = body.insertRow();
      cells.forEach((cell, j) => {
        const td = tr.insertCell();
        td.textContent = cell;
        const side = model.get("align")[j];
        if (side) td.className = "oc-" + side;
      });
      tr.onclick = () => pick(i);
      tr.onkeydown = (event) => {
        const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
        const last = model.get("rows").length - 1;
        if (step) pick(Math.min(last, Math.max(0, i + step)));
        if (event.key === "Enter" || event.key === " ") pick(i);
        if (step || event.key === "Enter" || event.key === " ") {
          event.preventDefault();
          event.stopPropagation();
        }
      };
    });
    count.textContent = model.get("note");
    choose(model.get("chosen"), false);
  }
  model.on("change:rows", draw);
  model.on("change:note", () => (count.textContent = model.get("note")));
  draw();
}
export default { render };
