package dev.ancestral.trainer.loop;

import dev.ancestral.diffusion.PredictionType;
import dev.ancestral.diffusion.Transition;
import dev.ancestral.diffusion.noise.GaussianNoise;
import dev.ancestral.diffusion.noise.NoisePurpose;
import dev.ancestral.diffusion.schedule.NoiseSchedule;
import dev.ancestral.trainer.config.TrainingConfig;

/**
 * q(x_t | x0) and what the network should answer there.
 *
 * @param schedule of the noise
 * @param prediction what the network outputs
 * @param offsetNoise standard deviation of the noise that all numbers of a channel share, added to
 *     their own (Guttenberg 2023); 0 for none
 * @param channels of a sample
 */
record ForwardProcess(
    NoiseSchedule schedule, PredictionType prediction, double offsetNoise, int channels) {

  /**
   * What a configuration says.
   *
   * @param channels of a sample
   */
  static ForwardProcess of(TrainingConfig config, int channels) {
    return new ForwardProcess(
        config.schedule().create(), config.prediction(), config.loss().offsetNoise(), channels);
  }

  /** Draws ε of one row. */
  void noise(float[] out, long seed, int iteration, int row) {
    GaussianNoise.fill(out, seed, NoisePurpose.TRAINING_NOISE, iteration, row);
    if (offsetNoise > 0) {
      float[] shared = new float[channels];
      GaussianNoise.fill(shared, seed, NoisePurpose.OFFSET_NOISE, iteration, row);
      int size = out.length / channels;
      for (int i = 0; i < out.length; i++) {
        out[i] += (float) (offsetNoise * shared[i / size]);
      }
    }
  }

  /** Writes x_t = α·x0 + σ·ε of the numbers of one row. */
  void noisy(TrainingBatch batch, int from, int to, int t) {
    mix(batch, schedule.alpha(t), schedule.sigma(t), batch.noisy(), from, to);
  }

  /** Writes the network's ideal answer to the numbers of one row. */
  void target(TrainingBatch batch, int from, int to, int t) {
    Transition transition = schedule.transition(t);
    mix(
        batch,
        prediction.targetFromX0(transition),
        prediction.targetFromNoise(transition),
        batch.targets(),
        from,
        to);
  }

  private static void mix(
      TrainingBatch batch, double ofX0, double ofNoise, float[] out, int from, int to) {
    for (int i = from; i < to; i++) {
      out[i] = (float) (ofX0 * batch.x0()[i] + ofNoise * batch.noise()[i]);
    }
  }
}
