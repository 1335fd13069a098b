const PIECE = 8 * 1048576
const TRIES = 8

export function render({ model }) {
  const words = model.words
  const make = (name, cls, text) => {
    const made = document.createElement(name)
    made.className = cls
    if (text) { made.textContent = text }
    return made
  }
  const button = (cls, text, click) => {
    const made = make("button", cls, text)
    made.type = "button"; made.addEventListener("click", click)
    return made
  }
  const zone = make("div", "zone fm-drop")
  const input = make("input", "fm-file")
  input.type = "file"; input.accept = model.accept; input.setAttribute("aria-label", words.choose)
  const choose = button("choose fm-choose", words.choose, () => input.click())
  const going = make("div", "going")
  const state = make("div", "state fm-upload-state"); state.setAttribute("role", "status")
  const bar = make("progress", "fm-upload-progress"); bar.max = 1
  bar.setAttribute("aria-label", words.sending)
  going.append(state, bar, button("cancel fm-upload-cancel", words.cancel, () => forget()))
  const wrong = make("div", "wrong fm-upload-error"); wrong.setAttribute("role", "alert")
  const ways = make("div", "ways fm-upload-ways")
  zone.append(make("div", "title", words.title), make("div", "about", words.about), choose, input, going, wrong, ways)

  let job = null
  const number = new Intl.NumberFormat(model.locale, { maximumFractionDigits: 1 })
  const mb = (bytes) => `${number.format(bytes / 1048576)} MB`
  const headers = { "Accept-Language": model.locale }
  const url = (path) => `${model.api}/api/v1/uploads${path}`
  const sleep = (ms) => new Promise((go) => setTimeout(go, ms))

  function idle() {
    job = null; going.hidden = true; choose.hidden = false; input.value = ""
    ways.hidden = true; ways.replaceChildren()
  }
  function tell(heading, lines) {
    wrong.replaceChildren(make("strong", "", heading), ...lines.filter(Boolean).map((l) => make("div", "", l)))
    wrong.hidden = false
  }
  function lineOf(e) {
    const at = [["line", e.line], ["row", e.row], ["column", e.column]]
      .filter(([, v]) => v !== undefined && v !== null)
      .map(([k, v]) => words[k].replace("{}", k === "row" ? Number(v) + 1 : v))
    return at.length ? `${at.join(", ")}: ${e.message}` : e.message
  }
  function forget() {
    const left = job
    if (left === null) { return }
    left.over = true
    if (left.request) { left.request.abort() }
    discard(left)
    wrong.hidden = true
    idle()
  }
  function discard(left) {
    if (left.upload) { fetch(url(`/${left.upload}`), { method: "DELETE", credentials: "include", headers }).catch(() => {}) }
  }
  // refusals of the server carry `answer`; a broken line has none
  class Refused extends Error {
    constructor(status, answer) { super(String(status)); this.status = status; this.answer = answer }
  }
  async function call(method, path, body) {
    const response = await fetch(url(path), {
      method, credentials: "include", headers: { ...headers, "Content-Type": "application/json" },
      body: body && JSON.stringify(body),
    })
    const answer = await response.json().catch(() => ({}))
    if (!response.ok) { throw new Refused(response.status, answer) }
    return answer
  }
  function piece(mine) {
    return new Promise((resolve, reject) => {
      const request = mine.request = new XMLHttpRequest()
      request.open("PATCH", url(`/${mine.upload}`))
      request.withCredentials = true
      request.setRequestHeader("Accept-Language", model.locale)
      request.setRequestHeader("Upload-Offset", mine.offset)
      request.setRequestHeader("Content-Type", "application/octet-stream")
      request.upload.onprogress = (e) => progress(mine, mine.offset + e.loaded)
      request.onload = () => {
        let answer = {}
        try { answer = JSON.parse(request.responseText) } catch (_) { answer = {} }
        if (request.status < 300) { resolve(answer) } else { reject(new Refused(request.status, answer)) }
      }
      request.onerror = request.onabort = () => reject(new Error("line"))
      request.send(mine.file.slice(mine.offset, mine.offset + PIECE))
    })
  }
  function progress(mine, sent) {
    bar.value = mine.file.size ? Math.min(sent / mine.file.size, 1) : 1
    state.textContent = `${words.sending} ${mine.file.name} · ${mb(sent)} / ${mb(mine.file.size)}`
  }
  async function pieces(mine) {
    for (let tries = 0; mine.offset < mine.file.size && !mine.over;) {
      try {
        mine.offset = (await piece(mine)).offset
        tries = 0
      } catch (error) {
        const again = !(error instanceof Refused) || error.status === 409 || error.status === 503
        if (mine.over || !again || ++tries > TRIES) { throw error }
        state.textContent = words.lost
        await sleep(Math.min(500 * 2 ** tries, 8000))
        try { mine.offset = (await call("GET", `/${mine.upload}`)).offset } catch (gone) {
          if (gone instanceof Refused) { throw gone }
        }
      }
    }
  }
  async function send(file) {
    if (job !== null) { return }
    const mine = job = { file, offset: 0, over: false, upload: "", request: null, options: {} }
    wrong.hidden = true; choose.hidden = true; going.hidden = false; bar.value = 0
    state.textContent = `${words.sending} ${file.name}`
    const name = file.name.replace(/(\.(csv|tsv|txt|tab|gz|zip|parquet|xlsx?|jsonl?|ndjson|arrow|feather))+$/i, "") || file.name
    try {
      mine.upload = (await call("POST", "", { name, filename: file.name, size: file.size })).upload
      if (mine.over) { discard(mine); return }  // cancelled before it had a name
      await pieces(mine)
      if (mine.over) { return }
      if (model.only_send) { model.send_msg({ upload: mine.upload }); idle(); return }
      await read(mine)
    } catch (error) { fail(mine, error) }
  }
  async function read(mine) {
    ways.hidden = true; wrong.hidden = true; going.hidden = false; choose.hidden = true
    bar.removeAttribute("value"); state.textContent = `${words.reading} ${mine.file.name}`
    const look = setInterval(async () => {
      const now = await call("GET", `/${mine.upload}`).catch(() => ({}))
      if (now.rows && !mine.over) {
        state.textContent = `${words.reading} ${mine.file.name} · ${words.rows.replace("{}", number.format(now.rows))}`
      }
    }, 1000)
    try {
      const answer = await call("POST", `/${mine.upload}/finish`, { options: mine.options })
      if (mine.over) { return }
      state.textContent = words.done
      model.send_msg({ dataset: String(answer.dataset), version: answer.version })
      idle()
    } finally { clearInterval(look) }
  }
  function fail(mine, error) {
    if (mine.over) { return }
    const answer = error.answer
    if (!answer) { idle(); tell(words.failed, [words.network]); return }
    const found = answer.errors || []
    const kind = String(answer.type || "").split(":").pop()
    const offers = kind === "choice_needed" ? found.map((e) => [e.message, { member: e.message }])
      : kind === "unreadable_file" && found.some((e) => e.line) ? [[words.drop, { bad: "drop" }]] : []
    const lines = kind === "choice_needed" ? [] : found.map(lineOf)
    if (!offers.length) { forget(); tell(answer.title || words.failed, [answer.detail, ...lines]); return }
    tell(answer.title || words.failed, [answer.detail, ...lines])
    going.hidden = true; choose.hidden = true
    ways.replaceChildren(
      ...offers.map(([label, options]) => button("choose fm-upload-way", label, () => {
        Object.assign(mine.options, options)
        read(mine).catch((e) => fail(mine, e))
      })),
      button("quiet fm-upload-other", words.other, forget))
    ways.hidden = false
  }
  input.addEventListener("change", () => input.files.length && send(input.files[0]))
  zone.addEventListener("dragover", (e) => { e.preventDefault(); zone.classList.add("over") })
  zone.addEventListener("dragleave", () => zone.classList.remove("over"))
  zone.addEventListener("drop", (e) => {
    e.preventDefault(); zone.classList.remove("over")
    if (e.dataTransfer.files.length) { send(e.dataTransfer.files[0]) }
  })
  model.on("remove", forget)
  wrong.hidden = true
  idle()
  return zone
}
