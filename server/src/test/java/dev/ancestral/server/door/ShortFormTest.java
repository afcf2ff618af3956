package dev.ancestral.server.door;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import dev.ancestral.v1.Encoding;
import dev.ancestral.v1.Frames;
import dev.ancestral.v1.SampleRequest;
import dev.ancestral.v1.Tensor;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ShortFormTest {
  @Test
  void fieldsThatAreSetAreNamed_largeOnesByTheirSize() {
    assertEquals(
        "model='digits' num_samples=3 seed=18446744073709551615 labels=[1,1,1,1,... 9]"
            + " initial_noise={shape=[1,2] float32=5000B} frames={every=2}"
            + " encoding=ENCODING_PNG",
        ShortForm.of(
            SampleRequest.newBuilder()
                .setModel("digits")
                .setNumSamples(3)
                .setSeed(-1)
                .addAllLabels(Collections.nCopies(9, 1))
                .setInitialNoise(
                    Tensor.newBuilder()
                        .addAllShape(List.of(1L, 2L))
                        .setFloat32(ByteString.copyFrom(new byte[5000])))
                .setFrames(Frames.newBuilder().setEvery(2))
                .setEncoding(Encoding.ENCODING_PNG)
                .build()));
    assertEquals("", ShortForm.of(SampleRequest.getDefaultInstance()));
  }

  @Test
  void longTextIsCut_andMakesNoLine() {
    String line =
        ShortForm.of(
            SampleRequest.newBuilder()
                .setModel("a\nREADY" + "x".repeat(1000))
                .setRespacing("y".repeat(1000))
                .build());
    assertTrue(line.startsWith("model='a\\nREADYxxx"), line);
    assertTrue(line.contains("…' respacing='yyy"), line);
    assertTrue(line.length() < 150, line);
  }
}
