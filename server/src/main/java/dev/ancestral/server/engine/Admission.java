package dev.ancestral.server.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The door: counts the rows that run or wait and refuses what does not fit. The only object of the
 * engine that several threads touch; every field is guarded by the lock.
 *
 * <p>Invariant: 0 ≤ rows ≤ capacity.
 */
final class Admission {
  private final int capacity;
  private final Pace pace;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition work = lock.newCondition();
  private final Condition empty = lock.newCondition();
  private List<Cohort> arrivals = new ArrayList<>();
  private int rows;

  /** Steps to come of all rows. */
  private long steps;

  private boolean signalled;
  private boolean closed;

  Admission(int capacity, Pace pace) {
    this.capacity = capacity;
    this.pace = pace;
  }

  /**
   * Takes the cohort's rows, all or none.
   *
   * @throws QueueFullException when they do not fit
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
        Duration retryAfter = pace.until(asked - (capacity - rows), rows, steps);
        throw new QueueFullException(asked, rows, capacity, retryAfter);
      }
      rows += asked;
      steps += cohort.stepsLeft();
      arrivals.add(cohort);
      signalled = true;
      work.signal();
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

  /**
   * Rows that left.
   *
   * @param stepsLeft steps to come of the drained rows that did not leave
   */
  void release(int left, long stepsLeft) {
    lock.lock();
    try {
      rows -= left;
      steps = stepsLeft;
      for (Cohort arrival : arrivals) {
        steps += arrival.stepsLeft();
      }
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
