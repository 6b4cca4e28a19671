// One unit at a time: the sentence with its term marked, the choices with their keys. Text through textContent only.
function render({ model, el }) {
  const box = document.createElement("div");
  box.className = "oc-coder";
  box.tabIndex = 0;
  el.append(box);
  const add = (parent, tag, text, name) => {
    const node = document.createElement(tag);
    if (text !== undefined) node.textContent = text;
    if (name) node.className = name;
    parent.append(node);
    return node;
  };
  const say = (kind, value) => model.send({ kind, value });

  function draw() {
    const unit = model.get("unit");
    box.replaceChildren();
    add(box, "p", unit.progress, "oc-count").setAttribute("role", "status");
    if (unit.error) add(box, "p", unit.error, "oc-error").setAttribute("role", "alert");
    if (unit.question) {
      const text = add(box, "p", undefined, "oc-sentence");
      add(text, "span", unit.before);
      add(text, "mark", unit.term);
      add(text, "span", unit.after);
      add(box, "p", unit.place, "oc-place");
      add(box, "p", unit.question, "oc-question");
      const list = add(box, "div", undefined, "oc-choices");
      for (const choice of unit.choices) {
        const button = add(list, "button");
        button.type = "button";
        button.setAttribute("aria-pressed", choice.value === unit.answer);
        button.dataset.value = choice.value;
        add(button, "kbd", choice.key);
        add(button, "b", choice.value);
        add(button, "span", choice.definition);
        button.onclick = () => say("answer", choice.value);
      }
    }
    const row = add(box, "p", undefined, "oc-steps");
    for (const [kind, label] of [["back", "← back"], ["skip", "skip →"]]) {
      const button = add(row, "button", label);
      button.type = "button";
      button.dataset.value = kind;
      button.onclick = () => say(kind);
    }
  }
  box.onkeydown = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const choice = (model.get("unit").choices || []).find((c) => c.key === event.key);
    if (choice) say("answer", choice.value);
    else if (event.key === "ArrowLeft" || event.key === "Backspace") say("back");
    else if (event.key === "ArrowRight") say("skip");
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  model.on("change:unit", () => {
    const inside = box.contains(document.activeElement);
    draw();
    if (inside) box.focus();
  });
  draw();
}
export default { render };
