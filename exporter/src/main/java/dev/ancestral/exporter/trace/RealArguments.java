package dev.ancestral.exporter.trace;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.lang.reflect.Method;

/** Arguments as the engine wants them: no proxy ever reaches it. */
final class RealArguments {
  private static final String BATCH_NORM = "batchNorm";

  private RealArguments() {}

  /** The arguments with every proxy replaced by what it stands for. */
  static Object[] of(Method method, Object[] args, NDManager manager) {
    Object[] unwrapped = args.clone();
    for (int i = 0; i < args.length; i++) {
      if (args[i] instanceof NDArray array) {
        unwrapped[i] = array(array);
      } else if (args[i] instanceof NDList list) {
        unwrapped[i] = new NDList(list.stream().map(RealArguments::array).toList());
      } else if (args[i] instanceof NDManager) {
        unwrapped[i] = manager;
      }
    }
    if (method.getName().equals(BATCH_NORM) && args[args.length - 1].equals(true)) {
      // In training form it would move the network's running mean and variance.
      unwrapped[1] = ((NDArray) unwrapped[1]).duplicate();
      unwrapped[2] = ((NDArray) unwrapped[2]).duplicate();
    }
    return unwrapped;
  }

  /** The array itself, or what it stands for. */
  static NDArray array(NDArray array) {
    TracedArray traced = TracedArray.of(array);
    return traced == null ? array : traced.real();
  }
}
