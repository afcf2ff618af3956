package dev.ancestral.server.engine;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * Runs the reverse chains of one model: one thread, which owns the batch and the denoiser.
 *
 * <pre>
 *  RUNNING --drain()--> DRAINING --close()--> STOPPED
 *     |                                          ^
 *     +-----------------close()------------------+
 * </pre>
 *
 * Draining finishes what was taken and refuses what comes. Public methods may be called from any
 * thread.
 */
public final class Engine implements AutoCloseable {
  /** More than a step of any network takes that somebody would wait for. */
  private static final Duration STEP = Duration.ofSeconds(10);

  /** For an aborted call to come back. */
  private static final Duration ABORT = Duration.ofSeconds(2);

  private final Denoiser denoiser;
  private final int elements;
  private final int predictionElements;
  private final Ticker ticker;
  private final Admission admission;
  private final BatchPlanner planner;
  private final BatchInvariance invariance;
  private final CostMeter meter;
  private final DeviceShare.Lane lane;
  private final @Nullable DeviceChain chain;
  private final int chainSteps;
  private final EngineCounters counters = new EngineCounters();
  private final float[] predictions;
  private final float[] estimate;
  private final NoiseWorker noise;
  private final Thread thread;
  private volatile boolean stopping;

  // The engine thread's alone.
  private long calls;

  private Engine(Thread thread, EngineSetup setup, Calibration calibration) {
    EngineLimits limits = setup.limits();
    this.thread = thread;
    this.denoiser = setup.denoiser();
    this.elements = denoiser.elements();
    this.predictionElements = denoiser.predictionElements();
    this.ticker = setup.ticker();
    this.lane = setup.device().lane();
    this.invariance = calibration.invariance();
    this.planner = new BatchPlanner(limits, invariance);
    int maxRows = Math.min(denoiser.maxRows(), limits.callRows());
    this.meter = new CostMeter(calibration.curve().upTo(maxRows));
    this.admission = new Admission(limits.queueRows(), limits.batching(), meter::curve);
    // Its kernels need not be the network's, and which of the two runs depends on the others.
    this.chain = limits.deterministic() ? null : denoiser.chain();
    this.chainSteps = calibration.chainSteps();
    this.predictions = new float[Math.multiplyExact(maxRows, predictionElements)];
    this.estimate = new float[elements];
    this.noise = new NoiseWorker(thread.getName() + "-noise", maxRows, elements);
  }

  /**
   * Starts an engine, and returns when it is calibrated.
   *
   * @throws DenoiserException when the network does not run
   * @throws IllegalArgumentException when the limits are more than the network takes
   */
  public static Engine start(EngineSetup setup) {
    CompletableFuture<Engine> started = new CompletableFuture<>();
    Thread thread = new Thread(() -> run(setup, started), "engine-" + setup.name());
    thread.setDaemon(true);
    thread.start();
    try {
      return started.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException failure ? failure : e;
    }
  }

  private static void run(EngineSetup setup, CompletableFuture<Engine> started) {
    try (Denoiser denoiser = setup.denoiser()) {
      if (denoiser.maxRows() < setup.limits().maxRows()) {
        throw new IllegalArgumentException(
            "max-batch: %d (expected: at most %d, what the denoiser takes)"
                .formatted(setup.limits().maxRows(), denoiser.maxRows()));
      }
      Calibration calibration = setup.calibrator().calibrate(denoiser);
      Engine engine = new Engine(Thread.currentThread(), setup, calibration);
      started.complete(engine);
      engine.run();
    } catch (RuntimeException | Error e) {
      // Too late for an engine that had started: then its requests have been told.
      if (!started.completeExceptionally(e)) {
        throw e;
      }
    }
  }

  /** Takes a request of {@linkplain Urgency#USUAL usual urgency}. */
  public Ticket submit(ChainRequest request, SampleListener listener) {
    return submit(request, Urgency.USUAL, listener);
  }

  /**
   * Takes a request. The listener may be called before this returns.
   *
   * @throws IllegalArgumentException when the plan reads a variance half that the network has not,
   *     or the request is guided and the network takes no labels, or only one row
   * @throws QueueFullException when its rows do not fit beside the others
   * @throws DeadlineException when it cannot be done in the time it has, as far as is known
   * @throws EngineStoppedException when the engine drains or has stopped
   */
  public Ticket submit(ChainRequest request, Urgency urgency, SampleListener listener) {
    if (request.plan().usesVariance() && !denoiser.predictsVariance()) {
      throw new IllegalArgumentException(
          "plan: reads a learned variance (expected: none, the network predicts none)");
    }
    if (request.guidance() != null && !(denoiser.takesLabels() && denoiser.maxRows() >= 2)) {
      throw new IllegalArgumentException(
          "guidance: given (expected: none, the network cannot run a row with and one without a label)");
    }
    Cohort cohort = new Cohort(request, urgency, listener, elements, nowMillis());
    try {
      admission.submit(cohort);
    } catch (EngineException e) {
      counters.refusal(e);
      throw e;
    }
    counters.request();
    return new Ticket(cohort, admission);
  }

