/**
 * YAML, and JSON, which is YAML, too. Every value that is neither a list nor a mapping is its text, so `010`, `1e400` and
 * `yes` are what was written. What would take long or much memory is refused before it does.
 */
import { Composer, type CST, type Document, LineCounter, Parser, visit } from 'yaml'
import { FanError, messageOf } from '../../core/errors.js'
import { unknownImport } from './imported.js'

/** Lists and mappings in each other. yaml composes them by recursion. */
const deepest = 64

/** Keys, values and comments. */
const mostParts = 20_000

/** In one list or mapping: yaml compares each key with all others. */
const mostItems = 1000

/** Parts that anchors may stand for besides their own. */
const mostAliases = 100

/**
 * What each document holds: a text, a list or a mapping. `what` is what the text is called in errors.
 * Throws IMPORT_MALFORMED, or IMPORT_UNKNOWN if it is larger or deeper than any configuration.
 */
export function readDocuments(text: string, what: string): unknown[] {
  const lines = new LineCounter()
  const tokens = [...new Parser(lines.addNewLine).parse(text)]
  checkSize(tokens)
  const composer = new Composer({ schema: 'failsafe', merge: true, prettyErrors: false, logLevel: 'silent' })
  return [...composer.compose(tokens, false, text.length)].map((document) => {
    const [error] = document.errors
    if (error) throw malformed(error.message, error.pos[0])
    return contentOf(document)
  })

  function contentOf(document: Document.Parsed): unknown {
    try {
      return document.toJS({ maxAliasCount: mostAliases })
    } catch (cause) {
      throw malformed(messageOf(cause), unknownAlias(document) ?? document.range[0])
    }
  }

  function malformed(problem: string, offset: number): FanError {
    const { line, col } = lines.linePos(offset)
    return new FanError('IMPORT_MALFORMED', { what, line, column: col, problem })
  }
}

/** Where the first alias is that no anchor before it explains. */
function unknownAlias(document: Document.Parsed): number | undefined {
  const anchors = new Set<string>()
  let offset: number | undefined
  visit(document, {
    Node: (_, { anchor }) => {
      if (anchor !== undefined) anchors.add(anchor)
    },
    Alias: (_, { source, range }) => {
      if (anchors.has(source)) return undefined
      offset = range?.[0]
      return visit.BREAK
    },
  })
  return offset
}

/** Where programs keep several things of a kind: `kubectl get -o yaml`, and what `lxd init` reads. */
const lists: readonly string[] = ['items', 'networks']

/** What documents hold, with the lists among them taken apart. */
export function itemsOf(documents: readonly unknown[]): unknown[] {
  return documents.flatMap((one): unknown[] => {
    if (Array.isArray(one)) return one
    const inner = isMapping(one) ? lists.map((key) => one[key]).find(Array.isArray) : undefined
    return inner ?? [one]
  })
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

function checkSize(tokens: readonly CST.Token[]): void {
  let parts = 0
  let todo: CST.Token[] = [...tokens]
  for (let depth = 0; todo.length > 0; depth += 1) {
    parts += todo.length
    if (parts > mostParts) throw unknownImport(`it has more than ${mostParts} parts`)
    if (depth > deepest) throw unknownImport(`its lists and mappings are nested more than ${deepest} deep`)
    todo = todo.flatMap(childrenOf)
  }
}

function childrenOf(token: CST.Token): CST.Token[] {
  if (token.type === 'document') return token.value ? [token.value] : []
  if (!('items' in token)) return []
  if (token.items.length > mostItems) throw unknownImport(`a list or mapping in it has more than ${mostItems} items`)
  return token.items.flatMap(({ key, value }) => [...(key ? [key] : []), ...(value ? [value] : [])])
}
