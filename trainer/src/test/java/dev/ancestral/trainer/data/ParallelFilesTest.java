package dev.ancestral.trainer.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InterruptedIOException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ParallelFilesTest {
  @Test
  void interrupted_itEndsWithTheFileAtWork_andIsWaitedFor() {
    Thread caller = Thread.currentThread();
    AtomicInteger begun = new AtomicInteger();
    AtomicBoolean ended = new AtomicBoolean();
    AtomicBoolean returned = new AtomicBoolean();
    try (DecodingProgress progress = new DecodingProgress("reading", Opening.QUIET.out(), 1000)) {
      assertThrows(
          InterruptedIOException.class,
          () ->
              ParallelFiles.forEach(
                  new int[1000],
                  1,
                  number -> {
                    if (begun.incrementAndGet() == 1) {
                      caller.interrupt();
                      // Until this is waited for: with a limit, unlike for a file that is at work.
                      while (caller.getState() != Thread.State.TIMED_WAITING && !returned.get()) {
                        Thread.onSpinWait();
                      }
                      ended.set(true);
                    }
                  },
                  progress));
      boolean waitedFor = ended.get();
      returned.set(true);
      assertTrue(Thread.interrupted(), "the caller still knows");
      assertTrue(waitedFor);
      assertEquals(1, begun.get());
    }
  }
}