  /** Rows that run or wait. */
  public int rows() {
    return admission.rows();
  }

  /** The most rows that may run and wait. */
  public int capacity() {
    return admission.capacity();
  }

  /** Refuses new requests from now on. */
  public void drain() {
    admission.close();
  }

  /** Waits until every row has left; false if the time ran out first. */
  public boolean awaitDrained(Duration timeout) throws InterruptedException {
    return admission.awaitEmpty(timeout);
  }

  /**
   * Stops at the end of the step that runs, fails what is left, and closes the denoiser. Returns
   * when all of that is done; a step that does not end is aborted, and what does not even then is
   * left to the end of the process.
   */
  @Override
  public void close() {
    stopping = true;
    admission.close();
    if (!joins(STEP)) {
      denoiser.abort();
      joins(ABORT);
    }
  }

  private boolean joins(Duration patience) {
    long end = System.nanoTime() + patience.toNanos();
    boolean interrupted = false;
    for (long left = patience.toNanos();
        thread.isAlive() && left > 0;
        left = end - System.nanoTime()) {
      try {
        // At least a millisecond: zero would wait for ever.
        thread.join(left / 1_000_000 + 1);
      } catch (InterruptedException e) {
        // The denoiser must not outlive this call; the interrupt is passed on afterwards.
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return !thread.isAlive();
  }

  /** What a call costs, as far as it is known now: what was calibrated, refined while serving. */
  public CostCurve costCurve() {
    return meter.curve();
  }

  /** What it has done so far. */
  public EngineStatistics statistics() {
    return counters.read();
  }

  /** Whether the calibration found a row's bits to be the same in any company. */
  public BatchInvariance batchInvariance() {
    return invariance;
  }

  private void run() {
    try {
      loop();
    } finally {
      admission.close();
      planner.admit(admission.drain());
      planner.abandon(new EngineStoppedException("server: stopped before the request was done"));
      release();
      lane.idle();
      noise.close();
    }
  }

  private void loop() {
    while (!stopping) {
      planner.admit(admission.drain());
      release();
      Batch batch = planner.plan(meter.curve());
      if (batch.isEmpty()) {
        lane.idle();
        admission.awaitWork();
        continue;
      }
      for (int i = 0; i < batch.size(); i++) {
        batch.get(i).begin(estimate);
      }
      int steps = steps(batch);
      if (call(batch, steps)) {
        advance(batch, steps);
      }
      // Rows are free before their request hears that it is done.
      release();
      deliver(batch);
    }
  }

  private void release() {
    int left = planner.retire();
    admission.release(left);
  }

  /** Steps of the next call; more than one are taken by the chain on the device. */
  private int steps(Batch batch) {
    if (chain == null) {
      return 1;
    }
    int most = Math.min(chainSteps, chain.maxSteps());
    return ChainLength.of(batch, most, meter.curve().millis(batch.rows().size()));
  }

  private boolean call(Batch batch, int steps) {
    if (steps == 1) {
      noise.begin(batch);
    }
    try {
      run(batch, steps);
      return true;
    } catch (DenoiserException e) {
      fail(batch, e);
    } catch (RuntimeException e) {
      fail(batch, new DenoiserException("network: " + e, e));
    } finally {
      noise.finish();
    }
    return false;
  }

  private void run(Batch batch, int steps) {
    lane.enter();
    double start = nowMillis();
    double millis = 0;
    try {
      if (chain == null || steps == 1) {
        denoiser.predict(batch.rows(), predictions);
      } else {
        chain.run(batch.trajectories(), steps);
      }
      millis = nowMillis() - start;
      meter.observe(batch.rows().size(), millis / steps);
    } finally {
      lane.leave(millis);
      counters.call(batch.rows().size(), steps, millis);
    }
  }

  private static void fail(Batch batch, DenoiserException failure) {
    for (int i = 0; i < batch.size(); i++) {
      batch.get(i).cohort().fail(failure);
    }
  }

  private void advance(Batch batch, int steps) {
    int row = 0;
    for (int i = 0; i < batch.size(); i++) {
      Trajectory trajectory = batch.get(i);
      // Another row of the same request may have failed it just now.
      if (trajectory.cohort().isAlive()) {
        if (steps == 1) {
          int offset = row * predictionElements;
          trajectory.advance(predictions, offset, predictionElements, noise.of(i));
        } else {
          trajectory.advanced(steps);
        }
      }
      row += trajectory.rowCount();
    }
    calls++;
    for (int i = 0; i < batch.size(); i++) {
      batch.get(i).cohort().countCall(calls, batch.rows().size());
    }
  }

  private void deliver(Batch batch) {
    for (int i = 0; i < batch.size(); i++) {
      if (batch.get(i).phase() == Trajectory.Phase.FINISHED) {
        counters.sample();
      }
      batch.get(i).deliver();
    }
  }

  private double nowMillis() {
    return ticker.nanos() / 1e6;
  }
}
