/**
 * Loads a bundle with the machine code that V8 kept when it was built, which saves compiling it at every start.
 * Node 22 has module.enableCompileCache for this; 18 and 20 do not. V8 refuses a cache of another version or made from
 * another text, and then compiles as ever.
 */
const { existsSync, readFileSync } = require('node:fs')
const Module = require('node:module')
const { dirname } = require('node:path')
const { Script } = require('node:vm')

/** The exports of the bundle at `path`, and a function that gives the cache for its next start. */
exports.load = (path) => {
  const text = readFileSync(path, 'utf8')
  const kept = `${path}.cache`
  const script = new Script(Module.wrap(text), {
    filename: path,
    ...(existsSync(kept) && { cachedData: readFileSync(kept) }),
  })
  const module = new Module(path)
  module.filename = path
  module.paths = Module._nodeModulePaths(dirname(path))
  // oclif asks for the bundle again, by its path, to find the commands.
  require.cache[path] = module
  script.runInThisContext()(module.exports, module.require.bind(module), module, path, dirname(path))
  module.loaded = true
  return { exports: module.exports, cache: () => script.createCachedData() }
}
