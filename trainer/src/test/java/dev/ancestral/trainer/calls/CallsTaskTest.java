package dev.ancestral.trainer.calls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CallsTaskTest {
  private static final CallsTask.Chosen TEACHER = CallsTask.Chosen.of("ddim:100");

  private static CallsTask task(List<Integer> calls, int count, @Nullable Double guidance) {
    return new CallsTask(calls, List.of("ddim", "ddim"), TEACHER, count, guidance, 0);
  }

  private static String refusal(Runnable action) {
    return String.valueOf(assertThrows(IllegalArgumentException.class, action::run).getMessage());
  }

  @Test
  void callsRise_andNothingIsMeasuredTwice() {
    CallsTask task = task(List.of(8, 2, 8, 3), 10, null);
    assertEquals(List.of(2, 3, 8), task.calls());
    assertEquals(List.of("ddim"), task.samplers());
  }

  @Test
  void teacherIsASamplerAndItsCalls() {
    assertEquals(new CallsTask.Chosen("dpmpp-2m", 50), CallsTask.Chosen.of("dpmpp-2m:50"));
    for (String text : List.of("ddim", "ddim:0", "ddim:1.5", "DDIM:10", ":10", "ddim:-3", "")) {
      assertEquals(
          "--teacher: %s (expected: a sampler and its calls, such as ddim:100)".formatted(text),
          refusal(() -> CallsTask.Chosen.of(text)));
    }
  }

  @Test
  void boundsAreNamed() {
    assertEquals(
        "--calls: [0, 4] (expected: each at least 1)",
        refusal(() -> task(List.of(4, 0), 10, null)));
    assertEquals("--count: 9 (expected: at least 10)", refusal(() -> task(List.of(4), 9, null)));
    assertEquals(
        "--guidance: NaN (expected: -100..100)", refusal(() -> task(List.of(4), 10, Double.NaN)));
  }
}
