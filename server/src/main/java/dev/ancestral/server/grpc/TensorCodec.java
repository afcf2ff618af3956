package dev.ancestral.server.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.ancestral.bundle.DataSpec;
import dev.ancestral.picture.Pixels;
import dev.ancestral.picture.PngText;
import dev.ancestral.recipe.Recipe;
import dev.ancestral.v1.Encoding;
import dev.ancestral.v1.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Supplier;

/** One sample's numbers to and from the wire. Thread-safe. */
final class TensorCodec {
  private final DataSpec data;

  TensorCodec(DataSpec data) {
    this.data = data;
  }

  /** Whether the model's samples can travel this way. */
  boolean supports(Encoding encoding) {
    return switch (encoding) {
      case ENCODING_FLOAT32 -> true;
      case ENCODING_UINT8, ENCODING_PNG -> data.isImage();
      case ENCODING_UNSPECIFIED, UNRECOGNIZED -> false;
    };
  }

  /**
   * One sample, in an encoding that is supported.
   *
   * @param recipe of the sample, which a picture carries in it
   */
  Tensor encode(float[] numbers, Encoding encoding, Supplier<Recipe> recipe) {
    Tensor.Builder tensor = Tensor.newBuilder().addAllShape(data.shape());
    return switch (encoding) {
      case ENCODING_FLOAT32 -> tensor.setFloat32(float32(numbers)).build();
      case ENCODING_UINT8 ->
          tensor
              .setUint8(
                  UnsafeByteOperations.unsafeWrap(Pixels.quantise(numbers, data.min(), data.max())))
              .build();
      case ENCODING_PNG ->
          tensor
              .setPng(
                  UnsafeByteOperations.unsafeWrap(
                      PngText.add(
                          Pixels.png(
                              Pixels.image(numbers, data.dimensions(), data.min(), data.max())),
                          Recipe.KEYWORD,
                          recipe.get().toJson())))
              .build();
      case ENCODING_UNSPECIFIED, UNRECOGNIZED ->
          throw new IllegalArgumentException("encoding: " + encoding + " (expected: a known one)");
    };
  }

  /** The bytes are the array's own: nobody else keeps them. */
  private static ByteString float32(float[] numbers) {
    byte[] bytes = new byte[numbers.length * Float.BYTES];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(numbers);
    return UnsafeByteOperations.unsafeWrap(bytes);
  }
}
