package dev.ancestral.server.grpc;

import com.google.protobuf.ByteString;
import dev.ancestral.server.engine.ChainRequest.InitialNoise;
import dev.ancestral.v1.SampleRequest;
import dev.ancestral.v1.Tensor;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Checks {@code initial_noise} and reads it sample by sample, without a second copy. */
final class InitialNoiseReader {
  private static final String SHAPE = "initial_noise.shape";
  private static final String FLOAT32 = "initial_noise.float32";

  private InitialNoiseReader() {}

  /** The given noise; null if there is none, or if it was rejected. */
  static @Nullable InitialNoise read(
      SampleRequest request, int samples, List<Long> dataShape, FieldChecks checks) {
    if (!request.hasInitialNoise()) {
      return null;
    }
    Tensor tensor = request.getInitialNoise();
    List<Long> expected = new ArrayList<>(List.of((long) samples));
    expected.addAll(dataShape);
    if (!tensor.getShapeList().equals(expected)) {
      checks.reject(SHAPE, "%s (expected: %s)".formatted(tensor.getShapeList(), expected));
      return null;
    }
    if (!tensor.hasFloat32()) {
      checks.reject(FLOAT32, "not given (expected: the numbers as float32)");
      return null;
    }
    long numbers = expected.stream().reduce(1L, Math::multiplyExact);
    ByteString bytes = tensor.getFloat32();
    if (bytes.size() != numbers * Float.BYTES) {
      checks.reject(
          FLOAT32,
          "%d bytes (expected: %d for shape %s)"
              .formatted(bytes.size(), numbers * Float.BYTES, expected));
      return null;
    }
    FloatBuffer buffer =
        bytes.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    for (int i = 0; i < buffer.limit(); i++) {
      if (!Float.isFinite(buffer.get(i))) {
        checks.reject(
            "%s[%d]".formatted(FLOAT32, i),
            "%s (expected: a finite number)".formatted(buffer.get(i)));
        return null;
      }
    }
    return (sample, out) -> buffer.get(sample * out.length, out);
  }
}
