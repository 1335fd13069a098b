// The filter bar: native fields, which are light, work by keyboard and on a telephone.
const PAUSE_MS = 250

export function render({ model }) {
  const words = model.words
  const say = (name, value) => model.send_msg({ name, value })
  const bar = document.createElement("form")
  bar.className = "filters"
  bar.setAttribute("role", "search")
  bar.addEventListener("submit", (event) => event.preventDefault())

  const field = (name, input) => {
    const box = document.createElement("label")
    box.className = `box fm-filter-${name}`
    const title = document.createElement("span")
    title.className = "name"; title.textContent = words[name]
    box.append(title, input)
    return box
  }
  const search = document.createElement("input")
  search.type = "search"; search.placeholder = words.placeholder; search.maxLength = model.longest
  search.autocomplete = "off"; search.className = "fm-search"
  let waiting
  search.addEventListener("input", () => {
    clearTimeout(waiting)
    waiting = setTimeout(() => say("q", search.value), PAUSE_MS)
  })
  bar.append(field("q", search))

  const selects = {}
  for (const name of model.names) {
    const select = selects[name] = document.createElement("select")
    select.addEventListener("change", () => say(name, select.value))
    bar.append(field(name, select))
  }
  const star = document.createElement("label")
  star.className = "check"
  const starred = document.createElement("input")
  starred.type = "checkbox"; starred.className = "fm-starred-only"
  starred.addEventListener("change", () => say("starred", starred.checked ? "1" : ""))
  star.append(starred, words.starred)
  const clear = document.createElement("button")
  clear.type = "button"; clear.className = "clear fm-clear-filters"; clear.textContent = words.clear
  clear.addEventListener("click", () => { search.value = ""; search.focus(); say("clear", "") })
  const last = document.createElement("div")
  last.className = "last"
  last.append(star, clear)
  bar.append(last)

  const show = () => {
    const values = model.values
    for (const [name, select] of Object.entries(selects)) {
      select.replaceChildren(...model.options[name].map(([value, label]) => new Option(label, value)))
      select.value = values[name]
    }
    if (bar.getRootNode().activeElement !== search) { search.value = values.q }
    starred.checked = values.starred !== ""
    clear.hidden = Object.entries(values).every(([name, value]) => name === "sort" || value === "")
  }
  model.on(["options", "values"], show)
  show()
  return bar
}
