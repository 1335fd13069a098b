// A native dialog: it holds the focus, closes by Escape, and costs nothing until it opens.
export function render({ model }) {
  const words = model.words
  const dialog = document.createElement("dialog")
  const form = document.createElement("form")
  form.method = "dialog"
  const heading = document.createElement("h2")
  heading.id = "heading"; heading.textContent = words.title
  dialog.setAttribute("aria-labelledby", "heading")
  const wrong = document.createElement("div")
  const fields = {}
  const field = (name, kind, longest) => {
    const box = document.createElement("label")
    const title = document.createElement("span")
    title.textContent = words[name]
    const input = fields[name] = document.createElement(kind)
    input.maxLength = longest; input.className = `fm-notes-${name}`
    box.append(title, input)
    return box
  }
  const button = (word, cls, type) => {
    const made = document.createElement("button")
    made.type = type; made.className = cls; made.textContent = word
    return made
  }
  const save = button(words.save, "button primary fm-notes-save", "submit")
  const cancel = button(words.cancel, "button plain fm-notes-cancel", "button")
  const ends = document.createElement("div")
  ends.className = "row"
  ends.append(save, cancel)
  form.append(heading, wrong, field("name", "input", model.longest[0]),
    field("tags", "input", model.longest[1]), field("notes", "textarea", model.longest[2]), ends)
  fields.notes.rows = 6
  dialog.append(form)
  form.addEventListener("submit", (event) => {
    event.preventDefault()
    const values = Object.fromEntries(Object.entries(fields).map(([k, f]) => [k, f.value]))
    model.send_msg(values)
  })
  cancel.addEventListener("click", () => dialog.close())
  dialog.addEventListener("close", () => { if (model.open) { model.open = false } })
  dialog.addEventListener("click", (event) => { if (event.target === dialog) { dialog.close() } })
  const tell = () => { wrong.innerHTML = model.wrong }
  const toggle = () => {
    if (model.open && !dialog.open) {
      for (const [name, input] of Object.entries(fields)) { input.value = model.values[name] || "" }
      dialog.showModal()
      fields.name.focus()
    } else if (!model.open && dialog.open) { dialog.close() }
  }
  model.on("wrong", tell)
  model.on("open", toggle)
  return dialog
}
