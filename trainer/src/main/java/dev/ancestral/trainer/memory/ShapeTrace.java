package dev.ancestral.trainer.memory;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import dev.ancestral.trainer.network.NetworkTask;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Runs a network's forward pass for one sample on arrays that are shapes alone, and adds up what
 * each operation would leave in memory.
 */
final class ShapeTrace {
  /** Batch, heads, and two axes of positions. */
  private static final int ATTENTION_AXES = 4;

  private static final int MOST_MEMORIES = 8;

  private final NDManager manager = manager();
  private final Map<Long, Shape> images = new HashMap<>();
  private final List<Attention> attentions = new ArrayList<>();
  private String lastParameter = "";
  private double kept;
  private double largest;

  double kept() {
    return kept;
  }

  double largest() {
    return largest;
  }

  List<Attention> attentions() {
    return attentions;
  }

  /** Runs it. */
  void run(Block block, NetworkTask task) {
    long[] shape = new long[task.shape().size() + 1];
    shape[0] = 1;
    for (int i = 1; i < shape.length; i++) {
      shape[i] = task.shape().get(i - 1);
    }
    NDList inputs = new NDList(array(new Shape(shape)), array(new Shape(1)));
    if (task.classEmbeddings() != null) {
      inputs.add(array(new Shape(1)));
    }
    // Not as in training: a block without arrays would make some. Dropout alone is missed.
    block.forward(new Parameters(), inputs, false);
  }

  /** An array of this shape, which costs nothing: a view, or there already. */
  NDArray array(Shape shape) {
    return new ShapeArray(this, shape).proxy();
  }

  /** The result of an operation. */
  NDArray result(String operation, Shape shape) {
    double numbers = 1;
    for (long size : shape.getShape()) {
      numbers *= size;
    }
    kept += numbers;
    largest = Math.max(largest, numbers);
    long[] axes = shape.getShape();
    if (axes.length == ATTENTION_AXES) {
      if (operation.equals("matMul") && images.containsKey(axes[2])) {
        Shape image = images.get(axes[2]);
        // Learned memories may stand beside the pixels.
        if (axes[3] >= axes[2] && axes[3] <= axes[2] + MOST_MEMORIES) {
          attentions.add(new Attention(place(), axes[1], image.get(2), image.get(3), numbers));
        }
      } else if (operation.equals("convolution")) {
        images.put(axes[2] * axes[3], shape);
      }
    }
    return array(shape);
  }

  /** Where in the network this is: the last parameter's name without its last two parts. */
  private String place() {
    String[] parts = lastParameter.split("\\.", -1);
    return String.join(".", List.of(parts).subList(0, Math.max(1, parts.length - 2)));
  }

  NDManager owner() {
    return manager;
  }

  /** Hands out the shapes of parameters. */
  private final class Parameters extends ParameterStore {
    Parameters() {
      super(manager, false);
    }

    @Override
    public NDArray getValue(Parameter parameter, Device device, boolean training) {
      lastParameter = parameter.getName();
      return array(parameter.getShape());
    }
  }

  private NDManager manager() {
    return (NDManager)
        Proxy.newProxyInstance(
            ShapeTrace.class.getClassLoader(),
            new Class<?>[] {NDManager.class},
            (proxy, method, args) -> ofManager(proxy, method, args));
  }

  private @Nullable Object ofManager(Object proxy, Method method, Object @Nullable [] given) {
    Object[] args = given == null ? new Object[0] : given;
    return switch (method.getName()) {
      case "create", "ones", "zeros" -> created(args);
      case "getDevice" -> Device.cpu();
      case "hashCode" -> System.identityHashCode(proxy);
      case "equals" -> args[0] == proxy;
      case "toString" -> "a manager of shapes";
      default ->
          throw new UnsupportedOperationException(
              "NDManager." + method.getName() + ": not known to an estimate of memory");
    };
  }

  /** Of a shape, or of numbers. */
  private NDArray created(Object[] args) {
    for (Object arg : args) {
      if (arg instanceof Shape shape) {
        return array(shape);
      }
    }
    return array(args[0] instanceof float[] numbers ? new Shape(numbers.length) : new Shape());
  }

  /** The type of every array: what a type changes is small. */
  static final DataType TYPE = DataType.FLOAT32;
}
