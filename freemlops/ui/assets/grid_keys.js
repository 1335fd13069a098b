// A Tabulator is chosen from by mouse alone, and its scrolling part, which takes the focus, stands
// between the grid and its rows, where a screen reader loses them. Here the rows take the focus.
const KEYS = { ArrowDown: "nextElementSibling", ArrowUp: "previousElementSibling" }

function found(from, hook) {
  for (let root = from.getRootNode(); root; root = root.host && root.host.getRootNode()) {
    const table = root.querySelector(`.${hook}`)
    if (table && table.shadowRoot) { return table.shadowRoot }
  }
  return null
}
function mend(table, label) {
  const grid = table.querySelector("[role=grid]")
  if (grid === null) { return }
  grid.setAttribute("aria-label", label)
  grid.removeAttribute("aria-owns")
  for (const holder of grid.querySelectorAll(".tabulator-tableholder")) { holder.removeAttribute("tabindex") }
  const rows = [...grid.querySelectorAll(".tabulator-row")]
  const chosen = rows.findIndex((row) => row.classList.contains("tabulator-selected"))
  rows.forEach((row, at) => {
    row.tabIndex = at === Math.max(chosen, 0) ? 0 : -1
    row.setAttribute("aria-selected", String(at === chosen))
  })
}
function press(event) {
  const row = event.target.closest(".tabulator-row")
  if (row === null) { return }
  if (event.key === "Enter" || event.key === " ") { row.click() }
  else if (event.key in KEYS) { row[KEYS[event.key]]?.focus() }
  else { return }
  event.preventDefault()
  event.stopPropagation()
}

export function render({ model }) {
  const place = document.createElement("span")
  let frame = 0
  let watch = null
  const seek = () => {
    const table = found(place, model.hook)
    if (table === null) { frame = requestAnimationFrame(seek); return }
    let lost = null
    watch = new MutationObserver((changes) => {
      mend(table, model.label)
      // a redraw takes all rows out and puts them back: the focus goes back with its row
      if (lost?.isConnected && changes.some((c) => [...c.removedNodes].includes(lost))) {
        lost.focus({ preventScroll: true })
      }
    })
    watch.observe(table, { childList: true, subtree: true, attributes: true, attributeFilter: ["class"] })
    table.addEventListener("focusout", (event) => {
      lost = event.relatedTarget === null ? event.target.closest(".tabulator-row") : null
      setTimeout(() => { lost = null })
    })
    table.addEventListener("keydown", press, true)  // before Tabulator, which takes the focus away
    mend(table, model.label)
  }
  frame = requestAnimationFrame(seek)
  model.on("remove", () => { cancelAnimationFrame(frame); watch?.disconnect() })
  return place
}
