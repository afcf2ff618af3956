package dev.ancestral.trainer.likelihood;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.ancestral.trainer.run.TrainedNetwork;

/**
 * A trained network as a predictor.
 *
 * @param network open as long as this is used
 */
public record NetworkPredictor(TrainedNetwork network) implements Predictor {
  @Override
  public float[] predict(float[] noisy, float[] timesteps, long[] labels) {
    try (NDManager scratch = network.manager().newSubManager()) {
      Shape sample = new Shape(network.facts().data().dimensions());
      NDList inputs =
          new NDList(
              scratch.create(noisy, new Shape(timesteps.length).addAll(sample)),
              scratch.create(timesteps));
      if (network.facts().conditioning() != null) {
        inputs.add(scratch.create(labels));
      }
      return network.predict(inputs).toFloatArray();
    }
  }
}
