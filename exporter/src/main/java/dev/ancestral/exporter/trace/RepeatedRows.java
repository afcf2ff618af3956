package dev.ancestral.exporter.trace;

import com.google.protobuf.ByteString;
import dev.ancestral.exporter.onnx.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What constants made at two batch sizes have in common. */
final class RepeatedRows {
  private RepeatedRows() {}

  /**
   * The constant of which both are repetitions, along the axes whose sizes differ; itself when they
   * are equal; empty if the numbers depend on the batch size.
   */
  static Optional<Tensor> common(Tensor a, Tensor b) {
    if (a.equals(b)) {
      return Optional.of(a);
    }
    if (a.type() != b.type() || a.dims().size() != b.dims().size()) {
      return Optional.empty();
    }
    List<Long> kept = new ArrayList<>();
    for (int i = 0; i < a.dims().size(); i++) {
      kept.add(a.dims().get(i).equals(b.dims().get(i)) ? a.dims().get(i) : 1L);
    }
    if (kept.equals(a.dims())) {
      return Optional.empty();
    }
    Tensor row = first(a, kept);
    return repeats(row, a) && repeats(row, b) ? Optional.of(row) : Optional.empty();
  }

  /** The part of the tensor at position 0 of every axis that is not kept. */
  private static Tensor first(Tensor tensor, List<Long> kept) {
    int size = tensor.type().bytes();
    ByteString data = ByteString.EMPTY;
    for (long i = 0; i < Tensor.elements(kept); i++) {
      int from = Math.toIntExact(project(i, kept, tensor.dims()) * size);
      data = data.concat(tensor.data().substring(from, from + size));
    }
    return new Tensor(tensor.type(), kept, data);
  }

  private static boolean repeats(Tensor row, Tensor tensor) {
    int size = row.type().bytes();
    for (long i = 0; i < Tensor.elements(tensor.dims()); i++) {
      int here = Math.toIntExact(i * size);
      int there = Math.toIntExact(project(i, tensor.dims(), row.dims()) * size);
      for (int k = 0; k < size; k++) {
        if (tensor.data().byteAt(here + k) != row.data().byteAt(there + k)) {
          return false;
        }
      }
    }
    return true;
  }

  /** The position in shape {@code to} of position {@code index} in shape {@code from}. */
  private static long project(long index, List<Long> from, List<Long> to) {
    long rest = index;
    long result = 0;
    long stride = 1;
    for (int axis = from.size() - 1; axis >= 0; axis--) {
      long coordinate = rest % from.get(axis);
      rest /= from.get(axis);
      result += coordinate % to.get(axis) * stride;
      stride *= to.get(axis);
    }
    return result;
  }
}
