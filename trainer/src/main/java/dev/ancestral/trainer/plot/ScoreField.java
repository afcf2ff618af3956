package dev.ancestral.trainer.plot;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.ancestral.diffusion.PredictionType;
import dev.ancestral.diffusion.Transition;
import dev.ancestral.diffusion.noise.GaussianNoise;
import dev.ancestral.diffusion.noise.NoisePurpose;
import dev.ancestral.diffusion.schedule.NoiseSchedule;
import dev.ancestral.trainer.run.TrainedNetwork;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The score ∇ log q(x_t) that a network of points estimates at one timestep: with its estimate x̂_0
 * of x_0, whatever it predicts, (α·x̂_0 - x)/σ² (Vincent 2011, eq. 9).
 */
final class ScoreField {
  private static final int PATH_STEPS = 200;

  private final TrainedNetwork network;
  private final int timestep;
  private final double variance;
  private final float fromState;
  private final float fromOutput;

  ScoreField(TrainedNetwork network, int timestep) {
    this.network = network;
    this.timestep = timestep;
    NoiseSchedule schedule = network.facts().scheduler().schedule();
    PredictionType prediction = network.facts().scheduler().predictionType();
    Transition transition = schedule.transition(timestep);
    double alpha = transition.from().alpha();
    this.variance = transition.from().sigmaSquared();
    this.fromState = (float) ((alpha * prediction.x0FromState(transition) - 1) / variance);
    this.fromOutput = (float) (alpha * prediction.x0FromOutput(transition) / variance);
  }

  /** The score at each place. */
  float[][] at(float[][] places) {
    int features = places[0].length;
    float[] flat = new float[places.length * features];
    for (int i = 0; i < places.length; i++) {
      System.arraycopy(places[i], 0, flat, i * features, features);
    }
    float[] timesteps = new float[places.length];
    Arrays.fill(timesteps, timestep);
    float[] output;
    try (NDManager scratch = network.manager().newSubManager()) {
      NDList inputs =
          new NDList(
              scratch.create(flat, new Shape(places.length, features)), scratch.create(timesteps));
      output = network.predict(inputs).toFloatArray();
    }
    // A network that learned its variances answers them after its prediction, row by row.
    int width = output.length / places.length;
    float[][] scores = new float[places.length][features];
    for (int i = 0; i < places.length; i++) {
      for (int k = 0; k < features; k++) {
        scores[i][k] = fromState * places[i][k] + fromOutput * output[i * width + k];
      }
    }
    return scores;
  }

  /**
   * A Langevin path x ← x + ε/2·s(x) + √ε·z (Song and Ermon 2019, eq. 4) with ε = σ²/2: large
   * enough to arrive, small enough to be stable where the data are curved.
   */
  List<float[]> path(float[] start, long seed) {
    double epsilon = variance / 2;
    List<float[]> path = new ArrayList<>(PATH_STEPS + 1);
    path.add(start);
    float[] noise = new float[start.length];
    for (int step = 0; step < PATH_STEPS; step++) {
      float[] next = path.get(step).clone();
      float[] score = at(new float[][] {next})[0];
      GaussianNoise.fill(noise, seed, NoisePurpose.STEP, 0, step);
      for (int k = 0; k < next.length; k++) {
        next[k] += (float) (epsilon / 2 * score[k] + Math.sqrt(epsilon) * noise[k]);
      }
      path.add(next);
    }
    return path;
  }
}
