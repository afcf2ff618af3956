package dev.ancestral.trainer.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * All parameters of a block in one flat buffer, so that an optimizer, clipping and averaging are a
 * few operations on one array instead of hundreds on small ones.
 *
 * <p>Each parameter is a view into {@link #values()}: writing to the buffer in place changes the
 * network. The order is that of {@link Block#getParameters()}. The manager given owns every array;
 * not thread-safe.
 */
public final class FlatParameters {
  private static final NDIndex ALL = new NDIndex(":");

  private final NDArray values;
  private final Map<String, Shape> shapes;

  private FlatParameters(NDArray values, Map<String, Shape> shapes) {
    this.values = values;
    this.shapes = shapes;
  }

  /**
   * Gives the block its initial weights.
   *
   * @param manager owns the buffer and every view into it
   * @param block without arrays yet, each parameter with a shape and an initializer
   */
  public static FlatParameters initialize(NDManager manager, Block block) {
    Map<String, Shape> shapes = new LinkedHashMap<>();
    List<Parameter> parameters = new ArrayList<>();
    try (NDManager scratch = manager.newSubManager()) {
      NDList initial = new NDList();
      for (var entry : block.getParameters()) {
        Parameter parameter = entry.getValue();
        shapes.put(entry.getKey(), parameter.getShape());
        parameters.add(parameter);
        initial.add(
            parameter
                .getInitializer()
                .initialize(scratch, parameter.getShape(), DataType.FLOAT32)
                .flatten());
      }
      NDArray values = NDArrays.concat(initial, 0);
      values.attach(manager);
      long offset = 0;
      for (Parameter parameter : parameters) {
        Shape shape = parameter.getShape();
        long end = offset + shape.size();
        NDArray view;
        try (NDArray slice = values.get("{}:{}", offset, end)) {
          view = slice.reshape(shape);
        }
        parameter.setInitializer((ignoredManager, ignoredShape, ignoredType) -> view);
        parameter.initialize(manager, DataType.FLOAT32);
        offset = end;
      }
      return new FlatParameters(values, Collections.unmodifiableMap(shapes));
    }
  }

  /** Every weight, f32 [size]: the network's own storage. */
  public NDArray values() {
    return values;
  }

  /** Names and shapes, in the buffer's order. */
  public Map<String, Shape> shapes() {
    return shapes;
  }

  /** How many weights there are. */
  public long size() {
    return values.size();
  }

  /**
   * Copies numbers into an array's own storage; {@link NDArray#set(java.nio.Buffer)} would give it
   * another, and every view would be left behind.
   */
  public static void copy(float[] source, NDArray target) {
    try (NDArray numbers = target.getManager().create(source, target.getShape())) {
      target.set(ALL, numbers);
    }
  }

  /**
   * Overwrites every weight.
   *
   * @param source as many numbers as there are weights, in the buffer's order
   */
  public void set(float[] source) {
    if (source.length != size()) {
      throw new IllegalArgumentException(
          "weights: %d numbers (expected: %d)".formatted(source.length, size()));
    }
    copy(source, values);
  }
}
