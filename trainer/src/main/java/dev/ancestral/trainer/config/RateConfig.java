package dev.ancestral.trainer.config;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The learning rate over a run.
 *
 * @param learningRate after the warm-up
 * @param warmup iterations over which it rises from 0
 * @param decay how it falls after that
 */
public record RateConfig(double learningRate, int warmup, Decay decay) {
  static final Setting<Double> LEARNING_RATE =
      Setting.number("training.learning_rate", "after the warm-up")
          .within(Bounds.above(0))
          .or(1e-3);
  static final Setting<Integer> WARMUP =
      Setting.integer("training.warmup", "iterations over which the learning rate rises from 0")
          .within(Bounds.atLeast(0))
          .or(100);
  static final Setting<Decay> DECAY =
      Setting.named(
              "training.decay",
              "how the learning rate falls after the warm-up: cosine and linear to a hundredth,"
                  + " which the last iteration has, so a run that only training.minutes ends cannot"
                  + " have them; inverse_sqrt as the root of warmup / iteration; constant, or none,"
                  + " not at all",
              Decay.labels(),
              Decay::of)
          .or(Decay.COSINE)
          .orAs(Decay.COSINE.label());

  /** Checks the bounds. */
  public RateConfig {
    LEARNING_RATE.check(learningRate);
    WARMUP.check(warmup);
    Check.that(
        decay != Decay.INVERSE_SQRT || warmup > 0,
        WARMUP.key(),
        warmup,
        "at least 1 with %s inverse_sqrt, which falls from there".formatted(DECAY.key()));
  }

  static RateConfig of(Section section) {
    return new RateConfig(section.get(LEARNING_RATE), section.get(WARMUP), section.get(DECAY));
  }

  /**
   * The rate of one update.
   *
   * @param iteration from 1
   * @param length iterations of the whole run; null where only time ends it, which no decay towards
   *     the end allows
   */
  public double at(int iteration, @Nullable Integer length) {
    if (iteration <= warmup) {
      return learningRate * iteration / warmup;
    }
    return learningRate * decay.factor(iteration, warmup, length == null ? 0 : length);
  }

  void putInto(Map<String, Object> map) {
    map.put(LEARNING_RATE.name(), learningRate);
    map.put(WARMUP.name(), warmup);
    map.put(DECAY.name(), decay.label());
  }
}
