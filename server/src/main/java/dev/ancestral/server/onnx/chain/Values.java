package dev.ancestral.server.onnx.chain;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;

/** Inputs and outputs of graphs; their sizes are left to those who call. */
final class Values {
  private Values() {}

  static ValueInfoProto floats(String name, int rank) {
    return value(name, DataType.FLOAT, rank);
  }

  static ValueInfoProto longs(String name, int rank) {
    return value(name, DataType.INT64, rank);
  }

  static ValueInfoProto flag(String name) {
    return value(name, DataType.BOOL, 0);
  }

  private static ValueInfoProto value(String name, DataType type, int rank) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    for (int i = 0; i < rank; i++) {
      shape.addDim(TensorShapeProto.Dimension.getDefaultInstance());
    }
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            TypeProto.newBuilder()
                .setTensorType(
                    TypeProto.Tensor.newBuilder().setElemType(type.getNumber()).setShape(shape)))
        .build();
  }
}
