package dev.ancestral.server.engine;

import dev.ancestral.diffusion.sampler.Guidance;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;

/**
 * The trajectories of one request. They come into being a window at a time, so that a request of
 * ten thousand samples holds no more states than it can use.
 *
 * <p>Belongs to the engine's thread, but for {@link #cancel()} and what it says of its work, which
 * is read at the door. A listener that throws ends its own request alone.
 */
final class Cohort {
  private static final Logger LOG = System.getLogger(Cohort.class.getName());

  private final ChainRequest request;
  private final Urgency urgency;
  private final SampleListener listener;
  private final int elements;
  private final double arrivedMillis;
  private final ThreadOwner owner = new ThreadOwner("cohort");
  private final List<Trajectory> open = new ArrayList<>();
  private volatile boolean cancelled;
  private boolean begun;
  private int opened;
  private int finished;
  private int delivered;

  // Written by the engine's thread alone, read at the door too.
  private volatile boolean ended;
  private volatile long stepsDone;

  private long lastCall;
  private long calls;
  private long callRows;

  /**
   * A request that has come.
   *
   * @param elements floats in one sample
   * @param arrivedMillis when it came, by the engine's clock
   */
  Cohort(
      ChainRequest request,
      Urgency urgency,
      SampleListener listener,
      int elements,
      double arrivedMillis) {
    this.request = request;
    this.urgency = urgency;
    this.listener = listener;
    this.elements = elements;
    this.arrivedMillis = arrivedMillis;
  }

  ChainRequest request() {
    return request;
  }

  int elements() {
    return elements;
  }

  /** From any thread: the request is given up. */
  void cancel() {
    cancelled = true;
  }

  /** Whether its rows still have a reason to run. */
  boolean isAlive() {
    return !cancelled && !ended;
  }

  Urgency urgency() {
    return urgency;
  }

  int priority() {
    return urgency.priority();
  }

  double arrivedMillis() {
    return arrivedMillis;
  }

  /** Rows of one sample, but for a sample with the null label, which is not guided. */
  int rowsPerSample() {
    Guidance guidance = request.guidance();
    return guidance != null && guidance.weight() != 1 ? 2 : 1;
  }

  /** Steps that its samples have before them; none once it ended. From any thread. */
  long stepsLeft() {
    return isAlive() ? (long) request.samples() * request.plan().length() - stepsDone : 0;
  }

  /** As {@link #stepsLeft()}, each for every row. */
  long rowStepsLeft() {
    return stepsLeft() * rowsPerSample();
  }

  /** Rows times steps that are behind it. From any thread. */
  long rowStepsDone() {
    return stepsDone * rowsPerSample();
  }

  /**
   * The trajectories that could take a step now, in the order of their samples; opens new ones as
   * far as the window goes.
   */
  List<Trajectory> steppable(int window) {
    try {
      if (!isAlive() || !listener.mayStep()) {
        return List.of();
      }
      // Of the finished, those not yet sent take up the window too.
      int sent = delivered - listener.undelivered();
      int limit = (int) Math.min(request.samples(), (long) sent + window);
      while (opened < limit) {
        open.add(new Trajectory(this, opened++));
      }
      return open;
    } catch (RuntimeException e) {
      fail(new ListenerException(e));
      return List.of();
    }
  }

  /** Drops what finished, or everything if the request ended; returns the rows that left. */
  int retire() {
    owner.check();
    if (!isAlive()) {
      int left = request.samples() - finished;
      finished = request.samples();
      open.forEach(Trajectory::drop);
      open.clear();
      return left;
    }
    int before = open.size();
    open.removeIf(trajectory -> trajectory.phase() == Trajectory.Phase.FINISHED);
    int left = before - open.size();
    finished += left;
    return left;
  }

  /** Whether no row is left. */
  boolean isRetired() {
    return finished == request.samples();
  }

  void begin() {
    if (!begun) {
      begun = true;
      tell(listener::onBegin);
    }
  }

  void frame(int index, int step, double timestep, float[] state, float[] estimate) {
    FramePlan frames = request.frames();
    if (isAlive() && frames.includes(step)) {
      boolean first = step == 0;
      // Copies: the state moves on, and the estimate's array is shared by all rows.
      float[] stateCopy = first || frames.state() ? state.clone() : null;
      float[] estimateCopy = !first && frames.estimate() ? estimate.clone() : null;
      tell(() -> listener.onFrame(index, step, timestep, stateCopy, estimateCopy));
    }
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // One thread writes.
  void countSteps(int steps) {
    stepsDone += steps;
  }

  /** After a call of the network in which this request had rows; once or more for each call. */
  void countCall(long call, int rows) {
    if (call == lastCall) {
      return;
    }
    lastCall = call;
    calls++;
    callRows += rows;
    if (isAlive()) {
      long total = (long) request.samples() * request.plan().length();
      // After each call of the network: not worth a lambda.
      try {
        listener.onProgress(stepsDone, total);
      } catch (RuntimeException e) {
        fail(new ListenerException(e));
      }
    }
  }

  void deliver(int index, float[] data) {
    owner.check();
    if (!isAlive()) {
      return;
    }
    delivered++;
    tell(() -> listener.onSample(index, data));
    if (delivered == request.samples() && isAlive()) {
      tell(() -> listener.onDone(new RunStatistics(calls, callRows)));
      ended = true;
    }
  }

  /** Ends the request; its rows leave at the end of the step. */
  void fail(EngineException failure) {
    owner.check();
    if (isAlive()) {
      ended = true;
      try {
        listener.onFailure(failure);
      } catch (RuntimeException e) {
        // Nobody is left to tell, and the other requests go on.
        LOG.log(Level.ERROR, "a listener failed to take a failure", e);
      }
    }
  }

  private void tell(Runnable event) {
    try {
      event.run();
    } catch (RuntimeException e) {
      fail(new ListenerException(e));
    }
  }
}
