/**
 * Loaded before the program (node --require): whatever speaks to the kernel cannot be loaded, so a test's command line
 * that gets further than it should fails and changes nothing. With MAY_READ_HOST it can be loaded, but the program
 * never takes itself for root. With TELL_ZOD it says at the end whether zod was loaded. With NO_PASSWD_ENTRY its user is
 * one that the system does not know, as in a container with any user's number.
 */
const Module = require('node:module')
const os = require('node:os')

const load = Module._load
if (process.env.MAY_READ_HOST === '1') process.geteuid = () => 65_534
else
  Module._load = (name, ...rest) => {
    if (/^(?:netlink|koffi)(?:\/|$)/.test(name)) throw new Error(`a test does not allow loading ${name}`)
    return load.call(Module, name, ...rest)
  }

if (process.env.NO_PASSWD_ENTRY === '1')
  os.userInfo = () => {
    throw new Error('uv_os_get_passwd returned ENOENT')
  }

if (process.env.TELL_ZOD === '1')
  process.on('exit', () => {
    if ('__zod_globalConfig' in globalThis) process.stderr.write('zod was loaded\n')
  })
