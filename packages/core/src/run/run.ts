/**
 * A run of an engine: cold (nothing starts before the first `next()` or `report()`), for a single consumer.
 *
 * Iterating yields pages of findings as they come, in order. Leaving the loop early cancels the run, and its report
 * says incomplete. When the run's signal aborts, iterating rejects with `signal.reason`.
 *
 * `report()` drains what was not consumed and resolves with the report; also after a cancellation (then marked
 * incomplete), and after a listing failed half way (then incomplete, with the error). It rejects when nothing could be
 * started (a root that does not exist), and on `contract` and `internal` errors, after which no report can be trusted.
 */
export interface Run<F, R> extends AsyncIterable<readonly F[]> {
  report(): Promise<R>
}

/** A run that can be planned first. */
export interface PlannedRun<F, R, P> extends Run<F, R> {
  /**
   * What the run would do, before it does: sides are described and listed, nothing is read. The run can be started afterwards, or
   * never. Rejects with `signal.reason` on abort, and with what a side that cannot be listed to its end says.
   */
  plan(): Promise<P>
}
