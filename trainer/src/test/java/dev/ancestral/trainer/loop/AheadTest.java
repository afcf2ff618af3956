package dev.ancestral.trainer.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class AheadTest {
  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7})
  void valuesComeInOrder_whoeverMakesThem(int threads) {
    try (Ahead<Integer> ahead = new Ahead<>(number -> 10 * number, threads, threads + 1)) {
      for (int number = 1; number <= 50; number++) {
        assertEquals(10 * number, ahead.take(number));
      }
      assertEquals(70, ahead.take(7), "going back, as a restored run does");
      assertEquals(80, ahead.take(8));
    }
  }

  @Test
  void theNextOnesAreMadeBeforeTheyAreAskedFor_boundedly() {
    Set<Integer> made = ConcurrentHashMap.newKeySet();
    CountDownLatch third = new CountDownLatch(3);
    try (Ahead<Integer> ahead =
        new Ahead<>(
            number -> {
              made.add(number);
              third.countDown();
              return number;
            },
            1,
            2)) {
      assertTrue(made.isEmpty(), "nothing before the first is asked for");
      ahead.take(1);
      await(third);
    }
    // Closing waits for what runs, so nothing is added any more.
    assertEquals(Set.of(1, 2, 3), made);
  }

  @Test
  void whatTheMakerThrowsReachesTheTaker_atItsNumber() {
    IllegalArgumentException wrong = new IllegalArgumentException("b.png: is cut");
    OutOfMemoryError full = new OutOfMemoryError();
    try (Ahead<Integer> ahead =
        new Ahead<>(
            number -> {
              if (number == 2) {
                throw wrong;
              }
              if (number == 3) {
                throw full;
              }
              return number;
            },
            2,
            3)) {
      assertEquals(1, ahead.take(1));
      assertSame(wrong, assertThrows(IllegalArgumentException.class, () -> ahead.take(2)));
      assertSame(full, assertThrows(OutOfMemoryError.class, () -> ahead.take(3)));
    }
  }

  @Test
  void closing_waitsForWhoIsAtWork() {
    CountDownLatch begun = new CountDownLatch(1);
    AtomicBoolean ended = new AtomicBoolean();
    AtomicInteger asked = new AtomicInteger();
    Ahead<Integer> ahead =
        new Ahead<>(
            number -> {
              if (number == 1) {
                return number;
              }
              asked.incrementAndGet();
              begun.countDown();
              // Ends when it is interrupted, which only closing does.
              CountDownLatch never = new CountDownLatch(1);
              assertThrows(InterruptedException.class, never::await);
              ended.set(true);
              return number;
            },
            1,
            2);
    ahead.take(1);
    await(begun);
    assertFalse(ended.get());
    ahead.close();
    assertTrue(ended.get());
    assertEquals(1, asked.get(), "those that wait are not begun");
  }
}
