package dev.ancestral.server.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * The door: counts the rows that run or wait and refuses what does not fit. The only object of the
 * engine that several threads touch; every field is guarded by the lock.
 *
 * <p>Invariant: 0 ≤ rows ≤ capacity.
 */
final class Admission {
  private final int capacity;
  private final Batching batching;
  private final Supplier<CostCurve> curve;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition work = lock.newCondition();
  private final Condition empty = lock.newCondition();
  private List<Cohort> arrivals = new ArrayList<>();

  /** Whose rows run or wait. */
  private final List<Cohort> present = new ArrayList<>();

  private int rows;
  private boolean signalled;
  private boolean closed;

  /**
   * An empty queue.
   *
   * @param capacity the most rows
   * @param batching what decides when a request is done
   * @param curve what calls cost, as it is known when a request comes
   */
  Admission(int capacity, Batching batching, Supplier<CostCurve> curve) {
    this.capacity = capacity;
    this.batching = batching;
    this.curve = curve;
  }

  /**
   * Takes the cohort's rows, all or none.
   *
   * @throws QueueFullException when they do not fit
   * @throws DeadlineException when they cannot be done in the time that the request has
   * @throws EngineStoppedException after {@link #close()}
   */
  void submit(Cohort cohort) {
    int asked = cohort.request().samples();
    lock.lock();
    try {
      if (closed) {
        throw new EngineStoppedException("server: draining, takes no new requests");
      }
      // Subtracting cannot overflow; adding could.
      if (asked > capacity - rows) {
        long steps = present.stream().mapToLong(Cohort::stepsLeft).sum();
        Duration retryAfter =
            RetryDelay.estimate(curve.get(), asked - (capacity - rows), rows, steps);
        throw new QueueFullException(asked, rows, capacity, retryAfter);
      }
      checkDeadline(cohort);
      rows += asked;
      arrivals.add(cohort);
      present.add(cohort);
      signalled = true;
      work.signal();
    } finally {
      lock.unlock();
    }
  }

  private void checkDeadline(Cohort cohort) {
    Duration within = cohort.urgency().within();
    CostCurve known = curve.get();
    if (within == null || !known.isMeasured()) {
      return;
    }
    Duration estimate = CompletionEstimate.of(known, batching, present, cohort);
    if (estimate.compareTo(within) > 0) {
      throw new DeadlineException(within, estimate);
    }
  }

  /** Where one that was taken stands. */
  Standing standing(Cohort cohort) {
    lock.lock();
    try {
      return CompletionEstimate.standing(curve.get(), batching, present, cohort);
    } finally {
      lock.unlock();
    }
  }

  /** What arrived since the last call, in order. */
  List<Cohort> drain() {
    lock.lock();
    try {
      if (arrivals.isEmpty()) {
        return List.of();
      }
      List<Cohort> drained = arrivals;
      arrivals = new ArrayList<>();
      return drained;
    } finally {
      lock.unlock();
    }
  }

  /** So many rows left; with its last ones a request leaves. */
  void release(int left) {
    if (left == 0) {
      return;
    }
    lock.lock();
    try {
      rows -= left;
      present.removeIf(cohort -> cohort.stepsLeft() == 0);
      assert rows >= 0 : rows;
      if (rows == 0) {
        empty.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Something changed that the engine should look at. */
  void signal() {
    lock.lock();
    try {
      signalled = true;
      work.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Waits for a signal; one that came since the last wait counts, so none is lost. */
  void awaitWork() {
    lock.lock();
    try {
      while (!signalled) {
        work.awaitUninterruptibly();
      }
      signalled = false;
    } finally {
      lock.unlock();
    }
  }

  /** Refuses whatever comes; what was taken stays. */
  void close() {
    lock.lock();
    try {
      closed = true;
      signalled = true;
      work.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until no row runs or waits; false when the time ran out first. */
  boolean awaitEmpty(Duration timeout) throws InterruptedException {
    lock.lock();
    try {
      long nanos = timeout.toNanos();
      while (rows > 0) {
        if (nanos <= 0) {
          return false;
        }
        nanos = empty.awaitNanos(nanos);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  int rows() {
    lock.lock();
    try {
      return rows;
    } finally {
      lock.unlock();
    }
  }

  int capacity() {
    return capacity;
  }
}
