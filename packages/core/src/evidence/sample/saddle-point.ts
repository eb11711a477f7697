/**
 * Terms of the Poisson, binomial and hypergeometric distributions that stay exact where factorials are astronomical, after
 * C. Loader, Fast and Accurate Computation of Binomial Probabilities (2000), as R has them. Arguments are whole numbers
 * except means and probabilities.
 */

/** The logarithm of P(X = x) for a Poisson variable. `mean` > 0. */
export const logPoisson = (x: number, mean: number): number =>
  x === 0 ? -mean : -stirlingError(x) - deviance(x, mean) - Math.log(2 * Math.PI * x) / 2

/** The logarithm of P(X = x): `x` of the sample of `sampled` are among the `marked` of `population`. `x` must be possible. */
export const logHypergeometric = (x: number, population: number, marked: number, sampled: number): number => {
  const p = sampled / population
  const q = (population - sampled) / population
  return (
    logBinomial(x, marked, p, q) +
    logBinomial(sampled - x, population - marked, p, q) -
    logBinomial(sampled, population, p, q)
  )
}

/** The logarithm of P(X = x) for `n` trials; `q` is 1 - `p`, given so that neither is rounded away. */
const logBinomial = (x: number, n: number, p: number, q: number): number => {
  if (n === 0) return 0
  if (x === 0) return p < 0.1 ? -deviance(n, n * q) - n * p : n * Math.log(q)
  if (x === n) return q < 0.1 ? -deviance(n, n * p) - n * q : n * Math.log(p)
  const errors = stirlingError(n) - stirlingError(x) - stirlingError(n - x)
  const spread = Math.log(2 * Math.PI) + Math.log(x) + Math.log1p(-x / n)
  return errors - deviance(x, n * p) - deviance(n - x, n * q) - spread / 2
}

/** `x log(x / mean) + mean - x`, without losing digits where `x` is near `mean`. */
const deviance = (x: number, mean: number): number => {
  const difference = x - mean
  if (Math.abs(difference) >= 0.1 * (x + mean)) return x * Math.log(x / mean) + mean - x
  const ratio = difference / (x + mean)
  let sum = difference * ratio
  let term = 2 * x * ratio
  for (let j = 1; ; j++) {
    term *= ratio * ratio
    const next = sum + term / (2 * j + 1)
    if (next === sum) return sum
    sum = next
  }
}

/** What Stirling's formula misses of log(n!). `n` >= 1. */
const stirlingError = (n: number): number => {
  if (n <= SMALL) {
    let factorial = 1
    for (let i = 2; i <= n; i++) factorial *= i
    return Math.log(factorial) - (n + 0.5) * Math.log(n) + n - Math.log(2 * Math.PI) / 2
  }
  const square = n * n
  return (1 / 12 - (1 / 360 - (1 / 1_260 - (1 / 1_680 - 1 / 1_188 / square) / square) / square) / square) / n
}

/** Up to here factorials are exact; beyond, the series is. */
const SMALL = 15
