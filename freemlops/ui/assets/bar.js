const shut = () => nav(false)
function nav(open) {
  const root = document.documentElement.style
  root.setProperty("--fm-nav-shift", open ? "translateX(0)" : "translateX(-105%)")
  root.setProperty("--fm-nav-visibility", open ? "visible" : "hidden")
  document.documentElement.dataset.fmNav = open ? "open" : "closed"
}
function keep(name, value) {
  document.cookie = `${name}=${value}; path=/; max-age=31536000; SameSite=Lax`
}
function button(cls, label, glyph) {
  const made = document.createElement("button")
  made.type = "button"; made.className = cls; made.title = label
  made.setAttribute("aria-label", label)
  made.innerHTML = glyph
  return made
}
// The page's main area, in one of the shadow trees around this bar.
function content(from) {
  for (let root = from.getRootNode(); root; root = root.host && root.host.getRootNode()) {
    const main = root.querySelector("main")
    if (main) { return main }
  }
  return null
}
const MENU = '<svg viewBox="0 0 24 24" width="24" height="24" aria-hidden="true"><path fill="currentColor" d="M3 6h18v2H3zm0 5h18v2H3zm0 5h18v2H3z"/></svg>'
const MOON = '<svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true"><path fill="currentColor" d="M12 3a9 9 0 1 0 9 9c0-.5 0-.9-.1-1.4A5.4 5.4 0 0 1 12.4 3H12z"/></svg>'
const SUN = '<svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true"><path fill="currentColor" d="M12 7a5 5 0 1 0 0 10 5 5 0 0 0 0-10zM11 1h2v3h-2zm0 19h2v3h-2zM1 11h3v2H1zm19 0h3v2h-3zM4.2 5.6l1.4-1.4 2.1 2.1-1.4 1.4zm12.1 12.1 1.4-1.4 2.1 2.1-1.4 1.4zM4.2 18.4l2.1-2.1 1.4 1.4-2.1 2.1zM16.3 6.3l2.1-2.1 1.4 1.4-2.1 2.1z"/></svg>'

export function render({ model }) {
  const bar = document.createElement("div")
  bar.className = "bar"
  const menu = button("icon menu fm-menu", model.words.menu, MENU)
  menu.addEventListener("click", (e) => {
    e.stopPropagation()
    nav(document.documentElement.dataset.fmNav !== "open")
  })
  const brand = document.createElement("a")
  brand.className = "brand"; brand.href = "./home"; brand.textContent = model.words.brand
  const narrow = window.matchMedia("(max-width: 480px)").matches
  const languages = document.createElement("select")
  languages.className = "fm-language"
  languages.setAttribute("aria-label", model.words.language)
  for (const [code, name] of Object.entries(model.languages)) {
    const option = document.createElement("option")
    option.value = code; option.textContent = narrow ? code.slice(0, 2).toUpperCase() : name; option.setAttribute("aria-label", name); option.selected = code === model.language
    languages.append(option)
  }
  languages.addEventListener("change", () => {
    keep(model.cookies[0], languages.value)
    const url = new URL(window.location.href)
    url.searchParams.delete("lang")
    window.location.replace(url)
  })
  const theme = button("icon fm-theme", model.words.theme, model.dark ? SUN : MOON)
  theme.addEventListener("click", () => {
    model.dark = !model.dark
    keep(model.cookies[1], model.dark ? "dark" : "light")
  })
  model.on("dark", () => { theme.innerHTML = model.dark ? SUN : MOON })
  model.on("target", () => { if (model.target) { window.location.assign(model.target) } })
  const space = document.createElement("span")
  space.className = "space"
  const skip = document.createElement("a")
  skip.className = "skip fm-skip"; skip.href = "#"; skip.textContent = model.words.skip
  skip.addEventListener("click", (e) => {
    e.preventDefault()  // a step in the browser's history would reload the page
    const main = content(bar)
    if (main) { main.tabIndex = -1; main.focus() }
  })
  bar.append(skip, menu, brand, space, languages, theme)

  document.documentElement.lang = model.language.replace("_", "-")
  if (new URL(window.location.href).searchParams.has("lang")) { keep(model.cookies[0], model.language) }
  const escape = (e) => { if (e.key === "Escape") { shut() } }
  // The page's state is its URL: going back in the browser must show the state of that URL.
  const back = () => window.location.reload()
  document.addEventListener("click", shut)
  document.addEventListener("keydown", escape)
  window.addEventListener("popstate", back)
  model.on("remove", () => {
    document.removeEventListener("click", shut)
    document.removeEventListener("keydown", escape)
    window.removeEventListener("popstate", back)
  })
  return bar
}
