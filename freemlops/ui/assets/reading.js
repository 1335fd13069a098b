// How a file is read, as a form: one line of choices for the file, one choice for each column.
export function render({ model }) {
  const words = model.words
  const make = (name, cls, text) => {
    const made = document.createElement(name)
    if (cls) { made.className = cls }
    if (text !== undefined) { made.textContent = text }
    return made
  }
  const box = make("div", "box fm-reading")
  let given = {}
  const apply = make("button", "apply fm-reading-apply", words.apply)
  apply.type = "button"
  const mark = () => { apply.disabled = Object.keys(given).length === 0 }

  function choice(label, options, value, hook, changed) {
    const field = make("label", "field")
    field.append(make("span", "name", label))
    const select = make("select", hook)
    for (const [key, text] of options) {
      const option = make("option", "", text)
      option.value = key; option.selected = key === value
      select.append(option)
    }
    select.addEventListener("change", () => { changed(select.value === value ? undefined : select.value); mark() })
    field.append(select)
    return field
  }
  function put(key, value) {
    if (value === undefined) { delete given[key] } else { given[key] = value }
  }
  function draw() {
    given = {}
    const file = make("div", "fields")
    for (const o of model.options) {
      file.append(choice(o.label, o.choices, o.value, `fm-option-${o.key}`, (v) => put(o.key, v)))
    }
    const types = make("div", "fields fm-types")
    for (const [name, type] of model.columns) {
      types.append(choice(name, model.types, type, "fm-type", (v) => {
        const chosen = { ...(given.types || {}) }
        if (v === undefined) { delete chosen[name] } else { chosen[name] = v }
        put("types", Object.keys(chosen).length ? chosen : undefined)
      }))
    }
    box.replaceChildren(file, make("h4", "", words.types), types, make("p", "note", words.note), apply)
    mark()
  }
  apply.addEventListener("click", () => model.send_msg(given))
  model.on("columns", draw)
  draw()
  return box
}
