async function copy(text) {
  // The clipboard is only offered on https and localhost.
  if (navigator.clipboard && window.isSecureContext) { return navigator.clipboard.writeText(text) }
  const area = document.createElement("textarea")
  area.value = text; area.style.position = "fixed"; area.style.opacity = "0"
  document.body.append(area); area.select(); document.execCommand("copy"); area.remove()
}
export function render({ model }) {
  const box = document.createElement("div")
  box.className = "box"
  const head = document.createElement("div")
  head.className = "head"
  const list = document.createElement("div")
  list.className = "tabs"; list.setAttribute("role", "tablist")
  list.setAttribute("aria-label", model.words[2])
  const button = document.createElement("button")
  button.type = "button"; button.className = "copy fm-copy"; button.textContent = model.words[0]
  const panels = document.createElement("div")
  let chosen = 0
  const parts = []
  const choose = (at, focus) => {
    chosen = at
    parts.forEach(({ tab, panel }, i) => {
      tab.setAttribute("aria-selected", i === at ? "true" : "false")
      tab.tabIndex = i === at ? 0 : -1
      panel.hidden = i !== at
    })
    if (focus) { parts[at].tab.focus() }
  }
  model.codes.forEach(([title, hook], at) => {
    const tab = document.createElement("button")
    tab.type = "button"; tab.textContent = title; tab.className = `tab ${hook}-tab`
    tab.id = `${hook}-tab`
    tab.setAttribute("role", "tab"); tab.setAttribute("aria-controls", `${hook}-panel`)
    tab.addEventListener("click", () => choose(at))
    tab.addEventListener("keydown", (e) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[e.key]
      if (step) { e.preventDefault(); choose((at + step + parts.length) % parts.length, true) }
    })
    const panel = document.createElement("div")
    panel.setAttribute("role", "tabpanel"); panel.id = `${hook}-panel`
    panel.setAttribute("aria-labelledby", tab.id)
    const note = document.createElement("p")
    note.className = "note"
    const pre = document.createElement("pre")
    pre.tabIndex = 0
    const code = document.createElement("code")
    code.className = hook
    pre.append(code); panel.append(note, pre)
    list.append(tab); panels.append(panel)
    parts.push({ tab, panel, code, note })
  })
  const draw = () => model.codes.forEach(([, , code, note], i) => {
    parts[i].code.textContent = code
    parts[i].note.textContent = note; parts[i].note.hidden = !note
  })
  model.on("codes", draw); draw(); choose(0)
  button.addEventListener("click", async () => {
    await copy(model.codes[chosen][2])
    button.textContent = model.words[1]
    setTimeout(() => { button.textContent = model.words[0] }, 1600)
  })
  head.append(list, button); box.append(head, panels)
  return box
}
