/** What the firewall drops, counted by what is wrong with it. */

/**
 * `forged`: a tunnel packet that no tunnel of this host made, or that came in where its sender is not. `martian`: a source
 * that cannot come from there. `dhcp`: a question to the DHCP server from outside its slice. `excess`: more than one fan
 * may take of what the whole host shares.
 */
export const dropReasons = ['forged', 'martian', 'dhcp', 'excess'] as const
export type DropReason = (typeof dropReasons)[number]

/** What people read. */
export const dropNames: Readonly<Record<DropReason, string>> = {
  forged: 'Forged',
  martian: 'Martian',
  dhcp: 'DHCP',
  excess: 'Excess',
}

/** Packets of one fan since its table was written. */
export type Drops = Readonly<Record<DropReason, number>>
