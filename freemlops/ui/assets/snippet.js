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
  const title = document.createElement("span")
  title.textContent = model.heading
  const button = document.createElement("button")
  button.type = "button"; button.className = "fm-copy"; button.textContent = model.words[0]
  const pre = document.createElement("pre")
  pre.tabIndex = 0
  const code = document.createElement("code")
  code.className = model.hook
  const draw = () => { code.textContent = model.code }
  model.on("code", draw); draw()
  button.addEventListener("click", async () => {
    await copy(model.code)
    button.textContent = model.words[1]
    setTimeout(() => { button.textContent = model.words[0] }, 1600)
  })
  pre.append(code); head.append(title, button); box.append(head, pre)
  return box
}
