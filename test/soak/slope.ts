/**
 * How much a series grows from one value to the next: the median of the slopes between all pairs (Theil and Sen), which
 * single jumps, as other programs make them, do not move. Long series are thinned first.
 */
export function slopeOf(series: readonly number[]): number {
  const stride = Math.ceil(series.length / 500)
  const points = series.map((value, at) => ({ at, value })).filter(({ at }) => at % stride === 0)
  const slopes = points.flatMap((one, index) =>
    points.slice(index + 1).map((other) => (other.value - one.value) / (other.at - one.at)),
  )
  slopes.sort((a, b) => a - b)
  return slopes[Math.floor(slopes.length / 2)] ?? 0
}
