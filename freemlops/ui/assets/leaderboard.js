// Lines come escaped from the server; here they are chosen by mouse and keyboard, and keep the focus.
const WAYS = { ArrowDown: "nextElementSibling", ArrowUp: "previousElementSibling" }

export function render({ model }) {
  const box = document.createElement("div")
  const mark = (chosen) => {
    for (const line of box.querySelectorAll("tbody tr")) {
      line.setAttribute("aria-selected", String(line === chosen))
      line.tabIndex = line === chosen ? 0 : -1
    }
  }
  const choose = (line) => {
    mark(line)
    model.send_msg({ candidate: line.dataset.candidate })
  }
  const show = () => {
    const active = box.getRootNode().activeElement
    const at = active && active.dataset ? active.dataset.candidate : undefined
    const across = box.firstElementChild?.scrollLeft ?? 0
    box.innerHTML = model.content
    box.firstElementChild?.scrollTo({ left: across })
    if (at) { box.querySelector(`[data-candidate="${CSS.escape(at)}"]`)?.focus({ preventScroll: true }) }
  }
  box.addEventListener("click", (event) => {
    const line = event.target.closest("tbody tr")
    if (line) { choose(line) }
  })
  box.addEventListener("keydown", (event) => {
    const line = event.target.closest("tbody tr")
    if (!line) { return }
    if (event.key === "Enter" || event.key === " ") { choose(line) }
    else if (event.key in WAYS) { line[WAYS[event.key]]?.focus() }
    else { return }
    event.preventDefault()
  })
  model.on("content", show)
  show()
  return box
}
