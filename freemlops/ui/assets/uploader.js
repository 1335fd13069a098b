export function render({ model }) {
  const words = model.words
  const make = (name, cls, text) => {
    const made = document.createElement(name)
    made.className = cls
    if (text) { made.textContent = text }
    return made
  }
  const zone = make("div", "zone fm-drop")
  const input = make("input", "fm-file")
  input.type = "file"; input.accept = model.accept; input.setAttribute("aria-label", words.choose)
  const title = make("div", "title", words.title)
  const about = make("div", "about", words.about)
  const choose = make("button", "choose fm-choose", words.choose)
  choose.type = "button"
  const going = make("div", "going"); going.hidden = true
  const state = make("div", "state fm-upload-state"); state.setAttribute("role", "status")
  const bar = make("progress", "fm-upload-progress"); bar.max = 1
  bar.setAttribute("aria-label", words.sending)
  const cancel = make("button", "cancel fm-upload-cancel", words.cancel)
  cancel.type = "button"
  going.append(state, bar, cancel)
  const wrong = make("div", "wrong fm-upload-error"); wrong.setAttribute("role", "alert"); wrong.hidden = true
  zone.append(title, about, choose, input, going, wrong)

  let request = null
  const number = new Intl.NumberFormat(model.locale, { maximumFractionDigits: 1 })
  const mb = (bytes) => `${number.format(bytes / 1048576)} MB`
  function idle() {
    request = null; going.hidden = true; choose.hidden = false; input.value = ""
  }
  function fail(heading, lines) {
    idle()
    wrong.replaceChildren(make("strong", "", heading), ...lines.filter(Boolean).map((l) => make("div", "", l)))
    wrong.hidden = false
  }
  function lineOf(e) {
    const at = [["line", e.line], ["row", e.row], ["column", e.column]]
      .filter(([, v]) => v !== undefined && v !== null)
      .map(([k, v]) => words[k].replace("{}", k === "row" ? Number(v) + 1 : v))
    return at.length ? `${at.join(", ")}: ${e.message}` : e.message
  }
  function done() {
    let answer = {}
    try { answer = JSON.parse(request.responseText) } catch (_) { answer = {} }
    if (request.status >= 200 && request.status < 300) {
      state.textContent = words.done
      model.send_msg({ dataset: String(answer.dataset), version: answer.version })
      idle()
    } else {
      fail(answer.title || words.failed, [answer.detail, ...(answer.errors || []).map(lineOf)])
    }
  }
  function send(file) {
    if (request !== null) { return }
    wrong.hidden = true; choose.hidden = true; going.hidden = false; bar.value = 0
    state.textContent = `${words.sending} ${file.name}`
    request = new XMLHttpRequest()
    const name = file.name.replace(/(\.(csv|tsv|txt|gz|zip|parquet|xlsx?|json|arrow))+$/i, "") || file.name
    const query = new URLSearchParams({ name, filename: file.name })
    request.open("PUT", `${model.api}/api/v1/datasets?${query}`)
    request.setRequestHeader("Accept-Language", model.locale)
    request.setRequestHeader("Content-Type", "application/octet-stream")
    request.withCredentials = true
    request.upload.onprogress = (e) => {
      if (!e.lengthComputable) { return }
      bar.value = e.loaded / e.total
      state.textContent = e.loaded < e.total
        ? `${words.sending} ${file.name} · ${mb(e.loaded)} / ${mb(e.total)}` : `${words.reading} ${file.name}`
    }
    request.upload.onload = () => { bar.removeAttribute("value"); state.textContent = `${words.reading} ${file.name}` }
    request.onload = done
    request.onerror = () => fail(words.failed, [words.network])
    request.onabort = idle
    request.send(file)
  }
  choose.addEventListener("click", () => input.click())
  cancel.addEventListener("click", () => request && request.abort())
  input.addEventListener("change", () => input.files.length && send(input.files[0]))
  zone.addEventListener("dragover", (e) => { e.preventDefault(); zone.classList.add("over") })
  zone.addEventListener("dragleave", () => zone.classList.remove("over"))
  zone.addEventListener("drop", (e) => {
    e.preventDefault(); zone.classList.remove("over")
    if (e.dataTransfer.files.length) { send(e.dataTransfer.files[0]) }
  })
  model.on("remove", () => request && request.abort())
  return zone
}
