import { describe, expect, test } from 'vitest'
import { imported } from './imported.js'

/** As in flannel's manifest, shortened. */
const configMap = `apiVersion: v1
kind: ConfigMap
data:
  cni-conf.json: |
    {
      "name": "cbr0"
    }
  net-conf.json: |
    {
      "Network": "10.244.0.0/16",
      "Backend": {
        "Type": "vxlan"
      }
    }
metadata:
  name: kube-flannel-cfg
`
const line = 'default/24 10.244.0.0/16 --type vxlan --enable'

describe("flannel's configuration is found", () => {
  test.each([
    ['in a ConfigMap', configMap],
    [
      'in a manifest with other documents',
      `kind: Namespace\n---\n# its rights\nkind: ClusterRole\n---\n${configMap}---\n---\n`,
    ],
    ['in a list of kubectl', `kind: List\nitems:\n- ${configMap.trim().replaceAll('\n', '\n  ')}\n- kind: Secret\n`],
    ['with lines of Windows', configMap.replaceAll('\n', '\r\n')],
    [
      'in JSON of kubectl',
      JSON.stringify({ kind: 'ConfigMap', data: { 'net-conf.json': '{"Network":"10.244.0.0/16"}' } }),
    ],
    ['folded', 'data:\n  net-conf.json: >-\n    {"Network":\n    "10.244.0.0/16"}\n'],
    [
      'in quotes, as kubectl prints it',
      String.raw`data: { net-conf.json: "{\n  \"Network\": \"10.244.0.0/16\"\n}\n" }`,
    ],
    ['in flow style', 'data: {net-conf.json: \'{"Network": "10.244.0.0/16"}\'}'],
    ['with an anchor', 'x: &conf |\n  {"Network": "10.244.0.0/16"}\ndata:\n  net-conf.json: *conf\n'],
    ['as YAML', '# of us\nNetwork: 10.244.0.0/16 # of the pods\nBackend: {Type: vxlan}\n'],
    ['with a merged mapping', 'x: &x\n  Network: 10.244.0.0/16\n---\nNetwork: 10.244.0.0/16\n'],
    ['indented with tabs', '{\n\t"Network": "10.244.0.0/16",\n\t"Backend": {\n\t\t"Type": "vxlan"\n\t}\n}\n'],
  ])('%s', (_, text) => {
    expect(imported(text)).toMatchObject({ from: 'flannel', lines: [line] })
  })

  test('merged from another mapping', () => {
    const text =
      'data:\n  net-conf.json: |\n    x: &x {Type: vxlan, VNI: 7}\n    Network: 10.244.0.0/16\n    Backend: {<<: *x, VNI: 8}\n'
    expect(imported(text).lines).toEqual(['default/24 10.244.0.0/16 --type vxlan --vni 8 --enable'])
  })

  test('more than once, and what is IPv6 is named', () => {
    const texts = ['10.244.0.0/16', 'fd00::/48', '10.5.0.0/16'].map((network) => `Network: ${network}\n`)
    const { lines, notes } = imported([...texts, 'EnableIPv4: false\nIPv6Network: fd01::/48\n'].join('---\n'))
    expect(lines).toEqual([line, 'default/24 10.5.0.0/16 --type vxlan --enable'])
    expect(notes).toContain('Network fd00::/48: fans are IPv4 only')
    expect(notes).toContain('IPv6Network fd01::/48: fans are IPv4 only')
  })
})

test('what is wrong in net-conf.json is said with its place there', () => {
  const text =
    'data:\n  net-conf.json: |\n    {\n      "Network": "10.244.0.0/16",\n      "Network": "10.5.0.0/16"\n    }\n'
  expect(() => imported(text)).toThrow(
    'net-conf.json is neither YAML nor JSON at line 3, column 3: Map keys must be unique',
  )
})

test.each([
  ['{"Network":"10.5.0.0/16","Backend":"vxlan"}', "Backend of flannel's configuration is not a mapping"],
  ['{"Network":"10.5.0.0/16","Backend":{"VNI":[1]}}', "Backend.VNI of flannel's configuration is not a single value"],
])('%s is refused', (text, problem) => {
  expect(() => imported(text)).toThrow(problem)
})
