package dev.ancestral.trainer.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Weights and inputs by formula, so that another program can be given the same ones. */
public final class SineWeights {
  private SineWeights() {}

  /**
   * Gives number i of the tensor whose name is the j-th in alphabetical order the value sin(0.61·i
   * + j)/√fan-in, or 1 + ½·sin(0.61·i + j) where the name ends in {@code .g}.
   *
   * @param network with arrays
   */
  public static void fill(Network network) {
    List<String> names = new ArrayList<>(network.block().getParameters().keys());
    Collections.sort(names);
    for (int j = 0; j < names.size(); j++) {
      NDArray array = network.block().getParameters().get(names.get(j)).getArray();
      Shape shape = array.getShape();
      double fanIn = shape.dimension() > 1 ? (double) shape.size() / shape.get(0) : 1;
      boolean isGain = names.get(j).endsWith(".g");
      float[] values = new float[Math.toIntExact(shape.size())];
      for (int i = 0; i < values.length; i++) {
        double sine = Math.sin(0.61 * i + j);
        values[i] = (float) (isGain ? 1 + 0.5 * sine : sine / Math.sqrt(fanIn));
      }
      FlatParameters.copy(values, array);
    }
  }

  /** Two pictures, cos(0.37·i) throughout, at timesteps 7 and 430.5. */
  public static NDList inputs(NDManager manager, long channels, long height, long width) {
    Shape shape = new Shape(2, channels, height, width);
    float[] sample = new float[Math.toIntExact(shape.size())];
    for (int i = 0; i < sample.length; i++) {
      sample[i] = (float) Math.cos(0.37 * i);
    }
    return new NDList(manager.create(sample, shape), manager.create(new float[] {7, 430.5f}));
  }

  /** Every {@code step}-th number, from the first. */
  public static float[] every(int step, NDArray array) {
    float[] all = array.toFloatArray();
    float[] some = new float[(all.length + step - 1) / step];
    for (int i = 0; i < some.length; i++) {
      some[i] = all[i * step];
    }
    return some;
  }
}
