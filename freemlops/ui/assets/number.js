// A number as the reader writes it: "1.234,5" or "1,234.5"; an empty field is no number.
function parse(text, decimal) {
  let plain = text.replace(/[\s\u00a0]/g, "").replace("\u2212", "-")
  if (plain === "") { return null }
  const group = decimal === "," ? "." : ","
  const grouped = new RegExp(`^[-+]?\\d{1,3}(\\${group}\\d{3})+(\\${decimal}\\d*)?$`)
  if (grouped.test(plain)) {
    plain = plain.split(group).join("").replace(decimal, ".")
  } else if (!plain.includes(".") || decimal === ".") {
    plain = plain.replace(decimal, ".")
  }
  return /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(plain) ? Number(plain) : undefined
}

export function render({ model }) {
  const format = new Intl.NumberFormat(model.locale, { maximumSignificantDigits: 15, useGrouping: false })
  const decimal = new Intl.NumberFormat(model.locale).formatToParts(1.5).find((p) => p.type === "decimal").value
  const box = document.createElement("label")
  box.className = "box"
  const name = document.createElement("span")
  name.className = "name"; name.textContent = model.label; name.title = model.label
  const input = document.createElement("input")
  input.type = "text"; input.inputMode = "decimal"; input.autocomplete = "off"
  const help = document.createElement("span")
  help.className = "help"; help.textContent = model.help
  const show = () => { input.value = model.value === null ? "" : format.format(model.value) }
  const take = () => {
    const found = parse(input.value, decimal)
    const wrong = found === undefined || (model.whole && found !== null && !Number.isInteger(found))
    box.classList.toggle("wrong", wrong)
    input.setAttribute("aria-invalid", String(wrong))
    help.textContent = wrong ? model.wrong : model.help
    model.bad = wrong
    if (!wrong && found !== model.value) { model.value = found }
  }
  input.addEventListener("change", take)
  input.addEventListener("keydown", (e) => { if (e.key === "Enter") { take() } })
  model.on("value", show)
  show()
  box.append(name, input, help)
  return box
}
