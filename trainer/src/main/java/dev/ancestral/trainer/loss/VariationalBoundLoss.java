package dev.ancestral.trainer.loss;

import ai.djl.ndarray.NDArray;
import dev.ancestral.diffusion.likelihood.Bits;
import dev.ancestral.diffusion.likelihood.VariationalBound;
import dev.ancestral.trainer.config.LossConfig;
import dev.ancestral.trainer.config.Section;
import java.util.Map;

/**
 * {@code vlb}: the whole bound L_T + Σ L_{t-1} + L_0 (Ho et al. 2020, eq. 5) in bits per dimension,
 * estimated from one of its T + 1 terms: T times that at the row's timestep, and L_T, which is
 * known.
 */
final class VariationalBoundLoss implements LossFamily {
  @Override
  public String name() {
    return "vlb";
  }

  @Override
  public boolean learnsVariance() {
    return true;
  }

  @Override
  public Loss create(Map<String, Object> settings, LossTask task) {
    new Section(LossConfig.SETTINGS, settings).finish();
    BoundTerms terms = new BoundTerms(name(), task, Decoder.of(task.data()));
    VariationalBound bound = task.bound();
    return Loss.presumingWhiteNoise(
        Map.of(),
        (rows, network) -> {
          NDArray output = network.output(rows.array(rows.noisy()));
          NDArray nats = terms.nats(rows, Heads.of(rows, task, output));
          return nats.mul(rows.factor(task.timesteps() / Bits.NATS)).add(prior(bound, rows));
        });
  }

  /** L_T of each row in bits per dimension, f32 [rows]. */
  private static NDArray prior(VariationalBound bound, TrainingRows rows) {
    float[] bits = new float[rows.count()];
    int numbers = rows.x0().length / bits.length;
    for (int row = 0; row < bits.length; row++) {
      double sum = 0;
      for (int i = row * numbers; i < (row + 1) * numbers; i++) {
        sum += bound.prior(rows.x0()[i]);
      }
      bits[row] = (float) Bits.of(sum / numbers);
    }
    return rows.manager().create(bits);
  }
}
