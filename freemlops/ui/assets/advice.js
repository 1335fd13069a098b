// What to mind before training: the serious first, what is only good to know folded away.
const ICONS = {
  serious: "M12 2 2 12l10 10 10-10L12 2Zm-1 6h2v5h-2V8Zm0 7h2v2h-2v-2Z",
  warning: "M12 3 1 22h22L12 3Zm-1 7h2v5h-2v-5Zm0 7h2v2h-2v-2Z",
  info: "M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20Zm-1 5h2v2h-2V7Zm0 4h2v6h-2v-6Z",
}
const OPEN = 3

export function render({ model }) {
  const make = (name, cls, text) => {
    const made = document.createElement(name)
    if (cls) { made.className = cls }
    if (text !== undefined) { made.textContent = text }
    return made
  }
  const box = make("section", "advice")
  let unfolded = false

  function icon(item) {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg")
    svg.setAttribute("viewBox", "0 0 24 24")
    svg.setAttribute("role", "img")
    svg.setAttribute("aria-label", item.label)
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path")
    path.setAttribute("d", ICONS[item.severity])
    svg.append(path)
    return svg
  }
  function line(item) {
    const made = make("li", `item ${item.severity} fm-advice-${item.code}`)
    const words = make("div", "words")
    words.append(make("p", "", item.message), make("p", "todo", item.todo))
    if (item.action) {
      const label = make("label", "action")
      const check = make("input")
      check.type = "checkbox"; check.checked = item.on
      check.addEventListener("change", () => model.send_msg({ key: item.key, on: check.checked }))
      label.append(check, make("span", "", item.action))
      words.append(label)
    }
    made.append(icon(item), words)
    return made
  }
  function draw() {
    const items = model.items
    box.hidden = items.length === 0
    // what is done or can be done stays in sight, and so does a short list
    const first = items.filter((i) => items.length <= OPEN || i.severity !== "info" || i.on)
    const rest = items.filter((i) => !first.includes(i))
    const head = make("h3", "", model.heading)
    const list = make("ul", "list")
    list.append(...first.map(line))
    box.replaceChildren(head)
    if (first.length) { box.append(list) }
    if (rest.length) {
      const fold = make("details", "more")
      fold.open = unfolded
      fold.addEventListener("toggle", () => { unfolded = fold.open })
      const more = make("ul", "list")
      more.append(...rest.map(line))
      fold.append(make("summary", "fm-advice-more", `${model.more} (${rest.length})`), more)
      box.append(fold)
    }
  }
  model.on("items", draw)
  draw()
  return box
}
