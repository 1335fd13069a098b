export function render({ model }) {
  const nav = document.createElement("nav")
  nav.setAttribute("aria-label", model.label)
  const list = document.createElement("ol")
  nav.append(list)
  function draw() {
    list.replaceChildren(...model.steps.map(([key, title], at) => {
      const item = document.createElement("li")
      const button = document.createElement("button")
      const here = key === model.active
      const done = at < model.steps.findIndex(([other]) => other === model.active)
      button.type = "button"
      button.className = `fm-step-${key}${here ? " here" : ""}${done ? " done" : ""}`
      button.disabled = !model.reachable.includes(key)
      if (here) { button.setAttribute("aria-current", "step") }
      const dot = document.createElement("span")
      dot.className = "dot"; dot.textContent = done ? "✓" : String(at + 1)
      const text = document.createElement("span")
      text.className = "text"; text.textContent = title
      button.append(dot, text)
      button.addEventListener("click", () => { model.active = key })
      item.append(button)
      return item
    }))
  }
  for (const name of ["active", "steps", "reachable"]) { model.on(name, draw) }
  draw()
  return nav
}
