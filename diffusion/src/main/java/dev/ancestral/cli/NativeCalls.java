package dev.ancestral.cli;

import java.time.Duration;

/**
 * Counts the calls into native libraries that must not be running when the process ends in the
 * usual way: ONNX Runtime frees its environment in a shutdown hook, and what a call then uses is
 * gone (seen as SIGSEGV). The one door to such libraries: who goes in says {@link #begin}, who
 * comes out {@link #end}, and {@link StopSignal} ends the process when nobody is inside.
 *
 * <p>Thread-safe; no call begins inside another.
 */
public final class NativeCalls {
  private static final Object DOOR = new Object();
  private static int inside;
  private static boolean isShut;

  private NativeCalls() {}

  /** Before a call. While the process ends, this does not return. */
  public static void begin() {
    synchronized (DOOR) {
      while (isShut) {
        try {
          DOOR.wait();
        } catch (InterruptedException e) {
          // Whoever interrupts wants the thread to go on; the process ends, so there is no way on.
        }
      }
      inside++;
    }
  }

  /** After it, however it went. */
  public static void end() {
    synchronized (DOOR) {
      inside--;
      DOOR.notifyAll();
    }
  }

  /** Whether the process ends, and nobody gets in any more. */
  static boolean isShut() {
    synchronized (DOOR) {
      return isShut;
    }
  }

  /** Lets nobody in any more; returns whether everybody came out in time. */
  static boolean shut(Duration patience) {
    long end = System.nanoTime() + patience.toNanos();
    synchronized (DOOR) {
      isShut = true;
      while (inside > 0) {
        long left = end - System.nanoTime();
        if (left <= 0) {
          return false;
        }
        try {
          // At least a millisecond: zero would wait for ever.
          DOOR.wait(left / 1_000_000 + 1);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          return false;
        }
      }
      return true;
    }
  }
}
