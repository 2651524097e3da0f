/** Who computes the outer destination, in the order in which they are preferred. */
export const steeringNames = ['ebpf', 'fan-map', 'routes'] as const

export type SteeringName = (typeof steeringNames)[number]
