package dev.ancestral.server.engine;

import java.time.Duration;
import java.util.List;

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
  private final Denoiser denoiser;
  private final int elements;
  private final int predictionElements;
  private final Ticker ticker;
  private final Pace pace;
  private final Admission admission;
  private final BatchPlanner planner;
  private final float[] predictions;
  private final Trajectory.Scratch scratch;
  private final Thread thread;
  private volatile boolean stopping;

  private Engine(String name, Denoiser denoiser, EngineLimits limits, Ticker ticker) {
    if (denoiser.maxRows() < limits.maxRows()) {
      throw new IllegalArgumentException(
          "max-batch: %d (expected: at most %d, what the denoiser takes)"
              .formatted(limits.maxRows(), denoiser.maxRows()));
    }
    this.denoiser = denoiser;
    this.elements = denoiser.elements();
    this.predictionElements = denoiser.predictionElements();
    this.ticker = ticker;
    this.pace = new Pace(limits);
    this.admission = new Admission(limits.queueRows(), pace);
    this.planner = new BatchPlanner(limits);
    this.predictions = new float[Math.multiplyExact(limits.maxRows(), predictionElements)];
    this.scratch = new Trajectory.Scratch(elements);
    this.thread = new Thread(this::run, "engine-" + name);
    this.thread.setDaemon(true);
  }

  /**
   * Starts an engine. It owns the denoiser from here on, and closes it on its own thread.
   *
   * @param name for the thread
   * @param ticker measures how long calls of the network take
   */
  public static Engine start(String name, Denoiser denoiser, EngineLimits limits, Ticker ticker) {
    Engine engine = new Engine(name, denoiser, limits, ticker);
    engine.thread.start();
    return engine;
  }

  /**
   * Takes a request. The listener may be called before this returns.
   *
   * @throws IllegalArgumentException when the plan reads a variance half that the network has not
   * @throws QueueFullException when its rows do not fit beside the others
   * @throws EngineStoppedException when the engine drains or has stopped
   */
  public Ticket submit(ChainRequest request, SampleListener listener) {
    if (request.plan().usesVariance() && !denoiser.predictsVariance()) {
      throw new IllegalArgumentException(
          "plan: reads a learned variance (expected: none, the network predicts none)");
    }
    Cohort cohort = new Cohort(request, listener, elements);
    admission.submit(cohort);
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
   * when all of that is done.
   */
  @Override
  public void close() {
    stopping = true;
    admission.close();
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        // The denoiser must not outlive this call; the interrupt is passed on afterwards.
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try (denoiser) {
      loop();
    } finally {
      admission.close();
      planner.admit(admission.drain());
      planner.abandon(new EngineStoppedException("server: stopped before the request was done"));
      release();
    }
  }

  private void loop() {
    while (!stopping) {
      planner.admit(admission.drain());
      release();
      List<Trajectory> batch = planner.plan();
      if (batch.isEmpty()) {
        admission.awaitWork();
        continue;
      }
      long begun = ticker.nanos();
      if (predict(batch)) {
        advance(batch);
      }
      pace.measured(ticker.nanos() - begun);
      // Rows are free before their request hears that it is done.
      release();
      batch.forEach(Trajectory::deliver);
    }
  }

  private void release() {
    int left = planner.retire();
    admission.release(left, planner.stepsLeft());
  }

  private boolean predict(List<Trajectory> batch) {
    for (Trajectory trajectory : batch) {
      trajectory.begin(scratch);
    }
    try {
      denoiser.predict(batch, predictions);
      return true;
    } catch (DenoiserException e) {
      batch.forEach(trajectory -> trajectory.cohort().fail(e));
    } catch (RuntimeException e) {
      DenoiserException failure = new DenoiserException("network: " + e, e);
      batch.forEach(trajectory -> trajectory.cohort().fail(failure));
    }
    return false;
  }

  private void advance(List<Trajectory> batch) {
    for (int i = 0; i < batch.size(); i++) {
      Trajectory trajectory = batch.get(i);
      // Another row of the same request may have failed it just now.
      if (trajectory.cohort().isAlive()) {
        trajectory.advance(predictions, i * predictionElements, scratch);
      }
    }
    batch.stream()
        .map(Trajectory::cohort)
        .distinct()
        .forEach(cohort -> cohort.countCall(batch.size()));
  }
}
