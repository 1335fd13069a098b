// Teaches the editor the names of the tables and columns.
export function render({ model }) {
  const words = () => model.words.map(([value, meta]) => ({ value, meta, score: 1000 }))
  const completer = { identifierRegexps: [/[\w.@"]/], getCompletions: (_e, _s, _p, _prefix, done) => done(null, words()) }
  let tries = 0
  function teach() {
    const tools = window.ace && window.ace.require && window.ace.require("ace/ext/language_tools")
    if (tools && tools.addCompleter) { tools.addCompleter(completer); return }
    if (++tries < 100) { setTimeout(teach, 100) }
  }
  teach()
  const empty = document.createElement("span")
  empty.hidden = true
  return empty
}
