package dev.ancestral.trainer.config;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * AdamW and what surrounds it.
 *
 * @param stop what ends the run
 * @param batch samples of one pass of the network
 * @param accumulate passes whose gradients are averaged in one update
 * @param rate the learning rate over the run
 * @param weightDecay decoupled, per update and unit of learning rate
 * @param beta1 decay of the gradient's mean
 * @param beta2 decay of the gradient's square
 * @param clipNorm the largest norm of all gradients together; null for no limit
 * @param labelDropout share of labels replaced by the null label, below 1; 0 for a network that has
 *     none
 * @param guard what happens to batches whose loss or gradient is not finite
 * @param freeze tensors that training leaves as they are
 * @param seed of everything random
 * @param memoryCheck whether what seems to need more memory than there is is refused
 * @param threads that compute; null until it is found out which number is fastest
 */
public record OptimizerConfig(
    StopConfig stop,
    int batch,
    int accumulate,
    RateConfig rate,
    double weightDecay,
    double beta1,
    double beta2,
    @Nullable Double clipNorm,
    double labelDropout,
    GuardConfig guard,
    FreezeConfig freeze,
    long seed,
    boolean memoryCheck,
    @Nullable Integer threads) {
  private static final Setting<Integer> BATCH =
      Setting.integer("training.batch", "samples of one pass of the network; memory grows with it")
          .within(Bounds.atLeast(1))
          .or(64);
  private static final Setting<Integer> ACCUMULATE =
      Setting.integer(
              "training.accumulate",
              "passes whose gradients are averaged in one update: a larger batch in the same"
                  + " memory")
          .within(Bounds.atLeast(1))
          .or(1);
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
  private static final Setting<Integer> THREADS =
      Setting.integer(
              "training.threads",
              "threads that compute; results differ by rounding from one number to another")
          .within(Bounds.atLeast(1))
          .orNull("the fastest number, found out at the start and then kept")
          .changeable();
  private static final Setting<Long> SEED =
      Setting.whole("training.seed", "of everything random").or(0L);

  static final SettingGroup SETTINGS =
      SettingGroup.of(
          "training",
          StopConfig.ITERATIONS,
          StopConfig.IMAGES,
          StopConfig.EPOCHS,
          StopConfig.MINUTES,
          BATCH,
          ACCUMULATE,
          RateConfig.LEARNING_RATE,
          RateConfig.WARMUP,
          RateConfig.DECAY,
          WEIGHT_DECAY,
          BETA1,
          BETA2,
          CLIP_NORM,
          LABEL_DROPOUT,
          GuardConfig.RESTORE_AFTER,
          GuardConfig.STOP_AFTER,
          FreezeConfig.FREEZE,
          SEED,
          MEMORY_CHECK,
          THREADS);

  /** Checks the bounds. */
  public OptimizerConfig {
    BATCH.check(batch);
    ACCUMULATE.check(accumulate);
    WEIGHT_DECAY.check(weightDecay);
    BETA1.check(beta1);
    BETA2.check(beta2);
    CLIP_NORM.checkUnlessNull(clipNorm);
    LABEL_DROPOUT.check(labelDropout);
    THREADS.checkUnlessNull(threads);
    Check.that(
        (long) batch * accumulate <= Integer.MAX_VALUE,
        ACCUMULATE.key(),
        accumulate,
        "at most %d with training.batch %d".formatted(Integer.MAX_VALUE / batch, batch));
    Check.that(
        stop.isKnownBefore() || !rate.decay().isTowardsTheEnd(),
        RateConfig.DECAY.key(),
        rate.decay().label(),
        "constant or inverse_sqrt where training.minutes alone ends the run, since no iteration is"
            + " known to be its last; or training.iterations, images or epochs too");
  }

  static OptimizerConfig of(Section section) {
    OptimizerConfig config =
        new OptimizerConfig(
            StopConfig.of(section),
            section.get(BATCH),
            section.get(ACCUMULATE),
            RateConfig.of(section),
            section.get(WEIGHT_DECAY),
            section.get(BETA1),
            section.get(BETA2),
            section.find(CLIP_NORM),
            section.get(LABEL_DROPOUT),
            GuardConfig.of(section),
            FreezeConfig.of(section),
            section.get(SEED),
            section.get(MEMORY_CHECK),
            section.find(THREADS));
    section.finish();
    return config;
  }

  /** Samples of one update. */
  public int samplesPerUpdate() {
    return batch * accumulate;
  }

  OptimizerConfig withThreads(int chosen) {
    return new OptimizerConfig(
        stop,
        batch,
        accumulate,
        rate,
        weightDecay,
        beta1,
        beta2,
        clipNorm,
        labelDropout,
        guard,
        freeze,
        seed,
        memoryCheck,
        chosen);
  }

  Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    stop.putInto(map);
    map.put(BATCH.name(), batch);
    map.put(ACCUMULATE.name(), accumulate);
    rate.putInto(map);
    map.put(WEIGHT_DECAY.name(), weightDecay);
    map.put(BETA1.name(), beta1);
    map.put(BETA2.name(), beta2);
    map.put(CLIP_NORM.name(), clipNorm);
    map.put(LABEL_DROPOUT.name(), labelDropout);
    guard.putInto(map);
    freeze.putInto(map);
    map.put(SEED.name(), seed);
    map.put(MEMORY_CHECK.name(), memoryCheck);
    map.put(THREADS.name(), threads);
    return map;
  }
}
