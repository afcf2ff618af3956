package dev.ancestral.server.engine;

/**
 * What a finished request took.
 *
 * @param calls calls of the network that it took part in
 * @param callRows rows of those calls, its own and others'
 */
public record RunStatistics(long calls, long callRows) {
  /** Mean rows of a call. */
  public double meanRows() {
    return calls == 0 ? 0 : (double) callRows / calls;
  }
}
