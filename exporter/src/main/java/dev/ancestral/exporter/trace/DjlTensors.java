package dev.ancestral.exporter.trace;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.google.protobuf.ByteString;
import dev.ancestral.exporter.onnx.ElementType;
import dev.ancestral.exporter.onnx.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** DJL's arrays and types in ONNX's words, and back. */
public final class DjlTensors {
  private static final Map<DataType, ElementType> TYPES =
      Map.of(
          DataType.FLOAT32, ElementType.FLOAT,
          DataType.FLOAT64, ElementType.DOUBLE,
          DataType.FLOAT16, ElementType.FLOAT16,
          DataType.INT64, ElementType.INT64,
          DataType.INT32, ElementType.INT32,
          DataType.INT8, ElementType.INT8,
          DataType.UINT8, ElementType.UINT8,
          DataType.BOOLEAN, ElementType.BOOL);

  private DjlTensors() {}

  /**
   * The type ONNX calls by another name.
   *
   * @throws TraceException if ONNX graphs here have no such numbers
   */
  public static ElementType of(DataType type) {
    ElementType known = TYPES.get(type);
    if (known == null) {
      throw new TraceException("type %s (expected: one of %s)".formatted(type, TYPES.keySet()));
    }
    return known;
  }

  /** The type DJL calls by another name. */
  public static DataType of(ElementType type) {
    return TYPES.entrySet().stream()
        .filter(entry -> entry.getValue() == type)
        .map(Map.Entry::getKey)
        .findFirst()
        .orElseThrow();
  }

  static List<Long> shapeOf(NDArray array) {
    return Arrays.stream(array.getShape().getShape()).boxed().toList();
  }

  /** An array's content. */
  public static Tensor tensor(NDArray real) {
    ByteBuffer bytes = real.toByteBuffer();
    if (ByteOrder.nativeOrder() != ByteOrder.LITTLE_ENDIAN) {
      throw new IllegalStateException("byte order: big-endian (expected: little-endian)");
    }
    return new Tensor(of(real.getDataType()), shapeOf(real), ByteString.copyFrom(bytes));
  }

  /** An array with this content. */
  public static NDArray create(NDManager manager, Tensor tensor) {
    ByteBuffer bytes = ByteBuffer.allocateDirect(tensor.data().size());
    bytes.order(ByteOrder.nativeOrder());
    tensor.data().copyTo(bytes);
    long[] shape = tensor.dims().stream().mapToLong(Long::longValue).toArray();
    return manager.create(bytes.rewind(), new Shape(shape), of(tensor.type()));
  }
}
