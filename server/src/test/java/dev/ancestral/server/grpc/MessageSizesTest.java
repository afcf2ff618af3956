package dev.ancestral.server.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ancestral.bundle.Bundle;
import dev.ancestral.bundle.DataSpec;
import dev.ancestral.bundle.Recommended;
import dev.ancestral.recipe.Recipe;
import dev.ancestral.server.Bundles;
import dev.ancestral.server.engine.FakeDenoiser;
import dev.ancestral.v1.Encoding;
import dev.ancestral.v1.Frames;
import dev.ancestral.v1.Frames.Content;
import dev.ancestral.v1.SampleRequest;
import dev.ancestral.v1.SampleResponse;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** No message of an answer is larger than the client takes. */
final class MessageSizesTest {
  private static final Bundle HUGE = bundle(3L, 1024L, 1024L);

  private final RequestResolver resolver = new RequestResolver(() -> 77);

  private static Bundle bundle(Long... shape) {
    return Bundles.bundle(new DataSpec(List.of(shape), -1, 1, 256), null, Recommended.NONE);
  }

  private SampleRequest resolve(Bundle bundle, SampleRequest.Builder request) {
    return resolver.resolve(request.build(), "m", bundle, 5000).request();
  }

  private String refusal(Bundle bundle, SampleRequest.Builder request) {
    return String.valueOf(
        assertThrows(InvalidRequestException.class, () -> resolve(bundle, request)).getMessage());
  }

  private static SampleRequest.Builder request() {
    return SampleRequest.newBuilder().setSteps(2);
  }

  @Test
  void aSampleThatGrpcWouldNotTakeIsRefused_withWhatFits() {
    assertEquals(
        "encoding: FLOAT32: 12.6 MB a sample (expected: at most 4.2 MB, as with ENCODING_PNG or"
            + " ENCODING_UINT8; or max_message_bytes of 12583112, from a client that takes as much)",
        refusal(HUGE, request()));
    resolve(HUGE, request().setEncoding(Encoding.ENCODING_UINT8));
    resolve(HUGE, request().setEncoding(Encoding.ENCODING_PNG));
  }

  @Test
  void aClientThatTakesMoreGetsMore_andWhatItTakesIsSaid() {
    assertEquals(
        12_583_112, resolve(HUGE, request().setMaxMessageBytes(12_583_112)).getMaxMessageBytes());
    assertEquals(4 << 20, resolve(Bundles.DIGITS, request()).getMaxMessageBytes());
    assertTrue(
        refusal(HUGE, request().setMaxMessageBytes(12_583_111)).startsWith("encoding: FLOAT32"));
  }

  @Test
  void framesCountToo_twiceWhereTheyHoldBothStates() {
    SampleRequest.Builder small = request().setEncoding(Encoding.ENCODING_UINT8);
    Frames.Builder frames = Frames.newBuilder().setEvery(1);
    assertTrue(
        refusal(HUGE, small.clone().setFrames(frames))
            .startsWith(
                "frames.encoding: FLOAT32: 12.6 MB a frame (expected: at most 4.2 MB, as "));
    frames.setEncoding(Encoding.ENCODING_UINT8);
    resolve(HUGE, small.clone().setFrames(frames));
    assertEquals(
        "frames.encoding: UINT8: 6.3 MB a frame (expected: at most 4.2 MB; or max_message_bytes of"
            + " 6291656, from a client that takes as much)",
        refusal(HUGE, small.clone().setFrames(frames.setContent(Content.CONTENT_BOTH))));
  }

  @Test
  void whatIsNoPictureHasFloatsAlone() {
    assertEquals(
        "encoding: FLOAT32: 8.0 MB a sample (expected: at most 4.2 MB; or max_message_bytes of"
            + " 8000200, from a client that takes as much)",
        refusal(bundle(2_000_000L), request()));
  }

  @Test
  void theLimitHasBounds() {
    for (long wrong : new long[] {-1, 0, 1023, 1L << 31}) {
      assertEquals(
          "max_message_bytes: %d (expected: 1024..2147483647, what the client takes)"
              .formatted(wrong),
          refusal(Bundles.DIGITS, request().setMaxMessageBytes(wrong)));
    }
  }

  @Test
  void whatComesBackOfTheRequestHasToFitToo() {
    SampleRequest.Builder labelled =
        request().addAllLabels(Collections.nCopies(2000, 1)).setMaxMessageBytes(2000);
    String refusal = refusal(Bundles.DIGITS, labelled);
    assertTrue(refusal.startsWith("max_message_bytes: 2000 (expected: at least 2"), refusal);
    resolve(Bundles.DIGITS, labelled.setMaxMessageBytes(3000));
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 1", "3, 1, 2000", "1, 2000, 1", "3, 64, 64", "1, 300, 301", "3, 700, 500"})
  void noPngIsLargerThanItsWorstCase_norByMuchSmallerWhereNothingCompresses(
      long channels, long height, long width) {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    DataSpec data = new DataSpec(List.of(channels, height, width), -1, 1, 256);
    float[] noise = new float[data.elements()];
    for (int i = 0; i < noise.length; i++) {
      noise[i] = 2 * random.nextFloat() - 1;
    }
    Recipe recipe = Recipe.ofSample(SampleRequest.getDefaultInstance(), "", 0);
    long bytes =
        new TensorCodec(data).encode(noise, Encoding.ENCODING_PNG, () -> recipe).getPng().size();
    long worst = MessageSizes.bytes(Encoding.ENCODING_PNG, data, 300);
    assertTrue(bytes <= worst, "%d of %d bytes, seed %d".formatted(bytes, worst, seed));
    // Of a line of one pixel half the bytes are the filter's, which compress.
    assertTrue(width == 1 || bytes >= 0.9 * (worst - 1400), "%d of %d".formatted(bytes, worst));
  }

  @Test
  void whatWasReckonedIsWhatIsSent() {
    Bundle bundle = bundle(3L, 32L, 32L);
    try (TestServer server =
        TestServer.of(bundle, new FakeDenoiser(List.of(3L, 32L, 32L), false, 4))) {
      SampleRequest.Builder request =
          request()
              .setNumSamples(3)
              .setFrames(
                  Frames.newBuilder()
                      .setEvery(1)
                      .setLossless(true)
                      .setContent(Content.CONTENT_BOTH));
      long largest = 2 * 3 * 32 * 32 * 4 + 200;
      for (SampleResponse response : server.sample(request.setMaxMessageBytes(largest).build())) {
        assertTrue(response.getSerializedSize() <= largest, response.getEventCase().toString());
      }
      assertTrue(
          refusal(bundle, request.setMaxMessageBytes(largest - 1)).startsWith("frames.encoding"));
    }
  }
}
