package dev.ancestral.trainer.loss;

import ai.djl.ndarray.NDArray;
import dev.ancestral.trainer.config.Section;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code huber}: ½d² up to |d| = δ, and δ(|d| - ½δ) beyond (Huber 1964): squared where the network
 * is nearly right, absolute for outliers.
 */
final class Huber implements LossFamily {
  private static final String DELTA = "delta";

  @Override
  public String name() {
    return "huber";
  }

  @Override
  public Loss create(Map<String, Object> settings, LossTask task) {
    Section section = new Section("loss", settings);
    double delta = section.number(DELTA, 1);
    if (!(delta > 0)) {
      throw new IllegalArgumentException("loss.delta: %s (expected: above 0)".formatted(delta));
    }
    Map<String, Object> spelledOut = new LinkedHashMap<>();
    spelledOut.put(DELTA, delta);
    return Regression.create(
        section,
        task,
        List.of(Weighting.NONE, Weighting.MIN_SNR),
        spelledOut,
        (rows, difference) -> {
          // Both branches at once: with c = min(|d|, δ) it is c·(|d| - ½c).
          NDArray distance = difference.abs();
          NDArray inner = distance.clip(0, delta);
          return inner.mul(distance.sub(inner.mul(rows.factor(0.5))));
        });
  }
}
