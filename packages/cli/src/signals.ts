/** Exit codes of the signals that end a run: 128 + the number of the signal. */
const SIGNALS = { SIGINT: 130, SIGTERM: 143 } as const

export interface Interrupts {
  /** Aborts at the first SIGINT or SIGTERM. */
  readonly signal: AbortSignal
  /** The exit code of the signal that came, if one came. */
  exitCode(): 130 | 143 | undefined
  /** Stops listening. */
  dispose(): void
}

/**
 * Listens for Ctrl-C and for being terminated. The first signal aborts, so that the run ends in order and its partial
 * report can be printed; the second ends the process at once.
 */
export const listenForInterrupts = (): Interrupts => {
  const controller = new AbortController()
  let code: 130 | 143 | undefined
  const interrupt = (name: keyof typeof SIGNALS): void => {
    if (code !== undefined) process.exit(SIGNALS[name])
    code = SIGNALS[name]
    controller.abort(new DOMException(`interrupted by ${name}`, 'AbortError'))
  }
  process.on('SIGINT', interrupt)
  process.on('SIGTERM', interrupt)
  return {
    signal: controller.signal,
    exitCode: () => code,
    dispose: () => {
      process.off('SIGINT', interrupt)
      process.off('SIGTERM', interrupt)
    },
  }
}
