/** Numbers that several parts of rtnetlink share (include/uapi/linux/rtnetlink.h, include/linux/socket.h). */

export const families = { unspecified: 0, inet: 2, bridge: 7 } as const

/** Types of messages. A request to list and its answers have those of `get` and `new`. */
export const messages = {
  newLink: 16,
  delLink: 17,
  getLink: 18,
  newAddress: 20,
  delAddress: 21,
  getAddress: 22,
  newRoute: 24,
  delRoute: 25,
  getRoute: 26,
  newNeighbour: 28,
  delNeighbour: 29,
  getNeighbour: 30,
  newQdisc: 36,
  delQdisc: 37,
  getQdisc: 38,
  newFilter: 44,
  delFilter: 45,
  getFilter: 46,
  getNamespaceId: 90,
  delLinkProperty: 109,
  // Since Linux 5.18.
  newTunnel: 120,
  delTunnel: 121,
  getTunnel: 122,
} as const

/** RT_TABLE_MAIN */
export const mainTable = 254

/** NUD_PERMANENT */
export const permanent = 0x80
