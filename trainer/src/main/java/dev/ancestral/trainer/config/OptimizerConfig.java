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
    long seed) {

  /** Checks the bounds. */
  public OptimizerConfig {
    Check.atLeast("training.iterations", iterations, 1);
    Check.atLeast("training.batch", batch, 1);
    Check.atLeast("training.accumulate", accumulate, 1);
    Check.that(learningRate > 0, "training.learning_rate", learningRate, "above 0");
    Check.atLeast("training.warmup", warmup, 0);
    Check.that(weightDecay >= 0, "training.weight_decay", weightDecay, "at least 0");
    Check.that(beta1 >= 0 && beta1 < 1, "training.beta1", beta1, "0 up to 1");
    Check.that(beta2 >= 0 && beta2 < 1, "training.beta2", beta2, "0 up to 1");
    if (clipNorm != null) {
      Check.that(clipNorm > 0, "training.clip_norm", clipNorm, "above 0, or null for no limit");
    }
    Check.that(
        labelDropout >= 0 && labelDropout < 1, "training.label_dropout", labelDropout, "0 up to 1");
  }

  static OptimizerConfig of(Section section) {
    OptimizerConfig config =
        new OptimizerConfig(
            section.integer("iterations", 2000),
            section.integer("batch", 64),
            section.integer("accumulate", 1),
            section.number("learning_rate", 1e-3),
            section.integer("warmup", 100),
            Decay.of(section.text("decay", Decay.COSINE.label())),
            section.number("weight_decay", 0.01),
            section.number("beta1", 0.9),
            section.number("beta2", 0.999),
            section.optionalNumber("clip_norm", 1.0),
            section.number("label_dropout", 0.15),
            section.whole("seed", 0));
    section.finish();
    return config;
  }

  /** Samples of one update. */
  public int samplesPerUpdate() {
    return Math.multiplyExact(batch, accumulate);
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
    map.put("iterations", iterations);
    map.put("batch", batch);
    map.put("accumulate", accumulate);
    map.put("learning_rate", learningRate);
    map.put("warmup", warmup);
    map.put("decay", decay.label());
    map.put("weight_decay", weightDecay);
    map.put("beta1", beta1);
    map.put("beta2", beta2);
    map.put("clip_norm", clipNorm);
    map.put("label_dropout", labelDropout);
    map.put("seed", seed);
    return map;
  }
}
