// Rows come escaped from the server; here only clicks are heard, and the focus is kept.
export function render({ model }) {
  const box = document.createElement("div")
  const show = () => {
    const active = box.getRootNode().activeElement
    const key = active && active.dataset ? active.dataset.key : undefined
    box.innerHTML = model.content
    if (key) {
      const again = box.querySelector(`[data-key="${CSS.escape(key)}"]`)
      if (again) { again.focus() }
    }
  }
  box.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-act]")
    if (!button) { return }
    if (button.hasAttribute("aria-pressed")) {
      button.setAttribute("aria-pressed", String(button.getAttribute("aria-pressed") !== "true"))
    }
    model.send_msg({ act: button.dataset.act, value: button.dataset.value })
  })
  model.on("content", show)
  show()
  return box
}
