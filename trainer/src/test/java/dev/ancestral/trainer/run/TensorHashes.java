package dev.ancestral.trainer.run;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/** SHA-256 of every tensor of a run's newest checkpoint, by name: equal bits, equal hashes. */
final class TensorHashes {
  private TensorHashes() {}

  static Map<String, String> ofNewest(Path run) throws IOException {
    Map<String, String> hashes = new LinkedHashMap<>();
    for (Safetensors.Tensor tensor : Safetensors.read(newest(run)).tensors().values()) {
      ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * tensor.values().remaining());
      bytes.asFloatBuffer().put(tensor.values().duplicate());
      hashes.put(tensor.name(), HexFormat.of().formatHex(sha256(bytes.array())));
    }
    return hashes;
  }

  static Path newest(Path run) throws IOException {
    try (Stream<Path> files = Files.list(run.resolve("checkpoints"))) {
      return files.max(Comparator.comparing(Path::toString)).orElseThrow();
    }
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
