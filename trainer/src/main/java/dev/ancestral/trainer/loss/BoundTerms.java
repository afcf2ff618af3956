package dev.ancestral.trainer.loss;

import ai.djl.ndarray.NDArray;
import dev.ancestral.diffusion.likelihood.ReverseKernel;
import java.util.function.ToDoubleFunction;

/**
 * The term of the variational bound at each row's timestep (Ho et al. 2020, eq. 5), in nats: the
 * divergence L_{t-1} of the posterior from p(x_{t-1} | x_t), and at t = 0 the decoder's L_0.
 *
 * <p>Both means are linear in x0 and its estimate, so they differ by a multiple of the prediction's
 * own error, and at t = 0 the posterior's mean is x0 itself: no small difference of large numbers
 * is ever taken.
 */
final class BoundTerms {
  private final Table meanFromError;
  private final Table posteriorLogVariance;
  private final Table logVariance;
  private final Table logVarianceSlope;
  private final Decoder decoder;

  /**
   * The terms of a task.
   *
   * @param type of the loss, for messages
   * @throws IllegalArgumentException if the chain does not end in standard normal noise, or a term
   *     is not finite at some timestep
   */
  BoundTerms(String type, LossTask task, Decoder decoder) {
    if (!task.schedule().isVariancePreserving()) {
      throw new IllegalArgumentException(
          "loss.type: %s with a variance-exploding schedule (expected: one that ends in standard normal noise)"
              .formatted(type));
    }
    this.meanFromError = table(type, task, kernel -> kernel.meanFromX0() * kernel.x0FromOutput());
    this.posteriorLogVariance = table(type, task, ReverseKernel::posteriorLogVariance);
    this.logVariance = table(type, task, ReverseKernel::logVariance);
    this.logVarianceSlope = table(type, task, ReverseKernel::logVarianceSlope);
    this.decoder = decoder;
  }

  private static Table table(
      String type, LossTask task, ToDoubleFunction<ReverseKernel> coefficient) {
    return Table.of(
        "loss.type " + type, task.timesteps(), t -> coefficient.applyAsDouble(task.kernel(t)));
  }

  /** The mean of the term over each row's numbers, f32 [rows]. */
  NDArray nats(TrainingRows rows, Heads heads) {
    NDArray error = rows.array(rows.target()).sub(heads.prediction());
    NDArray difference = error.mul(rows.column(meanFromError));
    NDArray variance = heads.variance();
    NDArray logOfP = rows.column(logVariance);
    if (variance != null) {
      logOfP = variance.mul(rows.column(logVarianceSlope)).add(logOfP);
    }
    NDArray divergence = rows.mean(divergence(rows, difference, logOfP));
    float[] first = new float[rows.count()];
    float[] later = new float[rows.count()];
    boolean any = false;
    for (int row = 0; row < first.length; row++) {
      boolean isFirst = rows.timesteps()[row] == 0;
      first[row] = isFirst ? 1 : 0;
      later[row] = isFirst ? 0 : 1;
      any |= isFirst;
    }
    if (!any) {
      return divergence;
    }
    NDArray decoded = rows.mean(decoder.nats(rows, difference, logOfP));
    return divergence
        .mul(rows.manager().create(later))
        .add(decoded.mul(rows.manager().create(first)));
  }

  /** ½(-1 + l_p - l_q + e^(l_q - l_p) + d²·e^-l_p). */
  private NDArray divergence(TrainingRows rows, NDArray difference, NDArray logOfP) {
    NDArray logOfQ = rows.column(posteriorLogVariance);
    NDArray ratio = logOfP.sub(logOfQ);
    return difference
        .square()
        .mul(logOfP.neg().exp())
        .add(ratio)
        .add(ratio.neg().exp())
        .sub(1)
        .mul(rows.factor(0.5));
  }
}
