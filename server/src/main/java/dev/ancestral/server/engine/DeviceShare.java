package dev.ancestral.server.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The device that several engines share: one call of a network at a time, which then has all of it
 * and takes as long as was measured.
 *
 * <p>Of the engines that have work, the one whose calls have taken the least time so far goes first
 * (start-time fair queueing, Goyal et al. 1996), so all get equal shares of time, however long
 * their calls are. For an engine that is between two calls, which takes a moment, the device waits:
 * otherwise calls would alternate, and a small network be as slow as a large one beside it. An
 * engine that was idle has saved nothing up.
 *
 * <p>Thread-safe; every field is guarded by the lock.
 */
public final class DeviceShare {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition free = lock.newCondition();

  /** Those that have work and no call that runs. */
  private final List<Lane> contenders = new ArrayList<>();

  private boolean busy;

  /** The time that the engine had had whose call began last. */
  private double begunAt;

  /**
   * One engine's way to the device.
   *
   * <pre>
   * IDLE --enter--> WAITING --its turn--> RUNNING --leave--> BETWEEN --enter--> WAITING
   *   ^                                                         |
   *   +-------------------------idle----------------------------+
   * </pre>
   *
   * Waiting and between calls it contends: nobody goes before it who had more time.
   */
  final class Lane {
    private double usedMillis;
    private boolean isWaiting;

    /** Waits for the device, and has it until {@link #leave}. */
    void enter() {
      lock.lock();
      try {
        usedMillis = Math.max(usedMillis, begunAt);
        if (!contenders.contains(this)) {
          contenders.add(this);
        }
        isWaiting = true;
        while (busy || first() != this) {
          free.awaitUninterruptibly();
        }
        isWaiting = false;
        contenders.remove(this);
        busy = true;
        begunAt = usedMillis;
      } finally {
        lock.unlock();
      }
    }

    /** Gives the device up, after a call that took so long; there is more work, or soon idle. */
    void leave(double millis) {
      lock.lock();
      try {
        usedMillis += millis;
        busy = false;
        contenders.add(this);
        free.signalAll();
      } finally {
        lock.unlock();
      }
    }

    /** There is no work: the device waits for this engine no longer. */
    void idle() {
      lock.lock();
      try {
        contenders.remove(this);
        free.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  Lane lane() {
    return new Lane();
  }

  /** Engines that wait for their turn. */
  int waiting() {
    lock.lock();
    try {
      return (int) contenders.stream().filter(lane -> lane.isWaiting).count();
    } finally {
      lock.unlock();
    }
  }

  private Lane first() {
    Lane first = contenders.get(0);
    for (int i = 1; i < contenders.size(); i++) {
      if (contenders.get(i).usedMillis < first.usedMillis) {
        first = contenders.get(i);
      }
    }
    return first;
  }
}
