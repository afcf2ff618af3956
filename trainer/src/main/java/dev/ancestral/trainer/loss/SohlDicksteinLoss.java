package dev.ancestral.trainer.loss;

import ai.djl.ndarray.NDArray;
import dev.ancestral.diffusion.likelihood.Bits;
import dev.ancestral.diffusion.likelihood.Normals;
import dev.ancestral.diffusion.likelihood.SohlDicksteinBound;
import dev.ancestral.trainer.config.LossConfig;
import dev.ancestral.trainer.config.Section;
import java.util.Map;

/**
 * {@code sohl_dickstein}: how far the bound K of Sohl-Dickstein et al. (2015, eq. 14) is below the
 * log-likelihood of a standard normal distribution, in bits per dimension, with the reverse chain's
 * mean and variance both learned.
 *
 * <p>The paper takes the chain's last step for the first one of the forward process run backwards,
 * whose term is 0. Here it is learned as all others are, and its term is -log p(x0 | x_1) - H(X_1 |
 * X_0): what it gains. Data are taken for continuous.
 */
final class SohlDicksteinLoss implements LossFamily {
  @Override
  public String name() {
    return "sohl_dickstein";
  }

  @Override
  public boolean learnsVariance() {
    return true;
  }

  @Override
  public Loss create(Map<String, Object> settings, LossTask task) {
    task.requireLearnedVariance(name());
    new Section(LossConfig.SETTINGS, settings).finish();
    BoundTerms terms = new BoundTerms(name(), task, new DensityDecoder());
    double lastStep = Normals.entropy(task.schedule().beta(0));
    double constant = Bits.of(SohlDicksteinBound.aboveGaussian(task.schedule(), 0) + lastStep);
    return Loss.presumingWhiteNoise(
        Map.of(),
        (rows, network) -> {
          NDArray output = network.output(rows.array(rows.noisy()));
          NDArray nats = terms.nats(rows, Heads.of(rows, task, output));
          return nats.mul(rows.factor(task.timesteps() / Bits.NATS)).sub(constant);
        });
  }
}
