package dev.ancestral.trainer.loop;

import dev.ancestral.diffusion.PredictionType;
import dev.ancestral.diffusion.Transition;
import dev.ancestral.diffusion.noise.GaussianNoise;
import dev.ancestral.diffusion.noise.NoisePurpose;
import dev.ancestral.diffusion.schedule.NoiseSchedule;

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

  /** Writes x_t = α·x0 + σ·ε at a place. */
  void noisy(int t, float[] x0, float[] noise, float[] out, int offset) {
    mix(x0, schedule.alpha(t), noise, schedule.sigma(t), out, offset);
  }

  /** Writes the network's ideal answer at a place. */
  void target(int t, float[] x0, float[] noise, float[] out, int offset) {
    Transition transition = schedule.transition(t);
    mix(
        x0,
        prediction.targetFromX0(transition),
        noise,
        prediction.targetFromNoise(transition),
        out,
        offset);
  }

  private static void mix(float[] x0, double a, float[] noise, double b, float[] out, int offset) {
    for (int i = 0; i < x0.length; i++) {
      out[offset + i] = (float) (a * x0[i] + b * noise[i]);
    }
  }
}
