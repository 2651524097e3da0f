/** fanctl's nftables table, replaced as a whole. */
import type { ObjectType } from './object.js'

export const firewall: ObjectType<'firewall'> = {
  words: { add: 'set-firewall' },
  changes: ({ firewall: after }, { firewall: before }) =>
    before?.rules.join() === after?.rules.join() ? [] : [{ object: 'firewall', before, after }],
  describe: ({ before, after }) => {
    if (!after) return ['nft delete table inet fanctl']
    const old = before ? ['delete table inet fanctl'] : []
    return [`nft -f - <<'EOF'`, ...old, ...after.text.trimEnd().split('\n'), 'EOF']
  },
  repair: {
    kind: 'firewall',
    nameOf: () => '',
    isOfAllFans: true,
    tell: (all) => all.map(({ before }) => `${before ? 'corrected' : 'restored'} the nftables table inet fanctl`),
  },
}
