/**
 * How much a series grows from one value to the next: the median of the slopes between all pairs (Theil and Sen), which
 * single jumps, as other programs make them, do not move.
 */
export function slopeOf(series: readonly number[]): number {
  const points = series.map((value, at) => ({ at, value }))
  const slopes = points.flatMap((one, index) =>
    points.slice(index + 1).map((other) => (other.value - one.value) / (other.at - one.at)),
  )
  slopes.sort((a, b) => a - b)
  return slopes[Math.floor(slopes.length / 2)] ?? 0
}
