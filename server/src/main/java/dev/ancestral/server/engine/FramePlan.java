package dev.ancestral.server.engine;

import java.util.BitSet;
import java.util.Collection;

/**
 * Which intermediate states a request wants. Immutable.
 *
 * <p>Frame s is the state with s steps behind it: 0 is x_T, N is x_0.
 */
public final class FramePlan {
  /** No frames. */
  public static final FramePlan NONE = new FramePlan(new BitSet(), false, false);

  private final BitSet steps;
  private final boolean state;
  private final boolean estimate;

  private FramePlan(BitSet steps, boolean state, boolean estimate) {
    this.steps = steps;
    this.state = state;
    this.estimate = estimate;
  }

  /** Frame 0, one after every {@code every} steps, and frame {@code length}. */
  public static FramePlan every(int every, int length, boolean state, boolean estimate) {
    BitSet steps = new BitSet();
    for (int step = 0; step < length; step += every) {
      steps.set(step);
    }
    steps.set(length);
    return new FramePlan(steps, state, estimate);
  }

  /** {@code count} frames, at least 2, evenly from frame 0 to frame {@code length}. */
  public static FramePlan count(int count, int length, boolean state, boolean estimate) {
    BitSet steps = new BitSet();
    for (int i = 0; i < count; i++) {
      steps.set((int) Math.rint((double) i * length / (count - 1)));
    }
    return new FramePlan(steps, state, estimate);
  }

  /** The frames that have this many steps behind them. */
  public static FramePlan at(Collection<Integer> wanted, boolean state, boolean estimate) {
    BitSet steps = new BitSet();
    wanted.forEach(steps::set);
    return new FramePlan(steps, state, estimate);
  }

  /** Whether the state with this many steps behind it is wanted. */
  public boolean includes(int step) {
    return steps.get(step);
  }

  /** The next step after this one whose state is wanted; {@code length} if there is none before. */
  int next(int step, int length) {
    int wanted = steps.nextSetBit(step + 1);
    return wanted < 0 ? length : Math.min(wanted, length);
  }

  /** How many frames each sample has. */
  public int size() {
    return steps.cardinality();
  }

  /** Whether frames hold x_t. Frame 0 always does. */
  boolean state() {
    return state;
  }

  /** Whether frames hold the estimate of x_0. Frame 0 never does: no step made one. */
  boolean estimate() {
    return estimate;
  }
}
