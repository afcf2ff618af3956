package dev.ancestral.trainer.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where runs end, and how their learning rates come there. */
class RunLengthTest {
  private static OptimizerConfig training(String... settings) {
    Map<String, Object> merged = Map.of();
    for (String setting : settings) {
      merged = ConfigSources.merge(merged, ConfigSources.setting("training." + setting));
    }
    return TrainingConfig.of(merged).training();
  }

  /** Of 100 samples in batches of 8. */
  private static RunLength length(String... settings) {
    OptimizerConfig training =
        training(
            Stream.concat(
                    Stream.of("batch=4", "accumulate=2", "decay=constant"), Stream.of(settings))
                .toArray(String[]::new));
    return RunLength.of(training, 100);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          batch=4                                | 2000 | training.iterations: 2000
          iterations=7                           | 7    | training.iterations: 7
          images=17                              | 3    | training.images: 17
          images=16                              | 2    | training.images: 16
          epochs=1                               | 13   | training.epochs: 1.0
          epochs=0.5                             | 7    | training.epochs: 0.5
          iterations=13 images=800 epochs=1.1    | 13   | training.iterations: 13
          iterations=2000 images=800 epochs=1.1  | 14   | training.epochs: 1.1
          iterations=2000 images=80 epochs=1.1   | 10   | training.images: 80
          """)
  void whicheverLimitComesFirstEndsARun(String settings, int iterations, String said) {
    RunLength length = length(settings.split(" "));
    assertEquals(iterations, length.iterations());
    assertEquals(said, length.setting());
    assertFalse(length.isReached(iterations - 1, Duration.ofDays(99)));
    assertTrue(length.isReached(iterations, Duration.ZERO));
    assertEquals(said.substring(0, said.indexOf(':')), length.endedBy(iterations));
  }

  @Test
  void timeEndsARunByItself_orBeforeItsIterations() {
    RunLength alone = length("minutes=1.5");
    assertEquals(null, alone.iterations());
    assertFalse(alone.isReached(Integer.MAX_VALUE, Duration.ofSeconds(89)));
    assertTrue(alone.isReached(1, Duration.ofSeconds(90)));
    assertEquals("training.minutes", alone.endedBy(1));
    assertEquals("after 1:30 of training (training.minutes)", alone.inWords());
    RunLength both = length("minutes=1.5", "iterations=25");
    assertTrue(both.isReached(24, Duration.ofSeconds(90)));
    assertTrue(both.isReached(25, Duration.ofSeconds(89)));
    assertEquals(
        "after 25 iterations, 200 images, 2.000 epochs (training.iterations: 25), or after 1:30 of"
            + " training (training.minutes), whichever comes first",
        both.inWords());
  }

  @Test
  void moreIterationsThanCanBeCountedAreRefused() {
    assertEquals(
        "training.epochs: 1.0E10, 125000000000 iterations (expected: at most 2147483647"
            + " iterations)",
        assertThrows(IllegalArgumentException.class, () -> length("epochs=1e10")).getMessage());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # a rise over 10 iterations, then 100 to fall
          cosine       | 1 | 1e-4
          cosine       | 10 | 1e-3
          cosine       | 60 | 5.05e-4
          cosine       | 110 | 1e-5
          linear       | 10 | 1e-3
          linear       | 35 | 7.525e-4
          linear       | 60 | 5.05e-4
          linear       | 110 | 1e-5
          inverse_sqrt | 5 | 5e-4
          inverse_sqrt | 10 | 1e-3
          inverse_sqrt | 40 | 5e-4
          inverse_sqrt | 1000 | 1e-4
          constant     | 110 | 1e-3
          none         | 110 | 1e-3
          """)
  void ratesRiseThenFallAsTheirDecaySays(String decay, int iteration, double rate) {
    RateConfig config = training("warmup=10", "learning_rate=1e-3", "decay=" + decay).rate();
    assertEquals(rate, config.at(iteration, 110), 1e-12);
  }

  @Test
  void whatAnOlderVersionCalledNoneIsConstant() {
    assertEquals("constant", training("decay=none").toMap().get("decay"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          minutes=5 decay=cosine       | training.decay: cosine (expected: constant or inverse_sqrt where training.minutes alone ends the run, since no iteration is known to be its last; or training.iterations, images or epochs too)
          warmup=0 decay=inverse_sqrt  | training.warmup: 0 (expected: at least 1 with training.decay inverse_sqrt, which falls from there)
          images=0                     | training.images: 0 (expected: at least 1, or null for no such limit)
          epochs=0                     | training.epochs: 0.0 (expected: above 0, or null for no such limit)
          minutes=-1                   | training.minutes: -1.0 (expected: above 0, or null for no such limit)
          """)
  void whatCannotBeIsRefusedByName(String settings, String line) {
    assertEquals(
        line,
        assertThrows(IllegalArgumentException.class, () -> training(settings.split(" ")))
            .getMessage());
  }
}
