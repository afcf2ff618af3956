package dev.ancestral.bench.drill;

import dev.ancestral.v1.Encoding;
import dev.ancestral.v1.Frames;
import dev.ancestral.v1.GetModelRequest;
import dev.ancestral.v1.SampleRequest;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Makes request bodies that are wrong, nearly right, or right by accident. Not thread-safe. */
final class Mutator {
  private static final List<byte[]> SOUND =
      List.of(
          SampleRequest.newBuilder().setSteps(1).build().toByteArray(),
          SampleRequest.newBuilder()
              .setNumSamples(2)
              .setSeed(7)
              .setSampler("ddim")
              .setSteps(2)
              .setEta(0.5)
              .setEncoding(Encoding.ENCODING_PNG)
              .build()
              .toByteArray(),
          SampleRequest.newBuilder()
              .setSampler("ddpm")
              .setRespacing("1,1")
              .addLabels(0)
              .setFrames(Frames.newBuilder().setEvery(1).setLossless(true))
              .setPriority(-1)
              .build()
              .toByteArray(),
          GetModelRequest.newBuilder().setName("no such model").build().toByteArray());

  private final Random random;

  Mutator(Random random) {
    this.random = random;
  }

  byte[] next() {
    byte[] body = SOUND.get(random.nextInt(SOUND.size())).clone();
    int changes = 1 + random.nextInt(3);
    for (int i = 0; i < changes; i++) {
      body =
          switch (random.nextInt(5)) {
            case 0 -> flipped(body);
            case 1 -> Arrays.copyOf(body, random.nextInt(body.length + 1));
            case 2 -> joined(body, noise(1 + random.nextInt(8)));
            case 3 -> joined(noise(1 + random.nextInt(3)), body);
            default -> noise(random.nextInt(64));
          };
    }
    return body;
  }

  private byte[] flipped(byte[] body) {
    byte[] flipped = body.clone();
    if (flipped.length > 0) {
      flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(8));
    }
    return flipped;
  }

  private byte[] noise(int length) {
    byte[] noise = new byte[length];
    random.nextBytes(noise);
    return noise;
  }

  private static byte[] joined(byte[] first, byte[] second) {
    byte[] joined = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, joined, first.length, second.length);
    return joined;
  }
}
