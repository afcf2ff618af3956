package dev.ancestral.trainer.config;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * AdamW and what surrounds it.
 *
 * @param iterations optimizer updates in the whole run
 * @param batch samples of one pass of the network
 * @param accumulate passes whose gradients are averaged in one update
 * @param learningRate after the warm-up
 * @param warmup iterations over which the learning rate rises from 0
 * @param decay how the learning rate falls after the warm-up
 * @param weightDecay decoupled, per update and unit of learning rate
 * @param beta1 decay of the gradient's mean
 * @param beta2 decay of the gradient's square
 * @param clipNorm the largest norm of all gradients together; null for no limit
 * @param labelDropout share of labels replaced by the null label, below 1; 0 for a network that has
 *     none
 * @param seed of everything random
 * @param memoryCheck whether what seems to need more memory than there is is refused
 */
public record OptimizerConfig(
    int iterations,
    int batch,
    int accumulate,
    double learningRate,
    int warmup,
    Decay decay,
    double weightDecay,
    double beta1,
    double beta2,
    @Nullable Double clipNorm,
    double labelDropout,
    long seed,
    boolean memoryCheck) {
  private static final Setting<Integer> ITERATIONS =
      Setting.integer("training.iterations", "optimizer updates in the whole run")
          .within(Bounds.atLeast(1))
          .or(2000)
          .changeable();
  private static final Setting<Integer> BATCH =
      Setting.integer("training.batch", "samples of one pass of the network; memory grows with it")
          .within(Bounds.atLeast(1))
          .or(64);
  private static final Setting<Integer> ACCUMULATE =
      Setting.integer(
              "training.accumulate",
              "passes whose gradients are averaged in one update: a larger batch in the same memory")
          .within(Bounds.atLeast(1))
          .or(1);
  private static final Setting<Double> LEARNING_RATE =
      Setting.number("training.learning_rate", "after the warm-up")
          .within(Bounds.above(0))
          .or(1e-3);
  private static final Setting<Integer> WARMUP =
      Setting.integer("training.warmup", "iterations over which the learning rate rises from 0")
          .within(Bounds.atLeast(0))
          .or(100);
  private static final Setting<Decay> DECAY =
      Setting.named(
              "training.decay",
              "how the learning rate falls after the warm-up, until the last iteration",
              Decay.labels(),
              Decay::of)
          .or(Decay.COSINE)
          .orAs(Decay.COSINE.label());
  private static final Setting<Double> WEIGHT_DECAY =
      Setting.number(
              "training.weight_decay", "AdamW's, decoupled, per update and unit of learning rate")
          .within(Bounds.atLeast(0.0))
          .or(0.01);
  private static final Setting<Double> BETA1 =
      Setting.number("training.beta1", "AdamW's decay of the gradient's mean")
          .within(Bounds.share())
          .or(0.9);
  private static final Setting<Double> BETA2 =
      Setting.number("training.beta2", "AdamW's decay of the gradient's square")
          .within(Bounds.share())
          .or(0.999);
  private static final Setting<Double> CLIP_NORM =
      Setting.number("training.clip_norm", "the largest norm of all gradients together")
          .within(Bounds.above(0))
          .or(1.0)
          .orNull("no limit");
  private static final Setting<Double> LABEL_DROPOUT =
      Setting.number(
              "training.label_dropout",
              "share of labels replaced by the null label, which guidance needs")
          .within(Bounds.share())
          .or(0.15);
  private static final Setting<Boolean> MEMORY_CHECK =
      Setting.flag(
              "training.memory_check",
              "whether a training that seems to need more memory than there is is refused")
          .or(true)
          .changeable();
  private static final Setting<Long> SEED =
      Setting.whole("training.seed", "of everything random").or(0L);

  static final SettingGroup SETTINGS =
      SettingGroup.of(
          "training",
          ITERATIONS,
          BATCH,
          ACCUMULATE,
          LEARNING_RATE,
          WARMUP,
          DECAY,
          WEIGHT_DECAY,
          BETA1,
          BETA2,
          CLIP_NORM,
          LABEL_DROPOUT,
          SEED,
          MEMORY_CHECK);

  /** Checks the bounds. */
  public OptimizerConfig {
    ITERATIONS.check(iterations);
    BATCH.check(batch);
    ACCUMULATE.check(accumulate);
    LEARNING_RATE.check(learningRate);
    WARMUP.check(warmup);
    WEIGHT_DECAY.check(weightDecay);
    BETA1.check(beta1);
    BETA2.check(beta2);
    CLIP_NORM.checkUnlessNull(clipNorm);
    LABEL_DROPOUT.check(labelDropout);
    Check.that(
        (long) batch * accumulate <= Integer.MAX_VALUE,
        ACCUMULATE.key(),
        accumulate,
        "at most %d with training.batch %d".formatted(Integer.MAX_VALUE / batch, batch));
  }

  static OptimizerConfig of(Section section) {
    OptimizerConfig config =
        new OptimizerConfig(
            section.get(ITERATIONS),
            section.get(BATCH),
            section.get(ACCUMULATE),
            section.get(LEARNING_RATE),
            section.get(WARMUP),
            section.get(DECAY),
            section.get(WEIGHT_DECAY),
            section.get(BETA1),
            section.get(BETA2),
            section.find(CLIP_NORM),
            section.get(LABEL_DROPOUT),
            section.get(SEED),
            section.get(MEMORY_CHECK));
    section.finish();
    return config;
  }

  /** Samples of one update. */
  public int samplesPerUpdate() {
    return batch * accumulate;
  }

  /**
   * The learning rate of one update.
   *
   * @param iteration from 1
   */
  public double learningRateAt(int iteration) {
    if (iteration <= warmup) {
      return learningRate * iteration / warmup;
    }
    double progress = (double) (iteration - warmup) / Math.max(1, iterations - warmup);
    return learningRate * decay.factor(Math.min(progress, 1));
  }

  Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put(ITERATIONS.name(), iterations);
    map.put(BATCH.name(), batch);
    map.put(ACCUMULATE.name(), accumulate);
    map.put(LEARNING_RATE.name(), learningRate);
    map.put(WARMUP.name(), warmup);
    map.put(DECAY.name(), decay.label());
    map.put(WEIGHT_DECAY.name(), weightDecay);
    map.put(BETA1.name(), beta1);
    map.put(BETA2.name(), beta2);
    map.put(CLIP_NORM.name(), clipNorm);
    map.put(LABEL_DROPOUT.name(), labelDropout);
    map.put(SEED.name(), seed);
    map.put(MEMORY_CHECK.name(), memoryCheck);
    return map;
  }
}
